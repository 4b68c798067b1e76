from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.folding import folded_words
from digest.text.snippets import LONGEST, snippet


def marked(sentence: str, query: str) -> list[str]:
    return [part.text for part in snippet([sentence], folded_words(query)) if part.is_marked]


@pytest.mark.parametrize(
    ("sentence", "query", "found"),
    [
        ("The Harbour opens; the harbours close.", "harbour", ["Harbour", "harbours"]),
        ("Das Café in Zürich, die Straße.", "cafe zurich strasse", ["Café", "Zürich", "Straße"]),
        ("The mayor\u2019s office said so.", "MAYOR", ["mayor"]),
        ("A seaport is no port.", "port", ["port"]),
        ("東京の港で火災があった。", "火災", ["火災"]),
        ("وافق البرلمان على الميزانية.", "البرلمان", ["البرلمان"]),
        ("Nothing of it.", "harbour", []),
    ],
)
def test_words_are_marked_as_the_search_finds_them(sentence: str, query: str, found: list[str]) -> None:
    assert marked(sentence, query) == found


def test_the_sentence_with_most_of_the_words_is_shown_and_of_two_the_first() -> None:
    sentences = ("A ferry.", "A late ferry.", "The ferry was late.")
    assert "".join(part.text for part in snippet(sentences, ["ferry", "late"])) == "A late ferry."


def test_a_long_sentence_is_cut_around_the_word() -> None:
    parts = snippet(["before " * 60 + "ferry " + "after " * 60], ["ferry"])
    text = "".join(part.text for part in parts)
    assert [part.text for part in parts if part.is_marked] == ["ferry"]
    assert text.startswith("…before")
    assert text.endswith("after…")
    assert len(text) <= LONGEST + 1


@given(st.text(max_size=400), st.text(max_size=20))
def test_any_text_can_be_searched_for_anything(text: str, query: str) -> None:
    parts = snippet([text], folded_words(query))
    assert all(part.text for part in parts)

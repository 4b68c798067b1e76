"""An editor's bullet is a sentence of the article or a part of one, word for word, and proved like any other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.extract.article import article_id
from digest.model.article import Article, TextOrigin
from digest.model.ids import SourceId
from digest.summarise.by_hand import chosen, cut
from digest.summarise.reading import read
from digest.summarise.verify import verify

URL, TITLE = "https://paper.example/bridge", "Bridge closes"
TEXT = (
    "LINDAU (KPA) - The harbour bridge will close on Friday until the spring, the council said on Monday. Engineers "
    "found cracks in 14 of its 60 bearings.\n\n“We cannot\nwait any longer,” said Kim Aalto, who leads the works."
)
ARTICLE = Article(
    id=article_id(URL, TITLE, TEXT),
    source_id=SourceId(1),
    url=URL,
    link=URL,
    title=TITLE,
    text=TEXT,
    language="en",
    origin=TextOrigin.PAGE,
    first_seen=datetime(2026, 11, 23, tzinfo=UTC),
)
SENTENCES = read(TEXT, TITLE, "en").sentences


def span(words: str) -> tuple[int, int]:
    at = TEXT.index(words)
    return at, at + len(words)


def test_a_whole_sentence_shows_no_cut_and_a_part_shows_where_it_was_cut() -> None:
    whole = chosen(ARTICLE, *span("Engineers found cracks in 14 of its 60 bearings."), "Paper")
    assert (whole.cut_start, whole.cut_end, whole.source_name) == (False, False, "Paper")
    part = chosen(ARTICLE, *span("cracks in 14 of its 60 bearings"), "Paper")
    assert (part.cut_start, part.cut_end) == (True, False)
    start = chosen(ARTICLE, *span("The harbour bridge will close on Friday"), "Paper")
    assert (start.cut_start, start.cut_end) == (False, True)
    assert all(verify(bullet, ARTICLE) is None for bullet in (whole, part, start))


def test_words_of_the_sentence_are_found_whatever_white_space_is_between() -> None:
    bullet = chosen(ARTICLE, SENTENCES[-1].start, SENTENCES[-1].end, "Paper")
    shorter = cut(ARTICLE, bullet, "  “We cannot wait any longer,” said Kim Aalto ")
    assert shorter.text == "“We cannot\nwait any longer,” said Kim Aalto"
    assert cut(ARTICLE, shorter, TEXT[SENTENCES[-1].start : SENTENCES[-1].end]).text == bullet.text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("We can wait any longer", "the article says"),
        ("Engineers found cracks", "the article says"),
        ("annot wait", "between words"),
        ("   ", "needs words"),
        ("…", "the article says"),
    ],
)
def test_what_the_sentence_does_not_say_is_refused(words: str, why: str) -> None:
    bullet = chosen(ARTICLE, SENTENCES[-1].start, SENTENCES[-1].end, "Paper")
    with pytest.raises(ValueError, match=why):
        cut(ARTICLE, bullet, words)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("The harbour bridge will close on Friday.", "The harbour bridge will close on Friday"),
        ("The harbour bridge will close on Friday…", "The harbour bridge will close on Friday"),
        ("… will close on Friday until the spring", "will close on Friday until the spring"),
        ("Will close on Friday until the spring!", "will close on Friday until the spring"),
        ("the council said on Monday", "the council said on Monday."),
        ("The council said on Monday.", "the council said on Monday."),
        (
            "The harbour bridge will close on Friday until the spring,",
            "The harbour bridge will close on Friday until the spring,",
        ),
    ],
)
def test_a_cut_may_be_closed_with_a_stop_and_begin_with_a_capital(words: str, kept: str) -> None:
    bullet = chosen(ARTICLE, *span("The harbour bridge will close on Friday until the spring"), "Paper")
    made = cut(ARTICLE, bullet, words)
    assert made.text == kept
    assert verify(made, ARTICLE) is None


def test_a_refusal_shows_what_the_article_says() -> None:
    bullet = chosen(ARTICLE, *span("Engineers found cracks in 14 of its 60 bearings."), "Paper")
    with pytest.raises(ValueError, match=r"“Engineers found cracks in 14 of its 60 bearings.” .* at the end"):
        cut(ARTICLE, bullet, "Engineers found big cracks.")


def test_two_sentences_are_no_bullet() -> None:
    with pytest.raises(ValueError, match="one sentence"):
        chosen(ARTICLE, *span("on Monday. Engineers"), "Paper")


@given(st.integers(-5, len(TEXT) + 5), st.integers(-5, len(TEXT) + 5))
def test_any_span_is_proved_or_refused(start: int, end: int) -> None:
    try:
        bullet = chosen(ARTICLE, start, end, "Paper")
    except ValueError:
        return
    assert verify(bullet, ARTICLE) is None

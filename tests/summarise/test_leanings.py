"""What a sentence leans on, what its writer says himself, and what only looks like the page's own words."""

from __future__ import annotations

import pytest

from digest.summarise.guard import leanings, objection, unquoted


@pytest.mark.parametrize(
    ("text", "language", "leans"),
    [
        ("She left on Monday.", "en", (True, False)),
        ("However, the ferry sails.", "en", (False, True)),
        ("The ferry sails.", "en", (False, False)),
    ],
)
def test_a_sentence_opens_with_a_pronoun_or_a_connective_or_neither(
    text: str, language: str, leans: tuple[bool, bool]
) -> None:
    assert leanings(text, language) == leans


def test_what_the_writer_says_is_what_stands_outside_of_quotation_marks() -> None:
    assert unquoted("He said “no” and «non» and left.").split() == ["He", "said", "and", "and", "left."]
    assert unquoted("The dockers' strike isn't over.") == "The dockers' strike isn't over."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The club will sign two players from Carrick on Monday.", ""),
        ("Please sign up for the letter of the club on Monday.", "a promotion"),
        ("Readers of the paper keep watching the ferry at Carrick.", ""),
        ("You can keep reading the story of the ferry at Carrick.", "a promotion"),
    ],
)
def test_a_promotion_is_known_by_its_phrase_and_not_by_a_word_of_it(text: str, reason: str) -> None:
    found = frozenset(text.lower().rstrip(".").split())
    assert objection(text, found, text, words=10, quoted=0.0) == reason

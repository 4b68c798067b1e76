"""Who speaks a quotation, what a sentence leans on, and what its writer says himself."""
# ruff: noqa: RUF001 - quotation marks are the subject here

from __future__ import annotations

import pytest

from digest.summarise.guard import leanings, speaker_is_pronoun, unquoted


@pytest.mark.parametrize(
    ("text", "own", "language", "spoken"),
    [
        ("“It is late,” she said.", ["she", "said"], "en", True),
        ("“It is late,” said the tired old she.", ["said", "the", "tired", "she"], "en", True),
        ("“It is late,” said the tired old she.", ["said", "the", "tired", "old", "she"], "en", False),
        ("It is “late,” she said.", ["she", "said"], "en", False),
        ("“It is late,” it said.", ["it", "said"], "en", False),
        ("„Es ist spät“, heißt es.", ["heißt", "es"], "de", False),
        ("„Es ist spät“, sagte sie.", ["sagte", "sie"], "de", True),
        ("“It is late,” Ada said.", ["ada", "said"], "en", False),
        ("“It is late.”", [], "en", False),
    ],
)
def test_a_pronoun_among_the_four_words_behind_a_quotation_speaks_it(
    text: str, own: list[str], language: str, *, spoken: bool
) -> None:
    assert speaker_is_pronoun(text, own, language) == spoken


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

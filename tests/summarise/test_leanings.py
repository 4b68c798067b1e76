"""What a sentence leans on, and what its writer says himself."""

from __future__ import annotations

import pytest

from digest.summarise.guard import leanings, unquoted


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

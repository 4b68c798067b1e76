"""What a letter asks its readers, and the counts of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

USEFUL, POLL = "useful", "poll"
"""The questions of a letter: whether it was useful, and one of the editors' own."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The questions of one letter; without any, the letter has no such part."""

    useful: bool = False
    """Ask whether the letter was useful."""
    question: str = ""
    answers: tuple[str, ...] = ()
    """The possible answers to ``question``. A link names an answer by its number, from 1 on."""
    reply_to: str = ""
    """The address that is shown for replies; empty for none."""

    def question_of(self, answer: str) -> str:
        """Return the question to which the answer in a link belongs; empty when this letter does not ask it."""
        if answer in {YES, NO}:
            return USEFUL if self.useful else ""
        numbers = {str(number) for number in range(1, len(self.answers) + 1)}
        return POLL if self.question and answer in numbers else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCounts:
    """How many readers gave which answer: question -> answer -> number."""

    by_question: Mapping[str, Mapping[str, int]]

    def of(self, question: str, answer: str) -> int:
        """Return the number of one answer."""
        return self.by_question.get(question, {}).get(answer, 0)

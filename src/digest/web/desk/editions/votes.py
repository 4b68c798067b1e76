"""How many readers gave which answer to the questions in a letter, as the edition's page at the desk shows it."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.voice import NO, POLL, USEFUL, YES, VoteCounts
from digest.pipeline.editions.snapshot import stored_look
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteLine:
    """One question in a letter: its answers, each with the number of readers who gave it."""

    question: str
    answers: tuple[tuple[str, int], ...]


def vote_lines(runtime: Runtime, row: StoredEdition | None) -> tuple[VoteLine, ...]:
    """Return the questions of an edition's letter with the counted answers; none before its sending begins."""
    look = stored_look(row.seen) if row else None
    if row is None or look is None:
        return ()
    voice, counts = look.voice, runtime.stores.votes.counts([row.id]).get(row.id, VoteCounts(by_question={}))
    found: list[VoteLine] = []
    if voice.useful:
        answers = (("Yes", counts.of(USEFUL, YES)), ("No", counts.of(USEFUL, NO)))
        found.append(VoteLine(question="Was this letter useful?", answers=answers))
    if voice.question:
        numbered = enumerate(voice.answers, 1)
        polled = tuple((answer, counts.of(POLL, str(number))) for number, answer in numbered)
        found.append(VoteLine(question=voice.question, answers=polled))
    return tuple(found)

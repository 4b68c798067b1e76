"""Answers of readers to the questions of a letter: each reader has one answer to each question.

The answers are counted without the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from digest.errors import UnknownEdition
from digest.logs import get_logger
from digest.model.ids import EditionKey
from digest.model.life import FROZEN
from digest.model.voice import Voice
from digest.pipeline.editions.snapshot import stored_look
from digest.pipeline.readers.registration import reader_and_edition_of_letter
from digest.pipeline.runtime import Runtime
from digest.readers.mac import fingerprint, former_fingerprints

OPEN_FOR = timedelta(days=7)
"""How long a letter takes answers after it was due. Then the hashes of its readers are deleted."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """An answer that a link in a letter gives. ``mark`` is a keyed hash of the letter, the question and the reader.

    ``former_marks`` are the same hash by the other keys of the settings: a reader who was counted before the key was
    changed is not counted again.
    """

    edition_id: int
    key: EditionKey
    language: str
    voice: Voice
    question: str
    answer: str
    mark: str
    former_marks: tuple[str, ...]
    is_open: bool
    """Whether the letter still takes answers."""


def ballot(runtime: Runtime, token: str, day: str, answer: str) -> Ballot:
    """Return the answer that a link would give; nothing is changed.

    ``token`` is the reader's, ``day`` that of the edition, ``answer`` the name or number of the answer. Raises
    UnknownEdition when the link is not from a letter of ours, when its reader did not get that letter, or when the
    letter does not ask this.
    """
    found = reader_and_edition_of_letter(runtime, token)
    if found is None:
        raise UnknownEdition("the link is not from one of our letters")
    reader_id, name = found
    try:
        row = runtime.stores.editions.get(EditionKey.read(name, day))
    except ValueError:
        row = None
    look = stored_look(row.seen) if row is not None and row.state in FROZEN else None
    if row is None or look is None or row.edition is None or not look.voice.question_of(answer):
        raise UnknownEdition("this letter asks nothing like that")
    if not runtime.stores.votes.may_answer(row.id, reader_id):
        raise UnknownEdition("this reader did not get the letter")
    question = look.voice.question_of(answer)
    parts = ("vote", str(row.key), question, str(reader_id))
    return Ballot(
        edition_id=row.id,
        is_open=runtime.clock() < row.due + OPEN_FOR,
        key=row.key,
        language=row.edition.language,
        voice=look.voice,
        question=question,
        answer=answer,
        mark=fingerprint(runtime.settings.keys, *parts),
        former_marks=former_fingerprints(runtime.settings.keys, *parts),
    )


def vote(runtime: Runtime, cast: Ballot) -> bool:
    """Count an answer. Return False when its reader was counted before: only the first answer counts."""
    counted = runtime.stores.votes.add(cast.edition_id, cast.question, cast.answer, cast.mark, cast.former_marks)
    if counted:
        log.debug("answer counted", edition=str(cast.key))
    else:
        log.debug("answer repeated", edition=str(cast.key))
    return counted

"""What happened to a whole edition (approved, held, tested, sent), when, and by whom, for its history at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.bookkeeping import Counts
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.life import FROZEN
from digest.pipeline.runtime import Runtime
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

WORDS = {
    "approve": "Approved",
    "hold": "Held",
    "skip": "Not sent: left out for this day",
    "test": "Test letter sent",
    "pause": "Sending paused",
    "resume": "Sending went on",
    "cancel": "Sending cancelled",
    "refreeze": "Corrected letter used for those who still waited",
}
"""Name of an action in the audit log -> what the history says."""
ENDS = {
    "refused by a server": DeliveryState.REJECTED,
    "too late": DeliveryState.EXPIRED,
    "perhaps left": DeliveryState.UNCERTAIN,
    "not sent since their readers had left": DeliveryState.SUPPRESSED,
}
"""What the history says about letters that were not surely accepted -> their final state."""
COUNTS = "final counts"
"""Name under which the final counts of sent editions are cached."""
BEFORE = timedelta(days=14)
"""How long before an edition is due its earliest actions may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One action on a whole edition. ``what`` is its name in the audit log; ``who`` is empty if the program did it."""

    at: datetime
    what: str
    words: str
    who: str


def marks_of(runtime: Runtime, row: StoredEdition | None) -> tuple[Mark, ...]:
    """Return the actions on an edition, the oldest first; none for an edition without a row."""
    if row is None:
        return ()
    stores = runtime.stores
    entries = stores.audit.of_edition(str(row.key), tuple(WORDS), row.due - BEFORE)
    names = {stored.user.id: stored.user.name for stored in stores.users.all()} if entries else {}
    marks = [
        Mark(
            at=one.at,
            what=one.what,
            words=WORDS[one.what],
            who=names.get(one.user_id, one.who) if one.user_id else one.who,
        )
        for one in entries
    ]
    if row.state in FROZEN:
        marks += [*_sending(runtime, row), *_corrections(runtime, row)]
    return tuple(sorted(marks, key=lambda mark: mark.at))


def _sending(runtime: Runtime, row: StoredEdition) -> Iterator[Mark]:
    began = runtime.stores.desk.frozen_at(row.id)
    if began is not None:
        readers = "" if row.audience is None else f" to {_number(row.audience, 'reader')}"
        yield Mark(at=began, what="send", words=f"Sending began{readers}", who="")
    counts = _final_counts(runtime, row) if row.state is EditionState.SENT else None
    if counts is not None:
        others = (f"{counts.of(state):,} {end}" for end, state in ENDS.items() if counts.of(state))
        words = ", ".join((f"{_number(counts.of(DeliveryState.ACCEPTED), 'letter')} left", *others))
        yield Mark(at=row.changed_at, what="sent", words=f"Sending finished: {words}", who="")


def _final_counts(runtime: Runtime, row: StoredEdition) -> Counts | None:
    """Return how many letters of a sent edition ended in which state. None while some are still to be sent.

    They are counted once and then cached.
    """
    version = row.id, row.changed_at
    known: Counts | None = runtime.kept.get(COUNTS, version)
    if known is None:
        known = Deliveries(runtime.stores.database, row.id).counts()
        if known.unfinished:
            return None
        runtime.kept.put(COUNTS, version, known)
    return known


def _corrections(runtime: Runtime, row: StoredEdition) -> Iterator[Mark]:
    for deed in runtime.stores.edition_corrections.deeds(row.id):
        did = "Correction withdrawn" if deed.withdrawn else "Correction published"
        yield Mark(at=deed.at, what="correct", words=f"{did}: “{deed.right}”, of {deed.headline}", who=deed.author)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

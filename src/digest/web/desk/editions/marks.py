"""What happened to a whole edition, for its history: approved, held, tested, sent; when, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model.life import FROZEN
from digest.pipeline.runtime import Runtime
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
"""The recorded actions that the history shows, by their name in the audit log."""
BEFORE = timedelta(days=14)
"""An edition is worked on at most this long before it is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One action on a whole edition. ``what`` is its name in the audit log; ``who`` is empty for the program."""

    at: datetime
    what: str
    words: str
    who: str


def marks_of(runtime: Runtime, row: StoredEdition | None) -> tuple[Mark, ...]:
    """Return the actions on an edition, the oldest first."""
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
    began = stores.desk.frozen_at(row.id) if row.state in FROZEN else None
    if began is not None:
        readers = "" if row.audience is None else f" to {row.audience:,} {'reader' if row.audience == 1 else 'readers'}"
        marks.append(Mark(at=began, what="send", words=f"Sending began{readers}", who=""))
    return tuple(sorted(marks, key=lambda mark: mark.at))

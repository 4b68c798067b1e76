"""The link at the end of a letter by which its reader can leave or pause. It can do nothing else, and never expires.

Whoever gets a forwarded letter also gets its link. So the page of the link names the edition, and shows nothing about
the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from digest.logs import get_logger
from digest.model.ids import ReaderId
from digest.pipeline.runtime import Runtime
from digest.readers.tokens import LinkPurpose, verify
from digest.storage.departures import Departure
from digest.text.glyphs import shown

log = get_logger()

LONGEST_WHY = 300
"""Maximum length of a reader's reason, in characters."""
PAUSES = (2, 4)
"""Lengths of a pause, in weeks, that the page behind a leave link offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLink:
    """What a leave link says: its reader and its edition."""

    reader_id: ReaderId
    edition: str
    title: str
    """The edition's title; its name when it is not in the settings."""


class LeaveLinks:
    """Handles the leave links of letters."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._departures = runtime.stores.departures
        self._became = runtime.stores.edition_names.became()
        self._names = tuple(
            dict.fromkeys((*runtime.settings.editions, *runtime.stores.editions.names(), *self._became))
        )

    def leave_link(self, token: str) -> LeaveLink | None:
        """Return what the token of a link says; None when the token is not ours. Does not use the database."""
        found = verify(self._runtime.settings.keys, LinkPurpose.LEAVE, token, self._names)
        if found is None:
            return None
        reader_id, name = found
        editions = self._runtime.settings.editions
        known = editions.get(name) or editions.get(self._became.get(name, ""))
        return LeaveLink(reader_id=reader_id, edition=name, title=known.title if known else name)

    def leave(self, leave_link: LeaveLink, *, everything: bool = False) -> bool:
        """Unsubscribe the reader from the link's edition, or from all; return whether they were subscribed."""
        departure = self.departure(leave_link, everything=everything)
        did = self._departures.book(departure)
        log_departure(departure, changed=did)
        return did

    def departure(self, leave_link: LeaveLink, *, everything: bool = False) -> Departure:
        """Return the request to leave that a link makes, for the caller to store."""
        edition = None if everything else leave_link.edition
        return Departure(reader_id=leave_link.reader_id, edition=edition, at=self._runtime.clock())

    def pause(self, leave_link: LeaveLink, weeks: int) -> bool:
        """Pause the link's edition for a number of weeks from PAUSES; return whether that changed anything.

        The time is counted in whole days, so that asking again on the same day changes nothing.
        """
        if weeks not in PAUSES:
            raise ValueError(f"a pause is of {PAUSES} weeks, not {weeks}")
        now = self._runtime.clock()
        until = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(weeks=weeks)
        wish = Departure(reader_id=leave_link.reader_id, edition=leave_link.edition, at=now, pause_until=until)
        return self._departures.book(wish)

    def explain(self, leave_link: LeaveLink, why: str) -> None:
        """Store the reader's reason for leaving, if one was given."""
        if words := shown(why, LONGEST_WHY):
            self._departures.explain(leave_link.reader_id, words)


def log_departure(departure: Departure, *, changed: bool) -> None:
    """Log that a reader asked to leave; ``changed`` when they were subscribed."""
    log.info("reader left", reader=departure.reader_id, edition=departure.edition or "all", changed=changed)

"""Readers leave and pause by the links in their letters.

Many may do so in one minute while an edition is being sent on the same database, and every commit waits for the disk.
So requests that arrive while one is being stored are stored together, in the next transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from digest.errors import StorageError
from digest.model.ids import ReaderId
from digest.storage.announce import announce_change, announce_departure
from digest.storage.day_counts import LEFT, count
from digest.storage.engine import Database
from digest.storage.schema.editions import edition_names
from digest.storage.schema.people import readers, subscriptions

MOST_TOGETHER = 200
"""Most requests stored in one transaction: other writers wait for its lock."""

_S, _R = subscriptions.c, readers.c
_THEIRS = _S.reader_id == bindparam("who")
_WHOSE = (and_(_THEIRS, _S.edition == bindparam("which")), _THEIRS)
"""A reader's subscription to one edition, and to all editions."""
_UNTIL = bindparam("until", type_=_S.paused_until.type)
_NOT_YET = or_(_S.paused_until.is_(None), _S.paused_until != _UNTIL)
_LEAVE = tuple(delete(subscriptions).where(whose).returning(_S.edition) for whose in _WHOSE)
_PAUSE = tuple(update(subscriptions).where(whose, _NOT_YET).values(paused_until=_UNTIL) for whose in _WHOSE)
_PRESENT = select(edition_names.c.became).where(edition_names.c.name == bindparam("which")).scalar_subquery()
_RENAMED = and_(_THEIRS, _S.edition == _PRESENT)
"""A reader's subscription to the present name of a renamed edition."""
_LEAVE_RENAMED = delete(subscriptions).where(_RENAMED).returning(_S.edition)
_PAUSE_RENAMED = update(subscriptions).where(_RENAMED, _NOT_YET).values(paused_until=_UNTIL)
_LEFT = (
    update(readers)
    .where(_R.id == bindparam("who"), _R.state == "active", ~select(_S.edition).where(_THEIRS).exists())
    .values(state="left", left_at=bindparam("at", type_=_R.left_at.type))
)
"""Built once: building a statement takes longer than running it, and many readers may leave in one minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A reader's request to leave or, with ``pause_until``, to pause; ``edition`` is None for all editions."""

    reader_id: ReaderId
    edition: str | None
    at: datetime
    pause_until: datetime | None = None


@dataclass(slots=True)
class _Wish:
    """A departure that waits to be stored; ``changed`` is None until then."""

    departure: Departure
    changed: bool | None = None
    error: StorageError | None = field(default=None, repr=False)


class Departures:
    """Ends and pauses subscriptions; the same request twice changes them once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Wish] = []
        self._list = threading.Lock()
        self._turn = threading.Lock()

    def book(self, departure: Departure) -> bool:
        """Store a departure; return whether it changed anything.

        A reader who leaves the last edition has left for good: a later import does not subscribe them again.
        """
        wish = _Wish(departure)
        with self._list:
            self._waiting.append(wish)
        with self._turn:
            if wish.changed is None and wish.error is None:
                self._store_waiting(wish)
        if wish.error is not None:
            raise wish.error
        return bool(wish.changed)

    def explain(self, reader_id: ReaderId, why: str) -> None:
        """Store why a reader left, in their own words; erased readers are skipped."""
        here = and_(readers.c.id == reader_id, readers.c.state != "erased")
        with self._database.write() as connection:
            connection.execute(update(readers).where(here).values(left_why=why))

    def _store_waiting(self, mine: _Wish) -> None:
        """Store the waiting departures and ``mine`` in one transaction."""
        with self._list:
            others = [wish for wish in self._waiting if wish is not mine]
            together = [mine, *others[: MOST_TOGETHER - 1]]
            self._waiting = others[MOST_TOGETHER - 1 :]
        try:
            with self._database.write() as connection:
                changed = [book(connection, wish.departure) for wish in together]
        except StorageError as error:
            for wish in together:
                wish.error = error
        else:
            for wish, did in zip(together, changed, strict=True):
                wish.changed = did


def book(connection: Connection, wish: Departure) -> bool:
    """Store a departure in an open transaction; return whether it changed anything."""
    which = {"who": wish.reader_id, "which": wish.edition}
    if wish.pause_until is not None:
        asked = which | {"until": wish.pause_until}
        paused = connection.execute(_PAUSE[wish.edition is None], asked).rowcount
        if not paused and wish.edition is not None:
            paused = connection.execute(_PAUSE_RENAMED, asked).rowcount
        if paused:
            announce_change(connection, wish.reader_id, ("pause",), "link", wish.at)
        return paused > 0
    gone = connection.scalars(_LEAVE[wish.edition is None], which).all() or _left_as_it_is_called_now(connection, wish)
    if not gone:
        return False
    count(connection, LEFT, "link", gone, wish.at)
    left = connection.execute(_LEFT, {"who": wish.reader_id, "at": wish.at}).rowcount > 0
    announce_departure(connection, wish.reader_id, gone, "link", wish.at, left=left)
    return True


def _left_as_it_is_called_now(connection: Connection, wish: Departure) -> Sequence[str]:
    """End the subscription under the edition's present name, for a link from before it was renamed; return its name."""
    if wish.edition is None:
        return ()
    return connection.scalars(_LEAVE_RENAMED, {"who": wish.reader_id, "which": wish.edition}).all()

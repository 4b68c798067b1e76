"""Tips: what readers report as wrong in a sent edition. They stay until an editor settles them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, select, update

from digest.model.ids import EditionKey
from digest.storage.engine import Database
from digest.storage.schema.editions import editions, tips
from digest.storage.signups import Window, count_in

BATCH = 500
"""Rows that one transaction deletes."""
_T = tips.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A tip; ``contact`` is empty when the reader left none."""

    id: int
    edition: EditionKey
    at: datetime
    words: str
    contact: str
    settled_at: datetime | None = None
    settled_by: str = ""


class Tips:
    """Reads and writes tips."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, edition_id: int, words: str, contact: str, windows: Sequence[Window], now: datetime) -> Window | None:
        """Count and store a tip; when a window is full, store nothing and return the window."""
        row = {"edition_id": edition_id, "at": now, "words": words, "contact": contact, "settled_by": ""}
        with self._database.write() as connection:
            full = next((window for window in windows if not count_in(connection, window)), None)
            if full is None:
                connection.execute(tips.insert(), [row])
        return full

    def of(self, edition_id: int, limit: int = 100) -> tuple[Tip, ...]:
        """Return the tips about an edition: the open ones first, then the settled ones; the newest first."""
        order = (_T.settled_at.is_not(None), _T.id.desc())
        with self._database.read() as connection:
            query = _whole().where(_T.edition_id == edition_id).order_by(*order).limit(limit)
            return tuple(map(_tip, connection.execute(query)))

    def unmailed(self, since: datetime, limit: int) -> tuple[Tip, ...]:
        """Return tips that came since that time and were not mailed yet, the oldest first."""
        query = _whole().where(_T.mailed_at.is_(None), _T.at >= since).order_by(_T.id).limit(limit)
        with self._database.read() as connection:
            return tuple(map(_tip, connection.execute(query)))

    def note_mailed(self, number: int, now: datetime) -> None:
        """Store that a tip was mailed."""
        with self._database.write() as connection:
            connection.execute(update(tips).where(_T.id == number).values(mailed_at=now))

    def settle(self, edition_id: int, number: int, author: str, now: datetime) -> bool:
        """Store that an editor is done with a tip about an edition; return False when it is settled or unknown."""
        here = and_(_T.id == number, _T.edition_id == edition_id, _T.settled_at.is_(None))
        with self._database.write() as connection:
            done = update(tips).where(here).values(settled_at=now, settled_by=author)
            return connection.execute(done).rowcount == 1

    def open_of(self, editions_: Collection[int]) -> dict[int, int]:
        """Return the number of tips that are not settled, by edition; editions without any are left out."""
        query = select(_T.edition_id, func.count()).where(_T.edition_id.in_(editions_), _T.settled_at.is_(None))
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(_T.edition_id))}

    def open(self) -> int:
        """Return the number of tips that are not settled."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(tips).where(_T.settled_at.is_(None))) or 0

    def prune(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete tips that were settled before that time; yield the number of each batch; with ``dry`` only count."""
        old = _T.settled_at < before
        if dry:
            with self._database.read() as connection:
                yield connection.scalar(select(func.count()).select_from(tips).where(old)) or 0
            return
        some = select(_T.id).where(old).order_by(_T.id).limit(BATCH)
        while True:
            with self._database.write() as connection:
                gone = connection.execute(delete(tips).where(and_(old, _T.id.in_(some)))).rowcount
            if not gone:
                return
            yield gone


def _whole() -> Select[Any]:
    chosen = select(tips, editions.c.name, editions.c.date, editions.c.number)
    return chosen.join(editions, editions.c.id == _T.edition_id)


def _tip(row: Row[Any]) -> Tip:
    return Tip(
        id=row.id,
        edition=EditionKey(name=row.name, date=row.date, number=row.number),
        at=row.at,
        words=row.words,
        contact=row.contact,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
    )

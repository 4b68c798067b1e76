"""Who gets the letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, select, update

from digest.model import Reader, ReaderId
from digest.storage.engine import Database
from digest.storage.schema import readers, subscriptions, suppressions
from digest.storage.upsert import insert

PAGE = 1000


class Added(Enum):
    """What came of adding a reader."""

    NEW = "added"
    CHANGED = "already known, subscriptions added"
    KNOWN = "already subscribed"
    LEFT = "left earlier, and stays away"
    SUPPRESSED = "suppressed, and stays away"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """Somebody to be added; ``consent`` says how we know that they want it."""

    address: str
    identity: str
    name: str = ""
    language: str = ""
    editions: tuple[str, ...]
    consent: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReader:
    """A reader with their state: ``active`` or ``left``."""

    reader: Reader
    state: str
    consent: Mapping[str, str]
    added_at: datetime
    left_at: datetime | None


class Readers:
    """Questions about readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, wanted: Sequence[NewReader], now: datetime) -> tuple[Added, ...]:
        """Add readers in one transaction; return what came of each, in order. Who left stays away."""
        with self._database.write() as connection:
            return tuple(_add(connection, new, now) for new in wanted)

    def find(self, identity: str) -> StoredReader | None:
        """Return the reader with this identity, also one that left; None when nobody has it."""
        with self._database.read() as connection:
            row = connection.execute(select(readers).where(readers.c.identity == identity)).one_or_none()
            return None if row is None else _stored(row, _editions(connection, [row.id]))

    def walk(self, *, left: bool = False) -> Iterator[StoredReader]:
        """Yield readers by id, page by page, so that a million of them take little memory; ``left`` ones on demand."""
        after = 0
        while True:
            query = select(readers).where(readers.c.id > after).order_by(readers.c.id).limit(PAGE)
            with self._database.read() as connection:
                rows = connection.execute(query if left else query.where(readers.c.state == "active")).all()
                chosen = _editions(connection, [row.id for row in rows])
            yield from (_stored(row, chosen) for row in rows)
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def subscribed(self, edition: str, now: datetime) -> Iterator[Reader]:
        """Yield the readers to whom an edition of this name goes now, by id, page by page."""
        after = 0
        while True:
            query = select(readers).where(subscribed(edition, now), readers.c.id > after).order_by(readers.c.id)
            with self._database.read() as connection:
                rows = connection.execute(query.limit(PAGE)).all()
            yield from (Reader(id=ReaderId(r.id), address=r.address, name=r.name, language=r.language) for r in rows)
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def leave(self, identity: str, why: str, now: datetime) -> bool:
        """Take a reader off all letters, keeping the address as one that left; return whether they were active."""
        active = (readers.c.identity == identity) & (readers.c.state == "active")
        with self._database.write() as connection:
            gone = connection.execute(update(readers).where(active).values(state="left", left_at=now)).rowcount == 1
            if gone:
                ids = select(readers.c.id).where(readers.c.identity == identity)
                connection.execute(delete(subscriptions).where(subscriptions.c.reader_id.in_(ids)))
                row = {"identity": identity, "why": why, "since": now}
                connection.execute(insert(connection, suppressions).on_conflict_do_nothing(), [row])
            return gone


def subscribed(edition: str, now: datetime) -> ColumnElement[bool]:
    """Match the readers to whom an edition of this name goes now: active, subscribed, not paused, not suppressed."""
    theirs = (
        select(subscriptions.c.reader_id)
        .where(
            subscriptions.c.reader_id == readers.c.id,
            subscriptions.c.edition == edition,
            or_(subscriptions.c.paused_until.is_(None), subscriptions.c.paused_until <= now),
        )
        .exists()
    )
    suppressed = select(suppressions.c.identity).where(suppressions.c.identity == readers.c.identity).exists()
    return and_(readers.c.state == "active", theirs, ~suppressed)


def _add(connection: Connection, new: NewReader, now: datetime) -> Added:
    known = connection.execute(select(readers.c.id, readers.c.state).where(readers.c.identity == new.identity)).first()
    if known is not None and known.state == "left":
        return Added.LEFT
    if connection.scalar(select(suppressions.c.why).where(suppressions.c.identity == new.identity)) is not None:
        return Added.SUPPRESSED
    if known is None:
        row = {
            "address": new.address,
            "identity": new.identity,
            "name": new.name,
            "language": new.language,
            "state": "active",
            "consent": dict(new.consent),
            "added_at": now,
        }
        reader_id = connection.execute(insert(connection, readers).values(row).returning(readers.c.id)).scalar_one()
    else:
        reader_id = known.id
    before = _editions(connection, [reader_id]).get(reader_id, ())
    rows = [{"reader_id": reader_id, "edition": name, "since": now} for name in new.editions if name not in before]
    if rows:
        connection.execute(insert(connection, subscriptions).on_conflict_do_nothing(), rows)
    if known is None:
        return Added.NEW
    return Added.CHANGED if rows else Added.KNOWN


def _editions(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = select(subscriptions.c.reader_id, subscriptions.c.edition).where(subscriptions.c.reader_id.in_(ids))
    chosen: dict[int, tuple[str, ...]] = {}
    for reader_id, edition in connection.execute(query.order_by(subscriptions.c.edition)):
        chosen[reader_id] = (*chosen.get(reader_id, ()), edition)
    return chosen


def _stored(row: Row[Any], chosen: Mapping[int, tuple[str, ...]]) -> StoredReader:
    reader = Reader(
        id=ReaderId(row.id),
        address=row.address,
        name=row.name,
        language=row.language,
        editions=chosen.get(row.id, ()),
    )
    return StoredReader(reader=reader, state=row.state, consent=row.consent, added_at=row.added_at, left_at=row.left_at)

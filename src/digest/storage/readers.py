"""The readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, or_, select, true, update

from digest.model.ids import ReaderId
from digest.model.reader import Reader
from digest.model.webhook import Confirmed, Left
from digest.storage.announce import announce_change, announce_reader
from digest.storage.day_counts import LEFT, count
from digest.storage.engine import Database
from digest.storage.enrolment import Added, Batch, NewReader, Statements
from digest.storage.schema.people import readers, subscriptions, suppressions
from digest.storage.upsert import insert

__all__ = ["Added", "KnownReader", "NewReader", "Readers", "StoredReader", "stored_readers", "subscribed"]

PAGE = 1000
_STATES = {"bounced": "bounced", "rejected": "bounced", "complained": "complained"}
"""Reason of a suppression -> state in lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReader:
    """A reader with their state: ``active``, ``left`` or ``erased``."""

    reader: Reader
    state: str
    consent: Mapping[str, str]
    added_at: datetime
    left_at: datetime | None
    suppressed: str = ""
    """Why nothing is sent to them, whatever their state; empty when they are not suppressed."""
    left_why: str = ""
    """Why they left, in their own words; may be empty."""
    pauses: Mapping[str, datetime] = field(default_factory=dict)
    """Edition -> when its letters come again, also when that time has passed; editions without a pause are missing."""

    @property
    def shown_state(self) -> str:
        """Their state in lists: ``active``, ``left``, ``erased``, ``bounced``, ``complained`` or ``suppressed``."""
        if not self.suppressed or self.state == "erased":
            return self.state
        return _STATES.get(self.suppressed, "suppressed" if self.state == "active" else self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReader:
    """The number of a reader, and when they made the newest of their subscriptions; None when they have none."""

    id: ReaderId
    since: datetime | None


class Readers:
    """Reads and writes readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._say = Statements("sqlite" if database.is_sqlite else "postgresql")

    def add(self, wanted: Sequence[NewReader], now: datetime, *, announce: bool = False) -> tuple[Added, ...]:
        """Add readers in one transaction; return the result for each, in order. Readers who left are not added.

        With ``announce``, webhooks are notified of new readers; an import of many readers notifies nobody.
        """
        with self._database.write() as connection:
            outcomes = Batch(connection, self._say, now).add(wanted)
            for new, outcome in zip(wanted, outcomes, strict=True) if announce else ():
                _announce_added(connection, new, outcome, now)
            return outcomes

    def foresee(self, wanted: Sequence[NewReader], now: datetime) -> tuple[Added, ...]:
        """Return what ``add`` would return, without changing anything."""
        with self._database.read() as connection:
            batch = Batch(connection, self._say, now)
            batch.look_up(wanted)
            return tuple(batch.judge(new) for new in wanted)

    def knows_erased(self) -> bool:
        """Return whether anybody was ever erased: only then are shadows needed."""
        some = select(suppressions.c.identity).where(suppressions.c.identity.startswith("erased:")).limit(1)
        with self._database.read() as connection:
            return connection.execute(some).first() is not None

    def find(self, identity: str) -> StoredReader | None:
        """Return the reader with this identity, also after they left; None when nobody has it."""
        with self._database.read() as connection:
            rows = connection.execute(select(readers).where(readers.c.identity == identity)).all()
            return next(iter(stored_readers(connection, rows)), None)

    def identity_of(self, reader_id: ReaderId) -> str | None:
        """Return the present identity of a reader; None when there is no such reader."""
        with self._database.read() as connection:
            found: str | None = connection.scalar(select(readers.c.identity).where(readers.c.id == reader_id))
            return found

    def known(self, identities: Sequence[str]) -> dict[str, KnownReader]:
        """Return the readers with these identities, whatever their state; identities of nobody are missing."""
        r, s = readers.c, subscriptions.c
        query = select(r.identity, r.id, func.max(s.since).label("since")).join_from(
            readers, subscriptions, s.reader_id == r.id, isouter=True
        )
        found: dict[str, KnownReader] = {}
        with self._database.read() as connection:
            for at in range(0, len(identities), PAGE):
                here = r.identity.in_(identities[at : at + PAGE])
                for row in connection.execute(query.where(here).group_by(r.identity, r.id)):
                    found[row.identity] = KnownReader(id=ReaderId(row.id), since=row.since)
        return found

    def walk(self, *, left: bool = False) -> Iterator[StoredReader]:
        """Yield active readers by id, in pages, so that a million need little memory; with ``left``, all readers."""
        after = 0
        while True:
            ids = select(readers.c.id).where(readers.c.id > after).order_by(readers.c.id).limit(PAGE)
            with self._database.read() as connection:
                numbers = connection.scalars(ids if left else ids.where(readers.c.state == "active")).all()
            if not numbers:
                return
            yield from self._stored(after, numbers[-1], left=left)
            after = numbers[-1]

    def page(self, after: int, limit: int, *, left: bool = False) -> tuple[StoredReader, ...]:
        """Return active readers with ids above ``after``, ordered by id; with ``left``, all readers."""
        query = select(readers).where(readers.c.id > after).order_by(readers.c.id).limit(limit)
        return self._found(query if left else query.where(readers.c.state == "active"))

    def _stored(self, after: int, last: int, *, left: bool) -> tuple[StoredReader, ...]:
        query = select(readers).where(readers.c.id > after, readers.c.id <= last).order_by(readers.c.id)
        return self._found(query if left else query.where(readers.c.state == "active"))

    def _found(self, query: Select[Any]) -> tuple[StoredReader, ...]:
        with self._database.read() as connection:
            return stored_readers(connection, self._database.rows_of(connection, query, readers.c.id, _whole))

    def subscribed(self, edition: str, now: datetime) -> Iterator[Reader]:
        """Yield the readers who would get an edition with this name now, by id, in pages."""
        after = 0
        while True:
            query = select(readers).where(subscribed(edition, now), readers.c.id > after).order_by(readers.c.id)
            with self._database.read() as connection:
                rows = connection.execute(query.limit(PAGE)).all()
            yield from (
                Reader(id=ReaderId(r.id), address=r.address, name=r.name, language=r.language, zone=r.zone)
                for r in rows
            )
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def departed(self, limit: int) -> tuple[StoredReader, ...]:
        """Return the readers who left, the newest first, without the erased ones."""
        query = select(readers).where(readers.c.state == "left").order_by(readers.c.left_at.desc(), readers.c.id.desc())
        return self._found(query.limit(limit))

    def leave(self, identity: str, why: str, now: datetime) -> bool:
        """End all subscriptions of a reader and suppress the address; return whether the reader was active."""
        active = (readers.c.identity == identity) & (readers.c.state == "active")
        with self._database.write() as connection:
            gone = connection.execute(update(readers).where(active).values(state="left", left_at=now)).rowcount == 1
            if gone:
                ids = select(readers.c.id).where(readers.c.identity == identity)
                reader_id: int = connection.execute(ids).scalar_one()
                theirs = delete(subscriptions).where(subscriptions.c.reader_id == reader_id)
                off = connection.scalars(theirs.returning(subscriptions.c.edition)).all()
                count(connection, LEFT, "operator", off, now)
                row = {"identity": identity, "why": why, "since": now}
                connection.execute(insert(connection, suppressions).on_conflict_do_nothing(), [row])
                announce_reader(connection, reader_id, Left(editions=tuple(sorted(off)), by="operator"), now)
            return gone

    def suppress(self, identity: str, why: str, now: datetime) -> bool:
        """Suppress an address, known or not; return whether it was not suppressed before."""
        row = {"identity": identity, "why": why, "since": now}
        with self._database.write() as connection:
            made = insert(connection, suppressions).values(row).on_conflict_do_nothing()
            return connection.execute(made.returning(suppressions.c.identity)).first() is not None

    def unsuppress(self, identity: str) -> str:
        """End the suppression of an address; return its reason, empty when it was not suppressed."""
        here = delete(suppressions).where(suppressions.c.identity == identity).returning(suppressions.c.why)
        with self._database.write() as connection:
            return connection.execute(here).scalar() or ""


def _announce_added(connection: Connection, new: NewReader, outcome: Added, now: datetime) -> None:
    number = connection.scalar(select(readers.c.id).where(readers.c.identity == new.identity))
    if number is not None and outcome is Added.NEW:
        announce_reader(connection, number, Confirmed(editions=new.editions, by="operator"), now)
    elif number is not None and outcome is Added.CHANGED:
        announce_change(connection, number, ("editions",), "operator", now)


def subscribed(edition: str, now: datetime, by: datetime | None = None) -> ColumnElement[bool]:
    """Return a condition for readers who get this edition now: active, subscribed, not paused, not suppressed.

    With ``by``, only those who had subscribed by then.
    """
    theirs = (
        select(subscriptions.c.reader_id)
        .where(
            subscriptions.c.reader_id == readers.c.id,
            subscriptions.c.edition == edition,
            or_(subscriptions.c.paused_until.is_(None), subscriptions.c.paused_until <= now),
            true() if by is None else subscriptions.c.since <= by,
        )
        .exists()
    )
    suppressed = select(suppressions.c.identity).where(suppressions.c.identity == readers.c.identity).exists()
    return and_(readers.c.state == "active", theirs, ~suppressed)


def _whole(row: Row[Any]) -> Row[Any]:
    return row


def stored_readers(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[StoredReader, ...]:
    """Return readers from rows, with their subscriptions and the reason of their suppression."""
    if not rows:
        return ()
    s, x = subscriptions.c, suppressions.c
    chosen: dict[int, tuple[str, ...]] = {}
    pauses: dict[int, dict[str, datetime]] = {}
    theirs = select(s.reader_id, s.edition, s.paused_until).where(s.reader_id.in_([row.id for row in rows]))
    for reader_id, edition, paused_until in connection.execute(theirs.order_by(s.edition)):
        chosen[reader_id] = (*chosen.get(reader_id, ()), edition)
        if paused_until is not None:
            pauses.setdefault(reader_id, {})[edition] = paused_until
    away = select(x.identity, x.why).where(x.identity.in_([row.identity for row in rows]))
    why = {row.identity: row.why for row in connection.execute(away)}
    return tuple(
        StoredReader(
            reader=Reader(
                id=ReaderId(row.id),
                address=row.address,
                name=row.name,
                language=row.language,
                zone=row.zone,
                editions=chosen.get(row.id, ()),
            ),
            state=row.state,
            consent=row.consent,
            added_at=row.added_at,
            left_at=row.left_at,
            suppressed=why.get(row.identity, ""),
            left_why=row.left_why,
            pauses=pauses.get(row.id, {}),
        )
        for row in rows
    )

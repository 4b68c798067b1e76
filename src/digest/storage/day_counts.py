"""How many readers joined and left on each day, by edition and by way: counts that identify nobody.

A count is raised in the transaction of its change. Suppressions and bounces have their own rows and are counted from
these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, bindparam, select, text

from digest.storage.engine import Database
from digest.storage.schema.mailing import bounces, tallies
from digest.storage.schema.people import readers, subscriptions, suppressions

SCOPE = "day:"
JOINED, LEFT, BOUNCED, COMPLAINED = "joined", "left", "bounced", "complained"
BY_CHOICE = ("left", "removed by the operator", "erased")
"""Reasons of a suppression that were already counted when the reader left."""

_COUNT = text(
    """INSERT INTO tallies (scope, start, number) VALUES (:scope, :start, :number)
    ON CONFLICT (scope, start) DO UPDATE SET number = tallies.number + excluded.number"""
).bindparams(bindparam("start", type_=tallies.c.start.type))

Row = tuple[date, str, str, str, int]
"""(day in UTC, edition, event, way or reason, number)."""


def count(connection: Connection, what: str, way: str, editions: Iterable[str], now: datetime) -> None:
    """Count that a reader joined or left, once for each of the editions."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [
        {"scope": f"{SCOPE}{what}/{way}/{edition}", "start": midnight, "number": number}
        for edition, number in sorted(Counter(editions).items())
    ]
    if rows:
        connection.execute(_COUNT, rows)


class DayCounts:
    """Reads the daily counts of readers who joined and left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, start: datetime) -> Sequence[Row]:
        """Return the counts since an instant, by day."""
        with self._database.read() as connection:
            found = [*_counted(connection, start), *_suppressed(connection, start), *_returned(connection, start)]
        return sorted(found)


def _counted(connection: Connection, start: datetime) -> Iterator[Row]:
    t = tallies.c
    query = select(t.scope, t.start, t.number).where(t.scope.startswith(SCOPE, autoescape=True), t.start >= start)
    for scope, day, number in connection.execute(query):
        what, way, edition = scope.removeprefix(SCOPE).split("/", 2)
        yield _day(day), edition, what, way, number


def _suppressed(connection: Connection, start: datetime) -> Iterator[Row]:
    """Yield readers who were suppressed without asking for it: bounced, complained, or suppressed by the operator."""
    x, s = suppressions.c, subscriptions.c
    query = (
        select(x.since, s.edition, x.why)
        .join_from(suppressions, readers, readers.c.identity == x.identity)
        .join(subscriptions, s.reader_id == readers.c.id)
        .where(x.since >= start, x.why.not_in(BY_CHOICE))
    )
    for (day, edition, why), number in Counter(
        (_day(at), edition, why) for at, edition, why in connection.execute(query)
    ).items():
        yield day, edition, LEFT, why, number


def _returned(connection: Connection, start: datetime) -> Iterator[Row]:
    b = bounces.c
    query = select(b.at, b.edition, b.kind).where(b.at >= start, b.reader_id.is_not(None))
    for (day, edition, kind), number in Counter(
        (_day(at), edition, kind) for at, edition, kind in connection.execute(query)
    ).items():
        what, way = (COMPLAINED, "junk") if kind == "complaint" else (BOUNCED, kind)
        yield day, edition, what, way, number


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()

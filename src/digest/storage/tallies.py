"""Counts by period, for rate limits; shared by all processes on one database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, text, tuple_

from digest.bookkeeping import Tally
from digest.storage.engine import Database
from digest.storage.schema.mailing import tallies
from digest.storage.upsert import insert

_TURN = text("SELECT pg_advisory_xact_lock(hashtext('digest tallies')), set_config('synchronous_commit', 'off', true)")
"""For PostgreSQL, a lock: two transactions could count at once without seeing each other. SQLite's writers queue
anyway. The commit need not be durable: a server that crashes may lose the counts of its last half second, but it is
down for longer than that."""


class Tallies:
    """The counts of all scopes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(
        self,
        scopes: Collection[str],
        since: datetime,
        until: datetime,
        decide: Callable[[Sequence[Tally]], Sequence[Tally]],
    ) -> None:
        """Apply ``decide`` to the tallies of ``scopes`` that start in (since, until], in one transaction.

        ``decide`` returns the tallies to store; a number of 0 deletes a tally. No other change happens between
        reading and writing.
        """
        with self._database.write() as connection:
            if not self._database.is_sqlite:
                connection.execute(_TURN)
            self._store(connection, decide(self._known(connection, scopes, since, until)))

    def known(self, scopes: Collection[str], since: datetime, until: datetime) -> Sequence[Tally]:
        """Return the tallies of ``scopes`` that start in (since, until]."""
        with self._database.read() as connection:
            return self._known(connection, scopes, since, until)

    def purge(self, prefix: str, before: datetime) -> int:
        """Delete the tallies of scopes with that prefix that started before that time; return their number."""
        old = delete(tallies).where(tallies.c.scope.startswith(prefix, autoescape=True), tallies.c.start < before)
        with self._database.write() as connection:
            return connection.execute(old).rowcount

    def _known(
        self, connection: Connection, scopes: Collection[str], since: datetime, until: datetime
    ) -> Sequence[Tally]:
        t = tallies.c
        query = select(t.scope, t.start, t.number).where(t.scope.in_(list(scopes)), t.start > since, t.start <= until)
        return [Tally(*row) for row in connection.execute(query)]

    def _store(self, connection: Connection, changed: Sequence[Tally]) -> None:
        gone = [(tally.scope, tally.start) for tally in changed if not tally.number]
        if gone:
            connection.execute(delete(tallies).where(tuple_(tallies.c.scope, tallies.c.start).in_(gone)))
        rows = [{"scope": tally.scope, "start": tally.start, "number": tally.number} for tally in changed]
        kept = [row for row in rows if row["number"]]
        if kept:
            statement = insert(connection, tallies)
            update = statement.on_conflict_do_update(
                index_elements=["scope", "start"], set_={"number": statement.excluded.number}
            )
            connection.execute(update, kept)

"""Whether sending is allowed, for all machines: one refusal by a relay stops all of them for some time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from digest.storage.engine import Database
from digest.storage.schema.watch import relay_states
from digest.storage.upsert import insert

REST = timedelta(minutes=1)
"""How long nobody uses a relay that refused us; then one machine tries it, and the others wait as long again."""
ALL = "all"
"""The name that stops all relays at once: a run ends when none of its relays accepts letters."""


class RelayStates:
    """Reads and writes why sending is stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def closed(self, now: datetime) -> str:
        """Return why sending is stopped now; empty when it is allowed. The first to ask after REST may try.

        A stop that ends later than REST from now was written by a clock that was set back since then.
        """
        r = relay_states.c
        query = select(r.until, r.why, r.closed_by).where(r.name == ALL)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return ""
        words = f"{row.why} (found by {row.closed_by})"
        if now < row.until <= now + REST:
            return words
        again = update(relay_states).where(r.name == ALL, r.until == row.until).values(until=now + REST)
        with self._database.write() as connection:
            return "" if connection.execute(again).rowcount else words

    def closed_since(self, began: datetime, now: datetime) -> str:
        """Return why sending is stopped now, if this was found after ``began``; else empty."""
        r = relay_states.c
        query = select(r.why, r.closed_by).where(r.name == ALL, r.at > began, r.until > now)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return f"{row.why} (found by {row.closed_by})" if row else ""

    def close(self, why: str, now: datetime, by: str) -> None:
        """Stop sending for REST; ``why`` is what the relay said, ``by`` the machine that found it."""
        row = {"name": ALL, "until": now + REST, "why": why, "closed_by": by, "at": now}
        with self._database.write() as connection:
            statement = insert(connection, relay_states).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))

    def open(self) -> None:
        """Allow sending again: a relay accepted letters."""
        with self._database.read() as connection:
            if connection.execute(select(relay_states.c.name)).first() is None:
                return
        with self._database.write() as connection:
            connection.execute(delete(relay_states))

    def all(self) -> dict[str, str]:
        """Return why sending is stopped, by name."""
        with self._database.read() as connection:
            return {row.name: row.why for row in connection.execute(select(relay_states))}

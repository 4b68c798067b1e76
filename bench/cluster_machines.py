"""Machines of a cluster for bench/cluster.py: processes of `digest serve` with folders of their own, and their sink."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from delivery import background, free_port
from digest.crew.cluster import SCHEMA, ClusterCrew
from digest.machines import Machines
from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.storage.database_clock import DatabaseClock
from digest.storage.editions import Draft, Editions
from digest.storage.engine import Database
from digest.storage.frozen_letters import FrozenLetters
from postgresql import Server

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 1500.0
SETTINGS = """
[database]
url = "{url}"
[serve]
crew = "cluster"
[mail]
transport = "smtp://127.0.0.1:{port}"
sender = "news@paper.example"
{mail}
[editions.morning]
title = "Morning Update"
[keys]
current = "k1"
[keys.ring]
k1 = "{key}"
"""


def now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def small_letter(day: date) -> Letter:
    """Return a frozen letter of a few lines: the ledger is measured, and not the wire."""
    segments = (
        b'From: "Morning Update" <news@paper.example>\r\nTo: ',
        Slot.TO,
        b"\r\nSubject: Morning Update\r\nDate: Mon, 23 Nov 2026 06:00:00 +0000\r\nMessage-ID: <",
        Slot.MESSAGE_ID,
        b"@paper.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        b"The harbour opened its gates again on Monday.\r\n" * 20,
    )
    key = EditionKey(name="morning", date=day)
    return Letter(edition=key, language="en", subject="Morning", html="", text="", segments=segments)


@dataclass(slots=True)
class Machine:
    """A process that serves, with a folder of its own."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-c", "from digest.cli.main import run; run()", "serve"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)  # noqa: S603

    def signal(self, number: int) -> None:
        """Send it a signal; SIGKILL is waited for."""
        assert self.process is not None
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()


@dataclass(slots=True)
class Cluster:
    """An installation with an edition under way, its machines, and what the sink got."""

    host: Server
    folder: Path
    readers: int
    database: Database
    crew: ClusterCrew
    letters: Path
    port: int
    mail: str = ""
    edition: int = 0
    machines: list[Machine] = field(default_factory=list)
    events: dict[str, str] = field(default_factory=dict)
    """What happened to which run."""

    def freeze(self) -> float:
        """Freeze an edition for all readers, with its jobs; return the seconds that it took."""
        editions, day = Editions(self.database), now().date()
        row = editions.plan(EditionKey(name="morning", date=day), now(), now() + timedelta(hours=4), now())
        editions.draft(row.id, Draft(edition=None, telling=(), seen={}), now())
        book = Machines(self.crew, DatabaseClock(self.database, now)).share_out
        began = time.perf_counter()
        assert FrozenLetters(self.database).freeze(row.id, small_letter(day), now(), share_out=book) == self.readers
        self.edition = int(row.id)
        return time.perf_counter() - began

    def add(self, number: int) -> None:
        """Start so many machines more."""
        for _ in range(number):
            made = Machine(self.folder / f"machine{len(self.machines)}")
            (made.folder / "config").mkdir(parents=True)
            url = self.database.url.render_as_string(hide_password=False)
            settings = SETTINGS.format(url=url, port=self.port, mail=self.mail, key="7e" * 32)
            (made.folder / "config" / "digest.toml").write_text(settings, encoding="utf-8")
            made.start()
            self.machines.append(made)

    def got(self) -> list[tuple[float, str]]:
        """Return when which recipient's letter was taken."""
        if not self.letters.exists():
            return []
        lines = self.letters.read_text(encoding="utf-8").splitlines()
        return [(float(line.split()[0]), line.split()[1]) for line in lines]

    def count(self) -> int:
        """Return how many letters the sink took."""
        return self.letters.read_bytes().count(b"\n") if self.letters.exists() else 0

    def wait_for(self, letters: int) -> None:
        """Wait until the sink took so many."""
        began = time.monotonic()
        while self.count() < letters:
            assert time.monotonic() - began < PATIENCE, f"{self.count()} letters of {letters}"
            time.sleep(0.02)

    def wait_until_sent(self) -> None:
        """Wait until the edition is closed."""
        began = time.monotonic()
        while self.ask("SELECT state FROM editions WHERE id = :edition")[0][0] != "sent":
            assert time.monotonic() - began < PATIENCE, self.states()
            self.restart_ended()
            time.sleep(0.5)

    def restart_ended(self) -> None:
        """Start machines again that ended, as a supervisor does: `serve` ends when it starts without a database."""
        for machine in self.machines:
            if machine.process is not None and machine.process.poll() is not None:
                machine.start()

    def ask(self, question: str) -> list[Any]:
        """Return what the database answers about the edition."""
        with self.database.read() as connection:
            return list(connection.execute(text(question), {"edition": self.edition}).all())

    def note(self, event: str) -> None:
        """Remember what happened to the runs of all machines that had not yet ended."""
        runs = {path.stem for machine in self.machines for path in machine.folder.glob("journals/*.journal")}
        self.events |= dict.fromkeys(runs - self.events.keys(), f"{event} at {self.count()} letters")

    def states(self) -> dict[str, int]:
        """Return how many letters are in each state."""
        found = self.ask("SELECT state, count(*) FROM deliveries WHERE edition_id = :edition GROUP BY state")
        return dict(map(tuple, found))

    def taken_over(self) -> bool:
        """Tell whether another does the job of a lost worker, or did it and waits for what the lost one had in hand."""
        with self.database.within(SCHEMA) as driver, driver.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE (status = 'doing' OR scheduled_at IS NOT NULL) "
                "AND (args->'arguments'->>'deaths')::int > 0"
            )
            return bool(cursor.fetchone()[0])

    def verdict(self, deleted: set[str]) -> dict[str, int]:
        """Hold the ledger against the sink; ``deleted`` names journals whose folder was deleted."""
        got = Counter(recipient for _, recipient in self.got())
        rows = self.ask(
            "SELECT d.state, r.address, d.worker FROM deliveries d JOIN readers r ON r.id = d.reader_id "
            "WHERE d.edition_id = :edition"
        )
        kept = {row.address for row in rows if row.state == "accepted"}
        unsure = [row for row in rows if row.state == "uncertain"]
        by_run = Counter(row.worker for row in unsure if row.worker not in deleted)
        for run, number in by_run.items():
            print(f"{number} uncertain of run {run}: {self.events.get(run, 'not killed')}", flush=True)
        return {
            "lost": len(kept - got.keys()) + sum(row.state not in {"accepted", "uncertain"} for row in rows),
            "doubled": sum(times > 1 for times in got.values()),
            "uncertain": len(unsure),
            "uncertain_per_kill": max(by_run.values(), default=0),
            "uncertain_deleted_folder": sum(row.worker in deleted for row in unsure),
        }

    def end(self) -> None:
        """End all machines."""
        for machine in self.machines:
            if machine.process is not None:
                machine.process.kill()
                machine.process.wait()
        self.database.close()


@contextmanager
def cluster(host: Server, folder: Path, readers: int, *, delay_ms: int = 0, mail: str = "") -> Iterator[Cluster]:
    """Give an installation with so many readers, a sink that answers after a delay, and no machine yet."""
    from cluster_ledger import add_readers  # noqa: PLC0415 - the two do not need each other otherwise

    folder.mkdir()
    database, port, letters = Database(host.database()), free_port(), folder / "letters"
    database.require_schema()
    add_readers(database, readers)
    crew = ClusterCrew(database, now)
    crew.prepare()
    sink = [sys.executable, str(ROOT / "bench" / "smtp_sink.py"), str(port), str(delay_ms), str(letters)]
    with background(sink, port):
        made = Cluster(host, folder, readers, database, crew, letters, port, mail)
        try:
            yield made
        finally:
            made.end()

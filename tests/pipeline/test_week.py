"""Four processes through a week on one database: killed, their clock set, the database lost, the settings changed.

What the tickers decide and what storage stores is the program's; composing and mailing are cut short.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import Connection
from tests.pipeline.test_two_years import Rehearsed, changed

from digest.edition.calendar import Occurrence, due_now
from digest.errors import StorageError
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import Move
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.outage import Outage
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.tick import NO_PAUSE
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, Settings
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database

BEGIN = datetime(2026, 11, 22, 22, tzinfo=UTC)
PROCESSES = 4
ENOUGH = 3
"""Rounds in which an edition was open and a process could work: then it must have been begun."""
MOST_LINES = 20
"""Lines of log of one outage, of each process."""


class Killed(BaseException):
    """The process is gone at this moment."""


class Frail(Database):
    """A database that is away for a while."""

    away = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Raise StorageError while it is away."""
        if self.away:
            raise StorageError("the database does not answer")
        with super().read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Raise StorageError while it is away."""
        if self.away:
            raise StorageError("the database does not answer")
        with super().write() as connection:
            yield connection


class Mortal(Rehearsed):
    """A ticker that may be killed between freezing and finishing; ``begun`` is what it froze, by whom ever."""

    chance: random.Random
    begun: list[EditionKey]

    def _send(self, due: Occurrence) -> timedelta:
        before = self._runtime.stores.editions.get(due.key)
        pause = super()._send(due)
        after = self._runtime.stores.editions.get(due.key)
        if after is not None and after.state is EditionState.SENT and before != after:
            self.begun.append(due.key)
            if self.chance.random() < 0.4:
                raise Killed
        return pause

    def _resume(self, row: StoredEdition) -> timedelta:
        self._runtime.stores.editions.move(row.id, Move.FINISH, self._runtime.clock())
        return NO_PAUSE


class Week:
    """One installation, four processes, and what befalls them."""

    def __init__(self, database: Frail, seed: int) -> None:
        self.now, self.chance, self.database = BEGIN, random.Random(seed), database  # noqa: S311
        self.stores = Stores(database)
        morning = EditionSettings(title="Morning", at=time(6), zone="Europe/Berlin")
        evening = EditionSettings(title="Evening", at=time(17), zone="Europe/Berlin", follows="morning")
        self.settings = Settings(folder=".", editions={"morning": morning, "evening": evening})
        self.sent: list[tuple[datetime, Occurrence, tuple[str, ...]]] = []
        self.begun: list[EditionKey] = []
        self.open: Counter[EditionKey] = Counter()
        self.tickers: list[Mortal | None] = [self.start() for _ in range(PROCESSES)]
        self.outages = [Outage() for _ in range(PROCESSES)]
        self.happened: Counter[str] = Counter()

    def start(self) -> Mortal:
        runtime = Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now)
        ticker = Mortal(runtime, lambda: GatherReport(sources=(), articles=0, pages=()), threading.Event())
        ticker.sent, ticker.chance, ticker.begun = self.sent, self.chance, self.begun
        return ticker

    def befall(self) -> None:
        """Let something happen, now and then."""
        if self.chance.random() < 0.01:
            self.now += self.chance.choice([timedelta(hours=-2), timedelta(hours=3), timedelta(days=3)])
            self.happened["clock"] += 1
        if self.chance.random() < 0.03:
            self.database.away = not self.database.away
            self.happened["outage"] += 1
        elif self.database.away and self.chance.random() < 0.3:
            self.database.away = False
        if self.chance.random() < 0.05:
            self.tickers[self.chance.randrange(PROCESSES)] = None
            self.happened["kill"] += 1
        if self.chance.random() < 0.03:
            name = self.chance.choice(["morning", "evening"])
            edition = changed(self.settings.editions[name], self.chance)
            self.settings = structs.replace(self.settings, editions=self.settings.editions | {name: edition})
            self.tickers = [ticker and self.start() for ticker in self.tickers]
            self.happened["settings"] += 1

    def round(self) -> None:
        """Let every process that lives tick once, in any order; one that is dead may come back."""
        able = not self.database.away and any(self.tickers)
        if able:
            for name, plan in self.settings.editions.items():
                open_now = due_now(name, plan, self.now)
                self.open.update(due.key for due in open_now if due.due >= BEGIN)  # none before is caught up
        for place in self.chance.sample(range(PROCESSES), PROCESSES):
            ticker = self.tickers[place]
            if ticker is None:
                if self.chance.random() < 0.5:
                    self.tickers[place], self.outages[place] = self.start(), Outage()
                continue
            try:
                self.outages[place].run("tick", ticker.tick)
            except Killed:
                self.tickers[place] = None
                self.happened["killed while sending"] += 1


@pytest.fixture
def frail(ready_sqlite: Path, tmp_path: Path) -> Iterator[Frail]:
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Frail("sqlite:///digest.db", tmp_path)
    yield database
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_four_processes_send_each_edition_of_a_week_once_whatever_befalls_them(
    frail: Frail, seed: int, logged: list[MutableMapping[str, Any]]
) -> None:
    week, rounds = Week(frail, seed), 0
    of_outage: list[int] = []
    while rounds < 7 * 24 * 3:
        week.now += timedelta(minutes=20)
        rounds += 1
        week.befall()
        before, was_away = len(logged), week.database.away
        with suppress(StorageError):
            week.round()
        if was_away:
            of_outage.append(len(logged) - before)
    week.database.away = False
    week.round()
    assert Counter(week.begun) == Counter(set(week.begun))
    assert len(week.begun) > 5
    rows = {row.key: row.state for row in week.stores.editions.latest(limit=500)}
    wanted = {key for key, number in week.open.items() if number > ENOUGH}
    assert {key: rows.get(key) for key in wanted if rows.get(key) is not EditionState.SENT} == {}
    assert max(of_outage) <= PROCESSES * MOST_LINES
    assert sum(of_outage) <= week.happened["outage"] * PROCESSES * MOST_LINES
    assert {"clock", "outage", "kill", "settings", "killed while sending"} <= set(week.happened)

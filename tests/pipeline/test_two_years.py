"""Months of ticks in seven zones, with settings changed and editions renamed: no date twice, nothing sent changed.

What the ticker decides and what storage stores is the program's; composing and mailing are cut short: an edition tells
every story of the last 26 hours that the program does not name as told.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import event

from digest.edition.calendar import Occurrence
from digest.model.edition import Edition, EditionState, ToldStory
from digest.model.ids import EditionKey, StoryId
from digest.model.letter import Letter
from digest.model.life import FROZEN, Move, goes_by_itself
from digest.pipeline.editions.composing import told_of_late
from digest.pipeline.editions.renaming import rename_edition
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.tick import NO_PAUSE, Ticker
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, Settings
from digest.storage.editions import Draft, StoredEdition
from digest.storage.engine import Database

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
)
FEW = ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca")
"""Where clocks change by an hour, by half an hour, and at the end of Ramadan. Each run changes its zone on the way;
``--long`` begins in each."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPRING = (datetime(2026, 3, 6, tzinfo=UTC), 33)
"""Begin and days: from before the first change of clocks in these zones until after the last."""
LONG = (datetime(2026, 1, 1, tzinfo=UTC), 105)
"""The same with ``--long``: two years, all zones together."""
HOUR = timedelta(hours=1)


class Rehearsed(Ticker):
    """The ticker with composing and mailing cut short; ``sent`` is what left, in order."""

    sent: list[tuple[datetime, Occurrence, tuple[str, ...]]]

    def _compose(self, due: Occurrence) -> timedelta:
        stores, now = self._runtime.stores, self._runtime.clock()
        row = stores.editions.plan(due.key, due.due, due.expires, now)
        if not row.may(Move.COMPOSE):
            return NO_PAUSE
        told = {str(story.story_id) for story in told_of_late(stores, self._runtime.settings, due)}
        stories = [str(hour) for hour in hours_before(now) if str(hour) not in told]
        telling = tuple(telling_of(due.key, story, now) for story in stories)
        stores.editions.draft(row.id, Draft(edition=edition_of(due.key, now), telling=telling, seen={}), now)
        return NO_PAUSE

    def _send(self, due: Occurrence) -> timedelta:
        editions, now = self._runtime.stores.editions, self._runtime.clock()
        row = editions.get(due.key)
        if row is not None and not goes_by_itself(row.state, row.cause):
            return NO_PAUSE
        self._compose(due)
        row = editions.get(due.key)
        assert row is not None
        if self._runtime.stores.letters.freeze(row.id, letter_of(due.key, now), now, expires=due.expires) is not None:
            told = editions.told_since(now, {due.key.name})
            editions.move(row.id, Move.FINISH, now)
            self.sent.append((now, due, tuple(str(s.story_id) for s in told if s.edition == due.key)))
        return NO_PAUSE


def hours_before(now: datetime) -> Iterator[int]:
    last = int(now.timestamp() // 3600)
    yield from range(last - 26, last)


def edition_of(key: EditionKey, now: datetime) -> Edition:
    return Edition(key=key, title="T", language="en", zone="UTC", cut=now, subject="S", preheader="", items=())


def letter_of(key: EditionKey, now: datetime) -> Letter:
    return Letter(edition=key, language="en", subject=f"{now}", html="", text="", segments=())


def telling_of(key: EditionKey, story: str, now: datetime) -> ToldStory:
    return ToldStory(
        edition=key,
        story_id=StoryId(story),
        anchor=story,
        headline=story,
        urls=(),
        titles=(),
        text="",
        bullets=(),
        publishers=1,
        cut=now,
    )


def changed(edition: EditionSettings, chance: random.Random) -> EditionSettings:
    """Return an edition's settings with one of them changed."""
    change: dict[str, object] = chance.choice(
        [
            {"at": time(chance.randrange(24), chance.randrange(60))},
            {"weekend_at": chance.choice([None, time(chance.randrange(24), 30)])},
            {"zone": chance.choice(ZONES)},
            {"days": tuple(sorted(chance.sample(DAYS, chance.randint(3, 7)), key=DAYS.index))},
            {"catch_up_minutes": chance.choice([30, 180, 1500])},
        ]
    )
    return structs.replace(edition, **change)


class Years:
    """One installation under a passed clock."""

    def __init__(self, database: Database, zone: str, seed: int, begin: datetime) -> None:
        self.now, self.chance, self.stores = begin, random.Random(seed), Stores(database)  # noqa: S311
        morning = EditionSettings(title="Morning", at=time(6), zone=zone)
        evening = EditionSettings(title="Evening", at=time(17), zone=zone, follows="morning")
        self.settings = Settings(folder=".", editions={"morning": morning, "evening": evening})
        self.sent: list[tuple[datetime, Occurrence, tuple[str, ...]]] = []
        self.final: dict[EditionKey, StoredEdition] = {}
        self.renamed = 0

    def start(self) -> Rehearsed:
        """Return the ticker of a process that starts now, on the settings as they are."""
        ticker = Rehearsed(self.runtime, lambda: GatherReport(sources=(), articles=0, pages=()), threading.Event())
        ticker.sent = self.sent
        return ticker

    @property
    def runtime(self) -> Runtime:
        """The house on the settings as they are."""
        return Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now)

    def run(self, days: int) -> None:
        ticker, half, end = self.start(), self.now + timedelta(days=days) / 2, self.now + timedelta(days=days)
        while self.now < end:
            self.now += timedelta(minutes=self.chance.choice([7, 60, 150, 240, 420]))
            if self.chance.random() < 0.002:
                self.now += self.chance.choice([timedelta(hours=-2), timedelta(hours=3), timedelta(days=3)])
            if self.chance.random() < 0.03:
                name = self.chance.choice(list(self.settings.editions))
                edition = changed(self.settings.editions[name], self.chance)
                self.settings = structs.replace(self.settings, editions=self.settings.editions | {name: edition})
                ticker = self.start()
            late = not self.renamed and self.now > half
            if self.chance.random() < 0.005 or late:  # once at least, whatever the dice say
                self.rename()
                ticker = self.start()
            before = len(self.sent)
            ticker.tick()
            if sent := self.sent[before:]:
                self.look(sent)

    def rename(self) -> None:
        """Give the morning its other name, in the settings and by the command."""
        old = next(name for name in self.settings.editions if name != "evening")
        new = "daily" if old == "morning" else "morning"
        morning, evening = self.settings.editions[old], self.settings.editions["evening"]
        editions = {new: morning, "evening": structs.replace(evening, follows=new)}
        self.settings = structs.replace(self.settings, editions=editions)
        if old in self.stores.editions.names():
            rename_edition(self.runtime, old, new)
        self.renamed += 1

    def look(self, sent: list[tuple[datetime, Occurrence, tuple[str, ...]]]) -> None:
        """Note the rows of what was just sent, and see that those of the last days are as they were noted."""
        for _now, due, _stories in sent:
            row = self.stores.editions.get(due.key)
            assert row is not None
            assert due.key not in self.final
            self.final[due.key] = row
        for row in self.stores.editions.latest(limit=6, states=FROZEN):
            assert row == self.final[row.key]


@pytest.fixture
def quick_database(ready_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Give a database that does not wait for the disk."""
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database("sqlite:///digest.db", tmp_path)
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    yield database
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("zone", [pytest.param(zone, marks=[pytest.mark.long] * (zone not in FEW)) for zone in ZONES])
def test_under_changing_settings_each_date_is_sent_at_most_once_and_nothing_is_told_again_as_new(
    quick_database: Database, zone: str, *, is_long: bool
) -> None:
    begin, days = LONG if is_long else SPRING
    years = Years(quick_database, zone, ZONES.index(zone), begin)
    years.run(days)
    keys = [due.key for _now, due, _stories in years.sent]
    assert len(keys) == len(set(keys)) > days * 0.57
    dates = [(key.name == "evening", key.date) for key in keys]  # the morning under either name
    assert len(dates) == len(set(dates))
    assert years.renamed
    rows = {row.key: row for row in years.stores.editions.latest(limit=5000)}
    assert {key: rows[key] for key in keys} == years.final
    assert {row.state for key, row in rows.items() if key not in years.final} <= {
        EditionState.SKIPPED,
        EditionState.READY,
        EditionState.PLANNED,
    }
    assert all(due.due <= now < due.closes for now, due, _stories in years.sent)
    last: dict[str, datetime] = {}
    for now, _due, stories in years.sent:
        assert not [story for story in stories if now - last.get(story, begin - 99 * HOUR) < 47 * HOUR]
        last |= dict.fromkeys(stories, now)

"""Leaving and pausing, on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from digest.errors import StorageError
from digest.model.ids import ReaderId
from digest.storage.departures import MOST_TOGETHER, Departure, Departures
from digest.storage.engine import Database
from digest.storage.readers import Added, NewReader, Readers

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
BOTH = ("evening", "morning")


def enrolled(database: Database, count: int = 1) -> Readers:
    doors = Readers(database)
    doors.add(
        [
            NewReader(address=f"r{n}@x.example", identity=f"r{n}@x.example", editions=BOTH, consent={})
            for n in range(count)
        ],
        NOW,
    )
    return doors


def leaving(number: int = 1, edition: str | None = "morning", weeks: int = 0) -> Departure:
    until = NOW + timedelta(weeks=weeks) if weeks else None
    return Departure(reader_id=ReaderId(number), edition=edition, at=NOW, pause_until=until)


def test_a_reader_leaves_one_edition_once(database: Database) -> None:
    doors, departures = enrolled(database), Departures(database)
    assert [departures.book(leaving()), departures.book(leaving())] == [True, False]
    stored = doors.find("r0@x.example")
    assert stored is not None
    assert (stored.reader.editions, stored.state, stored.left_at) == (("evening",), "active", None)


@pytest.mark.parametrize("wishes", [(None,), ("morning", "evening")])
def test_who_leaves_the_last_letter_has_left_and_stays_away(database: Database, wishes: tuple[str | None, ...]) -> None:
    doors, departures = enrolled(database), Departures(database)
    for edition in wishes:
        assert departures.book(leaving(edition=edition))
    stored = doors.find("r0@x.example")
    assert stored is not None
    assert (stored.reader.editions, stored.state, stored.left_at) == ((), "left", NOW)
    new = NewReader(address="r0@x.example", identity="r0@x.example", editions=BOTH, consent={})
    assert doors.add([new], NOW + timedelta(days=1)) == (Added.LEFT,)


def test_a_paused_reader_gets_nothing_until_then(database: Database) -> None:
    doors, departures = enrolled(database), Departures(database)
    assert departures.book(leaving(weeks=2))
    assert not departures.book(leaving(weeks=2))

    def getting(edition: str, weeks: int) -> int:
        return len(list(doors.subscribed(edition, NOW + timedelta(weeks=weeks))))

    assert [getting("morning", weeks) for weeks in (0, 1, 2)] == [0, 0, 1]
    assert getting("evening", 0) == 1


def test_a_number_that_is_nobodys_changes_nothing(database: Database) -> None:
    enrolled(database)
    assert not Departures(database).book(leaving(number=99))


def test_the_reason_is_kept_in_the_readers_words(database: Database) -> None:
    enrolled(database)
    departures = Departures(database)
    departures.book(leaving(edition=None))
    departures.explain(ReaderId(1), "too many letters")
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT left_why FROM readers").scalar() == "too many letters"


def test_many_who_leave_at_once_share_a_few_transactions(database: Database) -> None:
    count = MOST_TOGETHER + 100
    doors, departures = enrolled(database, count), Departures(database)
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    with ThreadPoolExecutor(count) as pool:
        with departures._turn:  # as if one were being stored
            found = [pool.submit(departures.book, leaving(number)) for number in range(1, count + 1)]
            while len(departures._waiting) < count:
                time.sleep(0.001)
        assert all(one.result() for one in found)
    assert len(list(doors.subscribed("morning", NOW))) == 0
    assert len(commits) == 2


def test_a_departure_that_cannot_be_stored_is_told_to_who_asked(database: Database) -> None:
    enrolled(database)
    departures = Departures(database)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE subscriptions RENAME TO elsewhere")
    with pytest.raises(StorageError):
        departures.book(leaving())
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO subscriptions")
    assert departures.book(leaving())

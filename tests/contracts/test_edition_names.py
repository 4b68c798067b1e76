"""Names of editions that the settings lack, and new names, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.pipeline.test_two_years import edition_of, letter_of, telling_of

from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.model.life import Move
from digest.storage.departures import Departure, Departures
from digest.storage.edition_names import EditionNames, Renamed
from digest.storage.editions import Draft, Editions, StoredEdition
from digest.storage.engine import Database
from digest.storage.frozen_letters import FrozenLetters
from digest.storage.readers import NewReader, Readers

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
HOUR = timedelta(hours=1)


def subscribe(database: Database, *editions: str) -> None:
    new = [
        NewReader(address=f"r{n}@x.example", identity=f"r{n}@x.example", editions=tuple(names.split()), consent={})
        for n, names in enumerate(editions)
    ]
    Readers(database).add(new, NOW)


def subscriptions(database: Database) -> list[str]:
    return [" ".join(stored.reader.editions) for stored in Readers(database).walk(left=True)]


def drafted(database: Database, name: str, day: date) -> StoredEdition:
    editions, key = Editions(database), EditionKey(name=name, date=day)
    row = editions.plan(key, NOW, NOW + HOUR, NOW)
    telling = (telling_of(key, "ferry", NOW),)
    editions.draft(row.id, Draft(edition=edition_of(key, NOW), telling=telling, seen={}), NOW)
    return row


def sent(database: Database, name: str, day: date) -> None:
    row, editions = drafted(database, name, day), Editions(database)
    assert FrozenLetters(database).freeze(row.id, letter_of(row.key, NOW), NOW) is not None
    assert editions.move(row.id, Move.FINISH, NOW)


def test_subscriptions_that_the_settings_lack_are_counted(database: Database) -> None:
    subscribe(database, "morning evening", "morning", "weekly")
    names = EditionNames(database)
    assert names.without_settings(("evening", "daily")) == {"morning": 2, "weekly": 1}
    assert names.without_settings(("morning", "weekly", "evening")) == {}


def test_a_new_name_takes_the_readers_along_each_once(database: Database) -> None:
    subscribe(database, "morning evening", "morning", "daily morning", "evening")
    assert EditionNames(database).rename("morning", "daily", NOW) == Renamed(readers=3, already=1, drafts=0)
    assert subscriptions(database) == ["daily evening", "daily", "daily", "evening"]


def test_drafts_get_the_new_name_and_what_was_sent_keeps_its_own(database: Database) -> None:
    sent(database, "morning", TODAY)
    drafted(database, "morning", TOMORROW)
    assert EditionNames(database).rename("morning", "daily", NOW).drafts == 1
    editions = Editions(database)
    moved, kept = (
        editions.get(EditionKey(name="daily", date=TOMORROW)),
        editions.get(EditionKey(name="morning", date=TODAY)),
    )
    assert moved is not None
    assert moved.edition is not None
    assert (moved.state, moved.edition.key, moved.key.name) == (EditionState.READY, moved.key, "daily")
    assert kept is not None
    assert (kept.state, kept.edition and kept.edition.key) == (EditionState.SENT, kept.key)
    assert editions.get(EditionKey(name="morning", date=TOMORROW)) is None


def test_a_date_that_readers_have_under_the_old_name_does_not_go_again_under_the_new_one(database: Database) -> None:
    sent(database, "morning", TODAY)
    planned = Editions(database).plan(EditionKey(name="daily", date=TODAY), NOW, NOW + HOUR, NOW)
    EditionNames(database).rename("morning", "daily", NOW)
    row = Editions(database).get(planned.key)
    assert row is not None
    assert (row.state, row.reason) == (EditionState.SKIPPED, "readers have it as morning/2026-11-23, its former name")


def test_a_draft_gives_way_where_the_new_name_has_one_already(database: Database) -> None:
    drafted(database, "morning", TODAY)
    drafted(database, "daily", TODAY)
    assert EditionNames(database).rename("morning", "daily", NOW).drafts == 0
    row = Editions(database).get(EditionKey(name="morning", date=TODAY))
    assert row is not None
    assert row.state is EditionState.SKIPPED


def test_memory_archive_and_follow_up_know_the_former_names_of_an_edition(database: Database) -> None:
    sent(database, "morning", TODAY)
    names, editions = EditionNames(database), Editions(database)
    names.rename("morning", "daily", NOW)
    names.rename("daily", "early", NOW)
    assert names.became() == {"morning": "early", "daily": "early"}
    (story,) = editions.told_since(NOW, {"early"})
    assert story.story_id == "ferry"
    assert editions.frozen_under_any_name(EditionKey(name="early", date=TODAY)) == EditionKey(
        name="morning", date=TODAY
    )
    assert editions.frozen_under_any_name(EditionKey(name="early", date=TOMORROW)) is None
    names.rename("early", "morning", NOW)
    assert names.became() == {"daily": "morning", "early": "morning"}


@pytest.mark.parametrize("old", ["morning", "daily"])
def test_who_leaves_or_pauses_by_a_link_of_an_old_letter_leaves_the_present_name(database: Database, old: str) -> None:
    subscribe(database, "morning evening")
    names = EditionNames(database)
    names.rename("morning", "daily", NOW)
    names.rename("daily", "early", NOW)
    wish = Departure(reader_id=ReaderId(1), edition=old, at=NOW)
    departures = Departures(database)
    assert departures.book(replace(wish, pause_until=NOW + timedelta(weeks=2)))
    assert [*Readers(database).subscribed("early", NOW)] == []
    assert departures.book(wish)
    assert not departures.book(wish)
    assert subscriptions(database) == ["evening"]


def test_a_name_that_is_in_use_again_is_left_by_itself_alone(database: Database) -> None:
    subscribe(database, "morning")
    EditionNames(database).rename("morning", "daily", NOW)
    Readers(database).add(
        [NewReader(address="r0@x.example", identity="r0@x.example", editions=("morning",), consent={})], NOW
    )
    assert Departures(database).book(Departure(reader_id=ReaderId(1), edition="morning", at=NOW))
    assert subscriptions(database) == ["daily"]


def test_an_edition_that_is_over_ends_for_its_readers(database: Database) -> None:
    subscribe(database, "morning evening", "morning")
    assert EditionNames(database).end("morning") == 2
    assert subscriptions(database) == ["evening", ""]

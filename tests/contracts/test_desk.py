"""The editor's acts come back as they were stored, in their order, each with its edition, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from digest.edition.acts import Act, Drop, Merge, NoteAct, Pin, Retitle, StoryName
from digest.edition.history import read, written
from digest.model.ids import EditionKey, StoryId
from digest.storage.desk import Desk
from digest.storage.editions import EditionId, Editions
from digest.storage.engine import Database

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
ONE = StoryName(story_id=StoryId("a1"), urls=("https://paper.example/überfahrt",))
OTHER = StoryName(story_id=StoryId("b2"))
ACTS: tuple[Act, ...] = (
    NoteAct(text="Take an umbrella.", author="Inès"),
    Pin(story=ONE),
    Drop(story=OTHER),
    Merge(story=ONE, other=OTHER),
    Retitle(story=ONE, headline="Fähre fährt wieder"),
)


def planned(database: Database, name: str) -> EditionId:
    key = EditionKey(name=name, date=date(2026, 10, 14))
    return Editions(database).plan(key, NOW, NOW + timedelta(hours=6), NOW).id


def test_acts_of_every_kind_come_back_in_the_order_in_which_they_were_done(database: Database) -> None:
    desk, morning, evening = Desk(database), planned(database, "morning"), planned(database, "evening")
    for act in ACTS:
        assert desk.add(morning, [written(act)], NOW, author="Inès")
    assert desk.add(evening, [written(ACTS[2])], NOW)
    assert tuple(read(stored.act) for stored in desk.acts(morning)) == ACTS
    assert tuple(read(stored.act) for stored in desk.acts(evening)) == (ACTS[2],)


def test_an_edition_that_nobody_edited_has_no_acts(database: Database) -> None:
    assert Desk(database).acts(planned(database, "morning")) == ()

"""The earlier headlines of an updated story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.so_far import story_so_far
from digest.edition.telling import Telling
from digest.model.edition import ToldStory
from digest.model.ids import EditionKey, StoryId
from digest.model.story import Story

Make = Callable[..., Any]


@pytest.fixture
def days(told: Make, story: Callable[..., Story]) -> tuple[ToldStory, ...]:
    """Three tellings of one story, the oldest first, and one of another story."""
    mine, other = story(1), story(2)
    made = [
        replace(
            told(mine),
            edition=EditionKey(name="morning", date=date(2026, 11, 20 + day)),
            headline=f"Headline of day {day}",
            cut=told(mine).cut - timedelta(days=3 - day),
        )
        for day in (1, 2, 3)
    ]
    return (*made, replace(told(other), edition=made[0].edition, headline="Another story"))


def update(telling: Callable[..., Telling], story: Callable[..., Story], told: ToldStory) -> Telling:
    seen = Recollection(verdict=MemoryVerdict.UPDATE, reason="told", told=told)
    return telling(1, story=story(1), recollection=seen, headline="Headline of today")


def test_an_update_has_its_earlier_headlines_the_newest_first(
    days: tuple[ToldStory, ...], telling: Callable[..., Telling], story: Callable[..., Story]
) -> None:
    found = story_so_far(update(telling, story, days[2]), days, 3)
    assert [each.headline for each in found] == ["Headline of day 3", "Headline of day 2", "Headline of day 1"]
    assert found[0].edition == days[2].edition
    assert found[0].at == days[2].cut


def test_no_more_headlines_are_shown_than_asked_for(
    days: tuple[ToldStory, ...], telling: Callable[..., Telling], story: Callable[..., Story]
) -> None:
    assert len(story_so_far(update(telling, story, days[2]), days, 1)) == 1
    assert story_so_far(update(telling, story, days[2]), days, 0) == ()


def test_a_headline_is_shown_once_and_not_if_it_is_that_of_today(
    days: tuple[ToldStory, ...], telling: Callable[..., Telling], story: Callable[..., Story]
) -> None:
    same = (replace(days[0], headline="Headline of day 2"), days[1], replace(days[2], headline="Headline of today"))
    found = story_so_far(update(telling, story, same[2]), same, 3)
    assert [(each.headline, each.edition) for each in found] == [("Headline of day 2", days[1].edition)]


def test_a_story_that_is_no_update_has_no_earlier_headlines(
    days: tuple[ToldStory, ...], telling: Callable[..., Telling]
) -> None:
    assert story_so_far(telling(1), days, 3) == ()


def test_the_same_story_is_known_by_a_shared_article_too(
    days: tuple[ToldStory, ...], telling: Callable[..., Telling], story: Callable[..., Story]
) -> None:
    renamed = replace(days[0], story_id=StoryId("f" * 16))
    found = story_so_far(update(telling, story, days[2]), (renamed, days[2]), 3)
    assert [each.headline for each in found] == ["Headline of day 3", "Headline of day 1"]

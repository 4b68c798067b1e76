"""Six editions on invented articles: what each tells depends on nothing but what the ones before it told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from digest.edition.compose import compose
from digest.edition.intake import admitted
from digest.edition.memory import recall, telling_of
from digest.edition.telling import Telling
from digest.model.article import Article
from digest.model.edition import Edition, Place, ToldStory
from digest.model.ids import EditionKey, SourceId
from digest.model.source import Source
from digest.model.story import Bullet, Story
from digest.rank.group import group
from digest.rank.score import rank
from digest.settings import EditionSettings, RankSettings

Make = Callable[..., Any]
MORNING = EditionSettings(title="Morning Update", floor=1)
EVENING = EditionSettings(title="Evening Update", greeting="evening", follows="morning", floor=1)
SOURCES = {
    SourceId(n): Source(id=SourceId(n), url=f"https://paper{n}.example/feed", name=f"Paper {n}", publisher=f"P{n}")
    for n in range(3)
}
# (hours after the first cut, title, text): three stories, of which the fire and the trial move on.
PRESS = (
    (-3, "Fire destroys Salt Quay warehouse in Port Sennet",
     "A fire destroyed a warehouse on Salt Quay in Port Sennet overnight. Forty families were led to safety."),
    (-2, "Warehouse on Salt Quay burns down in Port Sennet",
     "Flames took the old warehouse on Salt Quay in Port Sennet. Smoke was seen across the bay."),
    (-4, "Trial of hospice treasurer Leonard Voss nears its end",
     "The jury in the trial of Leonard Voss was sent out on Tuesday. The treasurer denies theft from the hospice."),
    (-5, "Songbook lost for centuries found under candle boxes",
     "A songbook lost for centuries was found in a church. Singers will perform from it in spring."),
    (6, "Police arrest a man over Salt Quay warehouse fire in Port Sennet",
     "Police held a man over the warehouse fire on Salt Quay in Port Sennet. Petrol was found in the ruins."),
    (20, "Hospice treasurer Leonard Voss convicted at end of trial",
     "Leonard Voss was found guilty of theft from the hospice after a trial. The judge will sentence him on Friday."),
    (22, "Salt Quay warehouse fire in Port Sennet: what we know",
     "The warehouse fire on Salt Quay in Port Sennet kept the town awake. Its owner has yet to speak."),
    (44, "Owner of burnt Salt Quay warehouse in Port Sennet sues insurer",
     "The owner of the Salt Quay warehouse in Port Sennet went to court. The insurer refused to pay for the fire."),
)  # fmt: skip


@pytest.fixture(scope="module")
def press(article: Make) -> list[Article]:
    return [
        article(n, source_id=SourceId(n % 3), hours=hours, title=title, text=text)
        for n, (hours, title, text) in enumerate(PRESS)
    ]


def tell(story: Story, told: tuple[ToldStory, ...]) -> Telling:
    memory = recall(story, told)
    articles = memory.new_articles or story.articles
    bullets: list[Bullet] = []
    for article in articles:
        for sentence in article.text.split(". "):
            start = article.text.index(sentence)
            bullets.append(
                Bullet(article_id=article.id, link=article.link, source_name=f"Paper {article.source_id}",
                       text=sentence, start=start, end=start + len(sentence))
            )  # fmt: skip
    return Telling(story=story, recollection=memory, headline=articles[0].title, bullets=tuple(bullets))


@pytest.fixture(scope="module")
def editions(press: list[Article], cut: datetime) -> list[Edition]:
    told: tuple[ToldStory, ...] = ()
    made: list[Edition] = []
    for day in range(3):
        for settings, name, hours in ((MORNING, "morning", 0), (EVENING, "evening", 11)):
            now = cut + timedelta(days=day, hours=hours)
            groups = group(admitted(press, SOURCES, settings, now))
            stories = rank(groups, SOURCES, RankSettings(), now, told, "en")
            key = EditionKey(name=name, date=date(2026, 11, 23) + timedelta(days=day))
            earlier = EditionKey(name="morning", date=key.date) if settings.follows and made else None
            tellings = [tell(story, told) for story in stories]
            if all(telling.recollection.verdict.value == "still-covered" for telling in tellings):
                continue
            made.append(compose(key, settings, tellings, now, earlier))
            told += telling_of(made[-1], stories)
    return made


def headlines(edition: Edition, *places: Place) -> set[str]:
    return {item.headline for item in edition.items if not places or item.place in places}


def test_each_development_is_told_once(editions: list[Edition]) -> None:
    links = [item.link for edition in editions for item in edition.items if item.place is not Place.MISSED]
    assert len(links) == len(set(links))
    printed = [bullet.text for edition in editions for item in edition.items for bullet in item.bullets]
    assert len(printed) == len(set(printed))


def test_every_development_is_told(editions: list[Edition]) -> None:
    told = set().union(*map(headlines, editions))
    for number in (3, 4, 5, 7):
        assert PRESS[number][1] in told
    assert told & {PRESS[0][1], PRESS[1][1]}
    assert PRESS[2][1] in told


def test_the_arrest_is_the_first_evenings_update_and_what_rests_is_a_reminder(editions: list[Edition]) -> None:
    evening = editions[1]
    assert headlines(evening, Place.UPDATE) == {PRESS[4][1]}
    assert headlines(evening, Place.MISSED) == {PRESS[2][1], PRESS[3][1]}
    assert len(evening.items) == 3
    assert evening.still_covered == ()


def test_a_background_piece_brings_no_story_back(editions: list[Edition]) -> None:
    assert all(PRESS[6][1] not in headlines(edition) for edition in editions)

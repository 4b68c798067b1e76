"""Builders of invented stories, shared by the tests of the edition room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.telling import Telling
from digest.model.article import Article, TextOrigin
from digest.model.edition import ToldStory
from digest.model.ids import ArticleId, EditionKey, SourceId, StoryId
from digest.model.story import Bullet, Story

CUT = datetime(2026, 11, 23, 5, 40, tzinfo=UTC)


def make_article(number: int = 0, *, hours: float = -3.0, **changes: Any) -> Article:
    when = CUT + timedelta(hours=hours)
    values: dict[str, Any] = {
        "id": ArticleId(f"{number:064x}"),
        "source_id": SourceId(number),
        "url": f"https://paper{number}.example/story/{number}",
        "link": f"https://paper{number}.example/story/{number}",
        "title": f"Harbour number{number} reopens after flood{number}",
        "text": f"The harbour number{number} opened its gates again on Monday. Boats flood{number} came in.",
        "language": "en",
        "origin": TextOrigin.PAGE,
        "first_seen": when,
        "published": when,
    }
    return Article(**(values | changes))


def make_bullets(article: Article, texts: Sequence[str]) -> tuple[Bullet, ...]:
    return tuple(
        Bullet(
            article_id=article.id,
            link=article.link,
            source_name=f"Paper {article.source_id}",
            text=text,
            start=100 * place,
            end=100 * place + len(text),
        )
        for place, text in enumerate(texts)
    )


def make_story(number: int = 0, *articles: Article, **changes: Any) -> Story:
    held = articles or (make_article(number),)
    values: dict[str, Any] = {
        "id": StoryId(f"{number:016x}"),
        "articles": held,
        "publishers": tuple(f"Paper {article.source_id}" for article in held),
        "first_seen": min(article.first_seen for article in held),
        "score": 10.0 - number,
    }
    return Story(**(values | changes))


NEW = Recollection(verdict=MemoryVerdict.NEW, reason="not told before")


def make_telling(number: int = 0, bullets: int = 3, **changes: Any) -> Telling:
    story = changes.pop("story", None) or make_story(number)
    texts = [f"alpha{number}x{n} beta{number}x{n} gamma{number}x{n} delta{number}x{n} epsilon" for n in range(bullets)]
    values: dict[str, Any] = {
        "story": story,
        "recollection": NEW,
        "headline": story.articles[0].title,
        "bullets": make_bullets(story.articles[0], texts),
        "minutes": 3,
    }
    return Telling(**(values | changes))


def make_told(story: Story, **changes: Any) -> ToldStory:
    values: dict[str, Any] = {
        "edition": EditionKey(name="morning", date=date(2026, 11, 23)),
        "story_id": story.id,
        "anchor": "harbour-0",
        "headline": story.articles[0].title,
        "urls": tuple(article.url for article in story.articles),
        "titles": tuple(article.title for article in story.articles),
        "text": story.articles[0].text,
        "bullets": (),
        "publishers": len(story.publishers),
        "cut": CUT,
    }
    return ToldStory(**(values | changes))


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(scope="session")
def story() -> Callable[..., Story]:
    return make_story


@pytest.fixture(scope="session")
def telling() -> Callable[..., Telling]:
    return make_telling


@pytest.fixture(scope="session")
def told() -> Callable[..., ToldStory]:
    return make_told


@pytest.fixture(scope="session")
def cut() -> datetime:
    return CUT

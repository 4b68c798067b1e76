"""An invented press, shared by the tests of the rank room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.model.article import Article, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.source import Source

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def make_article(number: int = 0, *, source: int | None = None, hours: float = 3.0, **changes: Any) -> Article:
    source_id = SourceId(number if source is None else source)
    when = NOW - timedelta(hours=hours)
    url = f"https://paper{source_id}.example/{number}"
    values: dict[str, Any] = {
        "id": ArticleId(f"{number:064x}"),
        "source_id": source_id,
        "url": url,
        "link": url,
        "title": "Harbour of Port Vell reopens after floods",
        "text": "",
        "language": "en",
        "origin": TextOrigin.PAGE,
        "first_seen": when,
        "published": when,
        "position": 3,
    }
    return Article(**(values | changes))


def make_source(number: int, **changes: Any) -> Source:
    values: dict[str, Any] = {
        "id": SourceId(number),
        "url": f"https://paper{number}.example/feed",
        "name": f"Paper {number}",
        "publisher": f"Publisher {number}",
    }
    return Source(**(values | changes))


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(scope="session")
def source() -> Callable[..., Source]:
    return make_source


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW

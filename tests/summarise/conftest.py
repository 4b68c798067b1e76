"""An invented press for this room's tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from digest.model.article import Article, TextOrigin
from digest.model.ids import ArticleId, SourceId, StoryId
from digest.model.story import Story

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)

HARBOUR = (
    "The harbour of Port Ellery will close for good on Monday after 140 years, the council decided late on Thursday. "
    "Some 320 dockers will lose their jobs. They were told by letter on Friday morning. "
    "The council voted 14 to 9 to sell the land to a housing firm from Carrick for 48 million pounds.\n\n"
    "Photo: Harbour Office\n\n"
    "Who will pay for the old cranes? "
    "“It is a black day for all of us in this town,” said Nell Tarrant of the dockers' union.\n\n"
    "However, the ferry to the islands will go on running from the north pier until the end of next summer.\n\n"
    "Sign up for our newsletter to get the news from Port Ellery every morning.\n\n"
    "Ships have used the bay since 1886, when the railway reached the town and the first coal was loaded there."
)
RIVAL = (
    "Port Ellery's harbour will close for good on Monday after 140 years, the council decided on Thursday night. "
    "Trains to the harbour station will stop running in September, the railway said, and buses will take over the line."
)


@pytest.fixture
def article() -> Callable[..., Article]:
    def build(
        text: str = HARBOUR, *, title: str = "Port Ellery to close its harbour", source: int = 1, language: str = "en"
    ) -> Article:
        return Article(
            id=ArticleId(hashlib.sha256(f"{source}{text}".encode()).hexdigest()),
            source_id=SourceId(source),
            url=f"https://paper{source}.example/harbour",
            link=f"https://paper{source}.example/harbour",
            title=title,
            text=text,
            language=language,
            origin=TextOrigin.PAGE,
            first_seen=NOW,
            site_name=f"Paper {source}",
        )

    return build


@pytest.fixture
def story(article: Callable[..., Article]) -> Callable[..., Story]:
    def build(*articles: Article) -> Story:
        told = articles or (article(), article(RIVAL, source=2))
        return Story(id=StoryId("harbour"), articles=told, publishers=("Paper 1", "Paper 2"), first_seen=NOW)

    return build

"""What the scorers of the program's judgements call: each function calls the one that the corridor calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from digest.edition.memory import TOLD_THRESHOLD
from digest.edition.memory import told_already as judge_told
from digest.extract.article import extract
from digest.fetch.feeds import parse_feed
from digest.model.article import Article, Page, TextOrigin
from digest.model.ids import ArticleId, SourceId, StoryId
from digest.model.source import FeedEntry, Source
from digest.model.story import Bullet, Story
from digest.rank.group import group
from digest.rank.score import rank
from digest.readers.bounces import read_bounce as judge_returned
from digest.settings import RankSettings
from digest.summarise.assessment import assess_for
from digest.summarise.bullets import bullets_of
from digest.summarise.scorer import Model
from digest.text.bounce_codes import Kind

__all__ = [
    "TOLD_THRESHOLD",
    "extract_page",
    "group_stories",
    "rank_day",
    "rank_stories",
    "read_bounce",
    "read_feed",
    "summarise",
    "told_already",
]

_UNDATED = datetime(2020, 1, 1, tzinfo=UTC)


def _article(doc: Mapping[str, str], publishers: dict[str, SourceId]) -> Article:
    published = datetime.fromisoformat(doc["published"]) if doc["published"] else None
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    url = f"https://example.org/{doc['id']}"
    return Article(
        id=ArticleId(doc["id"]),
        source_id=publishers.setdefault(doc["source"], SourceId(len(publishers))),
        url=url,
        link=url,
        title=doc["title"],
        text=doc["text"],
        language="en",
        origin=TextOrigin.PAGE if doc["text"] else TextOrigin.NONE,
        first_seen=published or _UNDATED,
        published=published,
    )


def group_stories(docs: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """Group scored documents as the corridor groups articles."""
    publishers: dict[str, SourceId] = {}
    return [[article.id for article in story] for story in group([_article(doc, publishers) for doc in docs])]


def rank_stories(docs: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """Group and rank scored documents as the corridor does, at the time of the last of them."""
    publishers: dict[str, SourceId] = {}
    return _ranked([_article(doc, publishers) for doc in docs], publishers)


def rank_day(docs: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Rank a day's articles as the corridor does, with all that their feeds say of them."""
    publishers: dict[str, SourceId] = {}
    return _ranked([_entered(_article(doc, publishers), doc) for doc in docs], publishers, docs[0]["lang"])


def _entered(article: Article, doc: Mapping[str, Any]) -> Article:
    url = doc["url"] or article.url
    return replace(article, url=url, link=url, language=doc["lang"], position=doc["position"])


def _ranked(
    articles: Sequence[Article], publishers: Mapping[str, SourceId], language: str | None = None
) -> list[list[str]]:
    sources = {
        number: Source(id=number, url=f"https://example.org/feed/{number}", name=name, publisher=name)
        for name, number in publishers.items()
    }
    now = max(article.published or article.first_seen for article in articles)
    stories = rank(group(articles), sources, RankSettings(), now, language=language)
    return [[article.id for article in story.articles] for story in stories]


def told_already(morning: Sequence[Mapping[str, str]], evening: Mapping[str, str]) -> float:
    """Judge how sure it is that the morning told the evening's article."""
    return judge_told(tuple((doc["title"], doc["text"]) for doc in morning), (evening["title"], evening["text"]))


def extract_page(html: str, url: str | None) -> dict[str, str]:
    """Read a page as the corridor's workers do; one without an address gets that of a reserved host."""
    address, now = url or "https://page.invalid/article", datetime.now(UTC)
    entry = FeedEntry(source_id=SourceId(1), url=address, link=address, title="", seen_at=now)
    article = extract(Page(url=address, html=html, fetched_at=now), entry)
    published = article.published.isoformat() if article.published else ""
    return {"text": article.text, "title": article.title, "author": "; ".join(article.authors), "date": published}


def read_feed(body: bytes, url: str) -> tuple[FeedEntry, ...]:
    """Read a feed as the fetcher does."""
    return parse_feed(body, url, SourceId(1), datetime.now(UTC))


def summarisable(text: str, title: str, lang: str) -> Article:
    """Return a text as the article that the corridor would hold."""
    return Article(
        id=ArticleId("0" * 64),
        source_id=SourceId(1),
        url="https://example.org/article",
        link="https://example.org/article",
        title=title,
        text=text,
        language=lang,
        origin=TextOrigin.PAGE,
        first_seen=_UNDATED,
    )


def told_in_order(article: Article, n: int, model: Model | None = None) -> list[Bullet]:
    """Take the first bullets of a story of one article and put them into its order, as an edition does."""
    story = Story(id=StoryId("story"), articles=(article,), publishers=("source",), first_seen=_UNDATED)
    chosen = bullets_of(
        story,
        lambda each: assess_for(each, None, model=model),
        model=model,
    )
    return sorted(chosen[:n], key=lambda bullet: bullet.start)


def summarise(text: str, title: str, n: int, lang: str) -> list[str]:
    """Summarise one article as the corridor summarises a story."""
    return [bullet.text for bullet in told_in_order(summarisable(text, title, lang), n)]


def read_bounce(raw: bytes) -> str | None:
    """Read a returned mail as aftercare does, in the scorer's words.

    It has none for a wish to leave, which it counts with the complaints, and for a warning, which is a soft bounce.
    """
    words = {Kind.LEAVE: Kind.COMPLAINT.value, Kind.DELAYED: Kind.SOFT.value, Kind.OTHER: None}
    kind = judge_returned(raw).kind
    return words.get(kind, kind.value)

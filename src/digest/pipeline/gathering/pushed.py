"""Articles that a content management system (CMS) pushes, in place of a feed that lists them.

PushedItem ─▶ RawEntry ─▶ FeedEntry ─▶ Article: the same rules as for the full text of a feed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from hashlib import sha256

import msgspec

from digest.errors import RefusedAct, UnknownSource
from digest.extract.article import from_feed, renamed
from digest.fetch.entries import entries
from digest.fetch.html_text import paragraphs
from digest.fetch.raw import RawEntry, RawFeed
from digest.logs import get_logger
from digest.model.article import Article, Image
from digest.model.ids import ArticleId
from digest.model.source import FeedEntry
from digest.pipeline.gathering.source_list import named, of_host
from digest.pipeline.runtime import Runtime
from digest.storage.pushed_articles import PushedArticle
from digest.storage.sources import StoredSource
from digest.text.title import clean
from digest.text.urls import absolute

LONGEST_TEXT = 200_000
"""Most characters of an article's HTML; the rest is not read."""

log = get_logger()


class PushOutcome(Enum):
    """What became of a pushed article."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedItem:
    """An article as a CMS pushes it; ``html`` may also be plain text with blank lines between paragraphs."""

    name: str
    """The id of the article in the CMS. A push with the same id is about the same article."""
    url: str
    title: str
    html: str
    summary: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    image: Image | None = None
    sponsored: bool = False
    source: str = ""
    """The article's source by number, name or URL. Empty: the source with the host of ``url``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """The result of a push."""

    outcome: PushOutcome
    article_id: ArticleId


def push(runtime: Runtime, item: PushedItem) -> Pushed:
    """Store a pushed article like one that was read from its source; the same content again changes nothing.

    Raises UnknownSource when it belongs to no source, and RefusedAct when it has no web address or no title.
    """
    now, link = runtime.clock(), absolute(item.url, "")
    if link is None or (item.image is not None and absolute(item.image.url, "") is None):
        which = "its url" if link is None else "the url of its picture"
        raise RefusedAct(f"{which} is no web address such as https://paper.example/story")
    source = _source_of(runtime, item, link)
    entry = _entry(item, link, source, now)
    article = _article(item, entry, source)
    told = sha256(msgspec.json.encode((item, source.source.id))).hexdigest()

    def under(url: str, first_seen: datetime) -> Article:
        return replace(renamed(article, url), first_seen=first_seen)

    pushed = PushedArticle(name=item.name, entry=entry, fingerprint=told)
    is_new = runtime.stores.pushed_articles.push(pushed, under, now)
    outcome = {True: PushOutcome.CREATED, False: PushOutcome.UPDATED, None: PushOutcome.UNCHANGED}[is_new]
    log.info("article pushed", source=source.source.id, outcome=outcome.value, words=article.word_count)
    return Pushed(outcome=outcome, article_id=article.id)


def _source_of(runtime: Runtime, item: PushedItem, link: str) -> StoredSource:
    if item.source:
        return named(runtime.stores, item.source)
    found = of_host(runtime.stores, link)
    if found is None:
        raise UnknownSource("no source has the host of its url: add the source, or name another one in `source`")
    return found


def _entry(item: PushedItem, link: str, source: StoredSource, now: datetime) -> FeedEntry:
    raw = RawEntry(
        link=link,
        title=item.title,
        summary_html=item.summary,
        author=", ".join(item.authors),
        published=item.published.isoformat() if item.published else now.isoformat(),
        updated=item.updated.isoformat() if item.updated else "",
        categories=item.sections,
    )
    (entry,) = entries(RawFeed(entries=(raw,), language=item.language), source.source.url, source.source.id, now)
    if not entry.title:
        raise RefusedAct("its title is empty")
    return replace(entry, content=paragraphs(item.html, LONGEST_TEXT))


def _article(item: PushedItem, entry: FeedEntry, source: StoredSource) -> Article:
    """Return the article. What the CMS says about it explicitly counts more than what its text shows."""
    read = from_feed(entry, item.language or source.source.language)
    authors = tuple(filter(None, map(clean, item.authors)))
    return replace(
        read,
        authors=authors,
        subtitle=clean(item.subtitle),
        updated=entry.updated,
        image=item.image,
        sponsored=read.sponsored or item.sponsored,
    )

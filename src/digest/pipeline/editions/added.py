"""Reads an article that an editor adds by its URL: checked by the address guard, fetched, and stored like any other."""

from __future__ import annotations

from urllib.parse import urlsplit

from digest.edition.own_items import NO_SOURCE
from digest.errors import RefusedAct
from digest.model.article import Article, TextOrigin
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.pipeline.gathering.source_list import of_host
from digest.pipeline.runtime import Runtime
from digest.text.urls import canonical

LONGEST = 2000
"""Most characters of the URL."""


def read_article(runtime: Runtime, url: str) -> Article:
    """Return the article at a URL. It is fetched and stored unless it is stored already.

    Raises RefusedAct when the URL is not valid or the page holds no article, and FetchError when the page cannot be
    fetched.
    """
    url = url.strip()
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname or len(url) > LONGEST:
        raise RefusedAct("an article is added by its whole address, such as https://paper.example/story")
    stores, now = runtime.stores, runtime.clock()
    known = stores.articles.of_url(canonical(url))
    if known is not None and known.origin is TextOrigin.PAGE:
        return known
    if runtime.article is None:
        raise RefusedAct("this process fetches no pages")
    entry = FeedEntry(
        source_id=_source_of(runtime, url), url=canonical(url), link=url, title="", published=now, seen_at=now
    )
    article = runtime.article(entry)
    stores.articles.keep(stores.entries.add_by_hand(entry), article, now)
    return article


def _source_of(runtime: Runtime, url: str) -> SourceId:
    """Return the source that a URL belongs to, by its host; NO_SOURCE when no source matches."""
    stored = of_host(runtime.stores, url)
    return stored.source.id if stored is not None else NO_SOURCE

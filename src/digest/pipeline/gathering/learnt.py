"""Facts learnt about each source from its stored articles: lines that repeat, and addresses that articles share."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from digest.errors import ItemSetAside
from digest.extract.article import from_feed, renamed
from digest.extract.repeated_lines import fingerprint, furniture
from digest.model.article import Article, TextOrigin
from digest.model.ids import SourceId
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import FeedEntry, Source
from digest.pipeline.stores import Stores
from digest.text.urls import canonical

TEXTS = 40
"""The facts about a source are learnt from this many of its newest articles."""
SHARED_TEXT = 0.7
"""Two pages with more than this share of their paragraphs in common, by length, are one page at two addresses."""


class Furniture:
    """The lines that each source repeats on its pages, such as menus.

    They are learnt from its stored articles, and stay stored.
    """

    def __init__(self, stores: Stores, now: datetime, guard: Guard = unguarded) -> None:
        """Learn from ``stores``. ``now`` is stored with new facts; ``guard`` surrounds the work on a source."""
        self._stores, self._now, self._guard = stores, now, guard
        self._known: dict[SourceId, frozenset[str]] = {}

    def of(self, source: Source) -> frozenset[str]:
        """Return the fingerprints of a source's repeated lines; none when learning them fails."""
        if source.id not in self._known:
            self._known[source.id] = frozenset()
            with suppress(ItemSetAside), self._guard(ItemKind.FURNITURE, source.url, b""):
                self._known[source.id] = self._learn(source.id)
        return self._known[source.id]

    def _learn(self, source_id: SourceId) -> frozenset[str]:
        before = frozenset(self._stores.hosts.known(str(source_id), "furniture") or ())
        found = before | furniture(self._stores.articles.latest_texts(source_id, TEXTS))
        if found != before:
            self._stores.hosts.learn(str(source_id), "furniture", sorted(found), self._now)
        return found


class Addresses:
    """The canonical URLs and texts of each source's articles. What two articles claim as theirs identifies neither."""

    def __init__(self, stores: Stores) -> None:
        """Learn from ``stores``."""
        self._stores = stores
        self._known: dict[SourceId, _Known] = {}

    def settled(self, entry_id: int, entry: FeedEntry, article: Article) -> Article:
        """Return the article.

        If another article already has the URL that it claims, it gets the URL of its entry instead.

        A page may show the text of another entry, whose link differs in the query only. Then the feed's text is used.
        """
        known = self._of(article.source_id)
        at_path = known.texts.setdefault(_without_query(entry.link), {})
        if any(_is_shown_for(other, entry, article) for owner, other in at_path.items() if owner != entry_id):
            given = from_feed(entry, article.language)
            article = given if given.origin is not TextOrigin.NONE else article
        if len(at_path) < TEXTS:
            at_path[entry_id] = article
        owner, title = known.urls.setdefault(article.url, (entry_id, fingerprint(article.title)))
        if owner == entry_id or title == fingerprint(article.title) or article.url == entry.url:
            return article
        return renamed(article, entry.url)

    def _of(self, source_id: SourceId) -> _Known:
        if source_id not in self._known:
            newest = self._stores.articles.newest(source_id, TEXTS)
            known = _Known(urls={a.url: (owner, fingerprint(a.title)) for owner, a in newest}, texts={})
            for owner, article in newest:
                known.texts.setdefault(_without_query(article.link), {})[owner] = article
            self._known[source_id] = known
        return self._known[source_id]


@dataclass(frozen=True, slots=True)
class _Known:
    """The URLs and texts that one source's articles claim."""

    urls: dict[str, tuple[int, str]]
    """URL -> the id of the entry that claimed it first, and the fingerprint of its title."""
    texts: dict[str, dict[int, Article]]
    """Link without its query -> the articles with that link, by the id of their entry."""


def _is_shown_for(other: Article, entry: FeedEntry, article: Article) -> bool:
    """Return whether the page of an entry shows the text that was read for another entry with another headline."""
    if article.origin is not TextOrigin.PAGE or other.origin is not TextOrigin.PAGE:
        return False
    if fingerprint(entry.title) in {fingerprint(title) for title in (other.title, *other.titles)}:
        return False
    here, there = set(article.text.split("\n\n")), set(other.text.split("\n\n"))
    return sum(map(len, here & there)) > SHARED_TEXT * sum(map(len, here | there))


def _without_query(link: str) -> str:
    return canonical(link).partition("?")[0]

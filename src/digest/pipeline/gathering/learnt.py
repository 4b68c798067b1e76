"""Facts learnt about each source from its stored articles: lines that repeat, and addresses that articles share."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from digest.errors import ItemSetAside
from digest.extract.article import renamed
from digest.extract.repeated_lines import fingerprint, furniture
from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import FeedEntry, Source
from digest.pipeline.stores import Stores

TEXTS = 40
"""Number of a source's newest articles that are used for learning."""


class Furniture:
    """The lines that each source repeats on its pages, learnt from its stored articles and never deleted."""

    def __init__(self, stores: Stores, now: datetime, guard: Guard = unguarded) -> None:
        """Learn from ``stores``; ``now`` is stored with new facts, ``guard`` surrounds the work on a source."""
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
    """The canonical addresses of each source's articles: an address that two articles claim identifies neither."""

    def __init__(self, stores: Stores) -> None:
        """Learn from ``stores``."""
        self._stores = stores
        self._known: dict[SourceId, dict[str, tuple[int, str]]] = {}

    def settled(self, entry_id: int, entry: FeedEntry, article: Article) -> Article:
        """Return the article; under its entry's address when another article has the address that it claims."""
        if article.source_id not in self._known:
            newest = self._stores.articles.newest(article.source_id, TEXTS)
            self._known[article.source_id] = {a.url: (owner, fingerprint(a.title)) for owner, a in newest}
        known = self._known[article.source_id]
        owner, title = known.setdefault(article.url, (entry_id, fingerprint(article.title)))
        if owner == entry_id or title == fingerprint(article.title) or article.url == entry.url:
            return article
        return renamed(article, entry.url)

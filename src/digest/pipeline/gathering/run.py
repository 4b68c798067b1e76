"""One run of a fetch: its tools, its part of the work, and its results so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.extract.workers import Workers
from digest.fetch.fetcher import Fetcher
from digest.model.ids import SourceId
from digest.model.source import FeedEntry, Source
from digest.pipeline.gathering.learnt import Addresses
from digest.pipeline.gathering.report import PageReport
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import Watch
from digest.pipeline.stores import Stores
from digest.storage.entries import PendingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The parts that a fetch uses."""

    fetcher: Fetcher
    workers: Workers
    watch: Watch


ReadFronts = Callable[[Mapping[Source, Sequence[str]]], None]
"""Called with the links of new articles, by source. It has the front pages of these sources read."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a fetch that one job does: the lists of some sources, or the pages of some entries."""

    sources: frozenset[SourceId] = frozenset()
    entries: frozenset[int] = frozenset()
    read_fronts: ReadFronts = lambda _links: None


@dataclass(slots=True)
class Run:
    """One run of a fetch: its tools, its part of the work, and its results so far."""

    stores: Stores
    fetcher: Fetcher
    workers: Workers
    now: datetime
    progress: Progress
    watch: Watch
    addresses: Addresses
    part: Part | None = None
    """The part of the work that this run does. None: all sources, and all entries."""
    names: dict[SourceId, Source] = field(default_factory=dict)
    ids: frozenset[SourceId] = frozenset()
    """All sources that are stored."""
    resting: frozenset[SourceId] = frozenset()
    """Sources that pause: neither they nor the pages of their entries are fetched in this run."""
    pages: list[PageReport] = field(default_factory=list)
    articles: int = 0
    changed: int = 0
    owed: Counter[str] = field(default_factory=Counter)
    """Number of pages that wait for the next fetch, by the name of their source."""
    offline: bool = False
    """Whether no source could be reached."""
    links: dict[Source, list[str]] = field(default_factory=dict)
    """Links of the articles that were stored."""

    def kept(self, waiting: PendingEntry) -> None:
        """Record that the article of an entry was stored, and was not known before."""
        self.articles += 1
        self.links.setdefault(self.names[waiting.entry.source_id], []).append(waiting.entry.link)


def as_bytes(entry: FeedEntry) -> bytes:
    """Return an entry as the input that the quarantine keeps."""
    return repr(entry).encode("utf-8", "backslashreplace")

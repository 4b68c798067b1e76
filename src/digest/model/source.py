"""A source, and an article as its source announces it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digest.model.checks import absolute, aware
from digest.model.ids import SourceId


class SourceKind(Enum):
    """How a source lists its articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    FRONT_PAGE = "front-page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where articles come from; ``publisher`` is who votes when stories are ranked (several sources may share one)."""

    id: SourceId
    url: str
    name: str
    publisher: str
    kind: SourceKind = SourceKind.FEED
    weight: float = 1.0
    section: str = ""
    language: str | None = None
    """BCP 47 tag of what it writes, where the operator said so."""
    front_page: str = "auto"
    """Address of its paper's front page; "auto": the root of its articles' site; "off": none is read."""

    def __post_init__(self) -> None:
        absolute("Source.url", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One article as its source announces it.

    ``link`` is absolute and as published (where a reader is sent); ``url`` is its canonical form (its identity).
    ``title``, ``summary`` and ``content`` are clean text, paragraphs parted by a blank line, empty when unknown.
    """

    source_id: SourceId
    url: str
    link: str
    title: str
    summary: str = ""
    content: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    """When its source changed it last, where that is said."""
    language: str = ""
    """BCP 47 tag that the feed declares for all of its entries; empty when it declares none."""
    position: int = 0
    """Place in the source's own order, 0 first."""
    sections: tuple[str, ...] = ()
    """Its source's own sections and tags for it, as written."""
    has_page: bool = True
    """False when the source gives no link of the article's own: ``link`` is the site's, and is not read."""
    seen_at: datetime
    """When we saw it first."""

    def __post_init__(self) -> None:
        absolute("FeedEntry.url", self.url)
        absolute("FeedEntry.link", self.link)
        aware("FeedEntry.published", self.published)
        aware("FeedEntry.updated", self.updated)
        aware("FeedEntry.seen_at", self.seen_at)

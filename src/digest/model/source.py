"""A source, and an entry: an article as its source announces it."""

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
    """A feed, news sitemap or front page that lists articles.

    Sources of one ``publisher`` have one vote when stories are ranked.
    """

    id: SourceId
    url: str
    name: str
    publisher: str
    kind: SourceKind = SourceKind.FEED
    weight: float = 1.0
    section: str = ""
    language: str | None = None
    """BCP 47 tag of its language, if the operator set it."""
    front_page: str = "auto"
    """URL of the front page of its site; "auto": the root of its articles' site; "off": no front page is read."""

    def __post_init__(self) -> None:
        absolute("Source.url", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One article as its source announces it.

    ``link`` is absolute and as published (readers follow it). ``url`` identifies the article: it is the canonical form
    of the link, with the fragment if several items share the link. ``title``, ``summary`` and ``content`` are clean
    text, paragraphs separated by a blank line, empty when unknown.
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
    """When its source last changed it; None when the source does not say."""
    language: str = ""
    """BCP 47 tag that the feed declares for all its entries; empty when it declares none."""
    position: int = 0
    """Position in the source's own order, 0 first."""
    sections: tuple[str, ...] = ()
    """The source's own sections and tags for the entry, as written."""
    guid: str = ""
    """The id that its source gives it; empty when it gives none, or when it was stored before ids were kept."""
    has_page: bool = True
    """False when the source gives no link to the article itself.

    Then ``link`` is that of the source's site, and it is not fetched.
    """
    seen_at: datetime
    """When we first saw it."""

    def __post_init__(self) -> None:
        absolute("FeedEntry.url", self.url)
        absolute("FeedEntry.link", self.link)
        aware("FeedEntry.published", self.published)
        aware("FeedEntry.updated", self.updated)
        aware("FeedEntry.seen_at", self.seen_at)

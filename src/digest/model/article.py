"""The page as it was fetched, and the clean article that was read from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digest.model.checks import absolute, aware
from digest.model.ids import ArticleId, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page as it was fetched; ``url`` is where the redirects ended."""

    url: str
    html: str
    fetched_at: datetime

    def __post_init__(self) -> None:
        absolute("Page.url", self.url)
        aware("Page.fetched_at", self.fetched_at)


class ArticleKind(Enum):
    """What sort of page the article stands on."""

    ARTICLE = "article"
    LIVE_BLOG = "live-blog"
    VIDEO = "video"
    GALLERY = "gallery"
    STUB = "stub"


class TextOrigin(Enum):
    """Where an article's text was taken from."""

    PAGE = "page"
    FEED_CONTENT = "feed-content"
    FEED_SUMMARY = "feed-summary"
    NONE = "none"
    """Only the title is known: the article can stand in the "also" list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An article's lead picture, where the page names one."""

    url: str
    alt: str = ""
    credit: str = ""
    caption: str = ""
    """What the newsroom wrote below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The clean article: one version of it, identified by its content.

    ``text`` holds paragraphs parted by a blank line. ``language`` is a BCP 47 primary tag, ``und`` when unknown.
    """

    id: ArticleId
    source_id: SourceId
    url: str
    """Canonical: the identity across sources."""
    link: str
    """Where a reader is sent."""
    title: str
    text: str
    language: str
    origin: TextOrigin
    first_seen: datetime
    kind: ArticleKind = ArticleKind.ARTICLE
    paywalled: bool = False
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    site_name: str = ""
    image: Image | None = None
    word_count: int = 0
    method: str = ""
    """Which way of extraction won, for ``explain``."""
    titles: tuple[str, ...] = ()
    """Other forms of the title that the page and the source give."""
    position: int = 0
    """Place in its source's own order when first seen, 0 first."""
    sections: tuple[str, ...] = ()
    """Sections and tags as feed and page name them, as written, the feed's first; each name once."""
    schema_types: tuple[str, ...] = ()
    """What the page says it is: types of https://schema.org from its article's JSON-LD, in alphabetical order."""
    sponsored: bool = False
    """Somebody paid for it, and feed or page says so."""

    def __post_init__(self) -> None:
        absolute("Article.url", self.url)
        absolute("Article.link", self.link)
        aware("Article.published", self.published)
        aware("Article.updated", self.updated)
        aware("Article.first_seen", self.first_seen)

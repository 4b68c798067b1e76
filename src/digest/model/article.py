"""The page as fetched, and the clean article read from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digest.model.checks import absolute, aware
from digest.model.ids import ArticleId, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page as fetched; ``url`` is the address after all redirects."""

    url: str
    html: str
    fetched_at: datetime

    def __post_init__(self) -> None:
        absolute("Page.url", self.url)
        aware("Page.fetched_at", self.fetched_at)


class ArticleKind(Enum):
    """The kind of page that holds the article."""

    ARTICLE = "article"
    LIVE_BLOG = "live-blog"
    VIDEO = "video"
    GALLERY = "gallery"
    STUB = "stub"


MEDIA = frozenset({ArticleKind.LIVE_BLOG, ArticleKind.VIDEO, ArticleKind.GALLERY})
"""Kinds of pages that need not have the text of an article."""


class TextOrigin(Enum):
    """The origin of an article's text."""

    PAGE = "page"
    FEED_CONTENT = "feed-content"
    FEED_SUMMARY = "feed-summary"
    NONE = "none"
    """Only the title is known. The article can be in the "also" list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An article's lead picture, as named by the page."""

    url: str
    alt: str = ""
    credit: str = ""
    caption: str = ""
    """The newsroom's caption below the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of a clean article, identified by its content.

    ``text`` holds paragraphs separated by a blank line. ``language`` is a BCP 47 primary tag, ``und`` when unknown.
    """

    id: ArticleId
    source_id: SourceId
    url: str
    """Canonical URL. Two sources with the same URL have the same article."""
    link: str
    """The URL that readers follow."""
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
    """The extraction method that was chosen, for ``explain``."""
    titles: tuple[str, ...] = ()
    """Other forms of the title, from the page and the source."""
    position: int = 0
    """Position in its source's own order when first seen, 0 first."""
    sections: tuple[str, ...] = ()
    """Sections and tags from feed and page, as written, the feed's first; each name once."""
    schema_types: tuple[str, ...] = ()
    """Types of https://schema.org from the JSON-LD of the article, in alphabetical order."""
    sponsored: bool = False
    """Feed or page says that the article is paid for."""

    def __post_init__(self) -> None:
        absolute("Article.url", self.url)
        absolute("Article.link", self.link)
        aware("Article.published", self.published)
        aware("Article.updated", self.updated)
        aware("Article.first_seen", self.first_seen)

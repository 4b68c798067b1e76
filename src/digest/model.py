"""The values that walk through the rooms: frozen, with no behaviour but their own checks.

Source -> FeedEntry -> Page -> Article -> Story -> Edition -> Letter -> Delivery
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType

SourceId = NewType("SourceId", int)
ReaderId = NewType("ReaderId", int)
ArticleId = NewType("ArticleId", str)
"""SHA-256 (hex, 64 characters) of the article's URL, title and text: one id per version of an article."""
StoryId = NewType("StoryId", str)


def _aware(name: str, value: datetime | None) -> None:
    if value is not None and value.utcoffset() is None:
        raise ValueError(f"{name} must be an aware datetime, not {value!r}")


def _absolute(name: str, value: str) -> None:
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{name} must be an absolute http(s) URL, not {value!r:.200}")


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

    def __post_init__(self) -> None:
        _absolute("Source.url", self.url)


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
    position: int = 0
    """Place in the source's own order, 0 first."""
    has_page: bool = True
    """False when the source gives no link of the article's own: ``link`` is the site's, and is not read."""
    seen_at: datetime
    """When we saw it first."""

    def __post_init__(self) -> None:
        _absolute("FeedEntry.url", self.url)
        _absolute("FeedEntry.link", self.link)
        _aware("FeedEntry.published", self.published)
        _aware("FeedEntry.updated", self.updated)
        _aware("FeedEntry.seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page as it was fetched; ``url`` is where the redirects ended."""

    url: str
    html: str
    fetched_at: datetime

    def __post_init__(self) -> None:
        _absolute("Page.url", self.url)
        _aware("Page.fetched_at", self.fetched_at)


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
    position: int = 0
    """Place in its source's own order when first seen, 0 first."""

    def __post_init__(self) -> None:
        _absolute("Article.url", self.url)
        _absolute("Article.link", self.link)
        _aware("Article.published", self.published)
        _aware("Article.updated", self.updated)
        _aware("Article.first_seen", self.first_seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One named part of a score, with the words that explain it to an operator."""

    name: str
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSentence:
    """A sentence of an article: offsets into ``Article.text`` (end exclusive), its score, and why."""

    start: int
    end: int
    score: float
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles that tell one event, the lead article first, and how much the story weighs.

    ``publishers`` are the names to credit, one per publisher, the lead's first.
    """

    id: StoryId
    articles: tuple[Article, ...]
    publishers: tuple[str, ...]
    first_seen: datetime
    score: float = 0.0
    factors: tuple[Factor, ...] = ()
    section: str = ""
    held_back: str = ""
    """Why it stays out of the letter (a section's quota), in words; empty when it may stand in it."""

    def __post_init__(self) -> None:
        if not self.articles:
            raise ValueError("a story needs at least one article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """A verbatim span of one article: ``article.text[start:end] == text`` for the article of that id.

    The renderer sets a first capital and marks the cuts; the value stays raw. ``fragment`` is the text directive
    that leads a browser to the passage (``text=...``, percent-encoded, without the leading ``#:~:``).
    """

    article_id: ArticleId
    link: str
    source_name: str
    text: str
    start: int
    end: int
    cut_start: bool = False
    cut_end: bool = False
    fragment: str = ""
    score: float = 0.0


class Place(Enum):
    """Where an item stands in the letter."""

    LEAD = "lead"
    UPDATE = "update"
    TOP = "top"
    IN_DEPTH = "in-depth"
    ALSO = "also"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story as an edition tells it; ``anchor`` is its id in the page, steady within the edition."""

    story_id: StoryId
    place: Place
    anchor: str
    headline: str
    link: str
    source_name: str
    publishers: tuple[str, ...] = ()
    bullets: tuple[Bullet, ...] = ()
    minutes: int = 1
    """Reading time of the lead article, whole minutes, at least 1."""
    section: str = ""
    image: Image | None = None
    earlier_anchor: str = ""
    """For an update: the story's anchor in the edition that told it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """What an edition is called and which local date it is for: unique, for ever."""

    name: str
    date: date

    def __str__(self) -> str:
        return f"{self.name}/{self.date.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The editor's greeting; signed when ``author`` is not empty."""

    text: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One day's edition, composed: everything that a letter says, and nothing about who gets it.

    ``items`` stand in the letter's order; their ``place`` tells the block. ``still_covered`` are headlines of told
    stories that papers repeat without news, folded into one line. ``earlier`` is the edition that this one follows up.
    """

    key: EditionKey
    title: str
    language: str
    zone: str
    """IANA name of the zone in which ``key.date`` is a date."""
    cut: datetime
    """Articles seen after this instant are not in it (UTC)."""
    subject: str
    preheader: str
    items: tuple[Item, ...]
    still_covered: tuple[str, ...] = ()
    note: Note | None = None
    earlier: EditionKey | None = None
    minutes: int = 1
    late: bool = False
    thin: bool = False

    def __post_init__(self) -> None:
        _aware("Edition.cut", self.cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """What an earlier edition told of a story: the memory that keeps a letter from repeating itself."""

    edition: EditionKey
    story_id: StoryId
    anchor: str
    headline: str
    urls: tuple[str, ...]
    """Canonical URLs of all articles of the story then."""
    titles: tuple[str, ...]
    text: str
    """Opening of the story's lead article, for likeness."""
    bullets: tuple[str, ...]
    publishers: int
    cut: datetime
    """The cut of the edition that told it: only what was published later can be news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that our own site serves: ``name`` is the SHA-256 of its JPEG, width and height are its pixels."""

    name: str
    width: int
    height: int


class Slot(Enum):
    """A mark between the segments of a frozen letter: where readers differ, or how to encode what follows."""

    TO = "to"
    """The reader's mailbox, with the name if there is one, as it stands in the To header."""
    MESSAGE_ID = "message-id"
    """Left part of the Message-ID, steady per (edition, reader)."""
    UNSUBSCRIBE = "unsubscribe"
    """Token in the leave links; the same in header and footer."""
    PREFERENCES = "preferences"
    """Token in the preferences link."""
    BASE64 = "base64"
    """No value: the segments and values up to the next BASE64 mark are raw, and become base64 lines when spliced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An edition in the form in which it is mailed: encoded once, with slots where readers differ.

    ``segments`` is the whole message (headers and body, lines ended by CRLF, the last one too) as bytes with slots
    between; a reader's copy is a splice. No line of it begins with a dot, whatever the slots hold, so the message
    before and after dot-stuffing is the same (RFC 5321, section 4.5.2). ``html`` and ``text`` are the two parts before
    encoding, for preview, archive and "view in browser"; nothing in them belongs to a reader.
    """

    edition: EditionKey
    language: str
    subject: str
    html: str
    text: str
    segments: tuple[bytes | Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who gets letters; ``address`` is mailed as given."""

    id: ReaderId
    address: str
    name: str = ""
    language: str = ""
    editions: tuple[str, ...] = ()


class DeliveryState(Enum):
    """Where one reader's letter stands in the ledger."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    ATTEMPTING = "attempting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: unique per (edition, reader)."""

    edition: EditionKey
    reader_id: ReaderId
    state: DeliveryState
    attempts: int = 0
    next_attempt: datetime | None = None
    reply: str = ""
    """The server's last words."""
    relay: str = ""
    """Which mail server took or refused it, or may have it; empty when none was asked."""


class EditionState(Enum):
    """How far an edition has come."""

    PLANNED = "planned"
    COMPOSING = "composing"
    READY = "ready"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    PAUSED = "paused"
    CANCELLED = "cancelled"

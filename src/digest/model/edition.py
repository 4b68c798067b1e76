"""One day's edition: its items, its state, and what it told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digest.model.article import Image
from digest.model.checks import aware
from digest.model.ids import EditionKey, StoryId
from digest.model.kind import TextKind
from digest.model.story import Bullet


class Place(Enum):
    """An item's place in the letter."""

    LEAD = "lead"
    UPDATE = "update"
    TOP = "top"
    IN_DEPTH = "in-depth"
    LEFT = "left"
    """In a letter that follows another one of the day: told in full, without an article since that one."""
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
    kind: TextKind = TextKind.UNKNOWN
    author: str = ""
    """Who wrote the linked article; empty when nobody is named."""
    sponsored: bool = False
    """Its publisher marks it as advertising: it is told with a label."""
    image: Image | None = None
    earlier_anchor: str = ""
    """For an update: the story's anchor in the edition that told it first."""
    own: bool = False
    """The editor wrote it: its bullets are quoted from nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The editor's greeting; signed when ``author`` is not empty."""

    text: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseNote:
    """A line of a sponsor, or of the house when ``sponsor`` is empty."""

    text: str
    link: str = ""
    sponsor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was wrong in an edition that went out, and what is right."""

    id: int
    edition: EditionKey
    """The edition that was wrong."""
    title: str
    """Its title."""
    anchor: str
    """The place in it."""
    headline: str
    """The headline under which it stood."""
    wrong: str
    """The words as they were printed."""
    right: str
    """The correction, in the editor's words."""
    at: datetime

    def __post_init__(self) -> None:
        aware("Correction.at", self.at)


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
    one_publisher: bool = False
    """All its sources are one publisher's: its letter need not say who reported each story."""
    house: HouseNote | None = None
    corrections: tuple[Correction, ...] = ()
    """What earlier editions had wrong, said to those who read them."""

    def __post_init__(self) -> None:
        aware("Edition.cut", self.cut)


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


class EditionState(Enum):
    """How far an edition has come."""

    PLANNED = "planned"
    READY = "ready"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    PAUSED = "paused"
    CANCELLED = "cancelled"

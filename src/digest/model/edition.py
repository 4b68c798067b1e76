"""One day's edition: its items, its state, and the stories told in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from digest.model.article import Image
from digest.model.block import Block
from digest.model.checks import aware
from digest.model.finds import Earlier, Find, Finds
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
    """In the second letter of a day: a story told in full, without any new article since the first letter."""
    ALSO = "also"
    MISSED = "missed"


TOLD_IN_FULL = frozenset({Place.LEAD, Place.UPDATE, Place.TOP, Place.LEFT})
"""Places of stories with bullets. A sentence on what comes next may follow the bullets."""
LINES = frozenset({Place.ALSO, Place.MISSED})
"""Places of stories that are one line each."""
SUBJECT_CHARACTERS = 78
"""Most characters of a subject: more is cut off in most inboxes (RFC 5322, section 2.1.1 recommends it, too)."""
PREHEADER_CHARACTERS = (40, 130)
"""The fewest and the most characters of a preheader, which inboxes show after the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story in an edition; ``anchor`` is its id in the page and does not change within the edition."""

    story_id: StoryId
    place: Place
    anchor: str
    headline: str
    link: str
    source_name: str
    publishers: tuple[str, ...] = ()
    bullets: tuple[Bullet, ...] = ()
    minutes: int = 1
    """Reading time of the lead article in whole minutes, at least 1."""
    section: str = ""
    kind: TextKind = TextKind.UNKNOWN
    author: str = ""
    """The author of the linked article; empty when no author is named."""
    sponsored: bool = False
    """Its publisher marks it as advertising: the letter shows a label."""
    image: Image | None = None
    earlier_anchor: str = ""
    """For an update: the story's anchor in the edition that first told it."""
    own: bool = False
    """Whether the editor wrote the item. Then its bullets quote no article."""
    slug: str = ""
    """One to three words that name the story. Empty when no words are certain enough."""
    slug_why: str = ""
    """Why these words were chosen, for ``explain``."""
    ahead: Find | None = None
    """A sentence on what comes next, shown under the item's bullets."""
    so_far: tuple[Earlier, ...] = ()
    """Earlier tellings of the story, the newest first."""
    group: str = ""
    """The section of the letter that holds the item, as the settings write it; empty in a letter without sections."""
    walled: bool = False
    """The linked article is for subscribers only, and the letter says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The editor's greeting; signed when ``author`` is not empty."""

    text: str
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseNote:
    """A line from a sponsor, or from the publication itself when ``sponsor`` is empty."""

    text: str
    link: str = ""
    sponsor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An error in a published edition, and its correction."""

    id: int
    edition: EditionKey
    """The edition with the error."""
    title: str
    """Title of that edition."""
    anchor: str
    """The item's anchor in it; empty for a line that belongs to no item."""
    headline: str
    """The item's headline in that edition; the title of the edition for a line that belongs to no item."""
    wrong: str
    """The wrong text, as printed."""
    right: str
    """The correction, in the editor's own words."""
    at: datetime

    def __post_init__(self) -> None:
        aware("Correction.at", self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One composed edition: everything that a letter says, and nothing about its readers.

    ``items`` are in the letter's order; each item's ``place`` decides in which part of the letter it is.
    ``still_covered`` are headlines of told stories that sources repeat without news; the letter joins them into one
    line. ``earlier`` is the edition of the same day that came before this one.
    """

    key: EditionKey
    title: str
    language: str
    zone: str
    """IANA name of the time zone of ``key.date``."""
    cut: datetime
    """Articles that digest saw after this instant (UTC) are not in the edition."""
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
    """All its sources belong to one publisher: its letter need not name a source for each story."""
    house: HouseNote | None = None
    corrections: tuple[Correction, ...] = ()
    """Corrections of earlier editions, shown to their readers."""
    blocks: tuple[Block, ...] = ()
    """Its blocks, such as weather or dates, in the order of the settings."""
    finds: Finds = field(default_factory=Finds)
    """The sentences and names that the letter shows beside its stories."""

    def __post_init__(self) -> None:
        aware("Edition.cut", self.cut)

    @property
    def opening_names(self) -> tuple[str, ...]:
        """The names in the letter's opening line; none on a day with few stories, or when the editor wrote a note."""
        noted = self.note is not None and self.note.text.strip()
        return () if self.thin or noted else self.finds.names


def passages_of(edition: Edition) -> Iterator[tuple[str, Bullet]]:
    """Yield every passage that a letter quotes from an article, with the headline of its story, in no given order."""
    for item in edition.items:
        yield from ((item.headline, bullet) for bullet in item.bullets if not item.own)
        if item.ahead is not None:
            yield item.headline, item.ahead.passage
    for shown in (*edition.finds.coming, edition.finds.number, edition.finds.quote):
        if shown is not None:
            yield shown.headline, shown.find.passage


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """What an earlier edition told of a story. It keeps later letters from repeating the story."""

    edition: EditionKey
    story_id: StoryId
    anchor: str
    headline: str
    urls: tuple[str, ...]
    """Canonical URLs of all articles that the story had then."""
    titles: tuple[str, ...]
    text: str
    """Opening of the story's lead article, to compute similarity."""
    bullets: tuple[str, ...]
    publishers: int
    cut: datetime
    """The ``cut`` of the edition that told the story. Only articles published later can bring news."""


class EditionState(Enum):
    """The state of an edition."""

    PLANNED = "planned"
    READY = "ready"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    PAUSED = "paused"
    CANCELLED = "cancelled"

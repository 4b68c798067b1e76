"""Events that other systems are notified of by webhook, with their details.

Each event has a type, and a Struct with the details that its payload contains. Version 1 only grows: fields may be
added, and none is removed or gets another meaning.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import ClassVar

from msgspec import Struct

VERSION = 1
"""Version of all payloads."""


class EventType(Enum):
    """The type of an event."""

    SIGNED_UP = "reader.signed_up"
    CONFIRMED = "reader.confirmed"
    CHANGED = "reader.changed"
    LEFT = "reader.left"
    BOUNCED = "reader.bounced"
    COMPLAINED = "reader.complained"
    COMPOSED = "edition.composed"
    WAITING = "edition.waiting"
    SENT = "edition.sent"
    HELD = "edition.held"
    SKIPPED = "edition.skipped"
    CORRECTED = "correction.made"


class Details(Struct, frozen=True, kw_only=True):
    """The details of one event."""

    type: ClassVar[EventType]


class ReaderDetails(Details, frozen=True, kw_only=True):
    """Details of an event about a reader."""


class EditionDetails(Details, frozen=True, kw_only=True):
    """Details of an event about an edition."""


class SignedUp(ReaderDetails, frozen=True, kw_only=True):
    """Somebody signed up and gets a mail to confirm it. They are not a reader yet, so there is no id."""

    type: ClassVar[EventType] = EventType.SIGNED_UP
    editions: tuple[str, ...]
    language: str


class Confirmed(ReaderDetails, frozen=True, kw_only=True):
    """A reader confirmed, or came back; or the operator added them (``by``: ``reader`` or ``operator``)."""

    type: ClassVar[EventType] = EventType.CONFIRMED
    editions: tuple[str, ...]
    by: str


class Changed(ReaderDetails, frozen=True, kw_only=True):
    """A reader's data changed; they are still a reader.

    ``changes`` names what changed: ``editions``, ``pause``, ``language``, ``zone``, ``name``, ``address``.
    """

    type: ClassVar[EventType] = EventType.CHANGED
    changes: tuple[str, ...]
    editions: tuple[str, ...]
    """All editions that the reader gets now."""
    by: str
    """``link`` in a letter, ``preferences``, or ``operator``."""


class Left(ReaderDetails, frozen=True, kw_only=True):
    """A reader left and gets no more editions, or was erased."""

    type: ClassVar[EventType] = EventType.LEFT
    editions: tuple[str, ...]
    """The editions that they left."""
    by: str
    """``link`` in a letter, ``preferences``, or ``operator``."""
    erased: bool = False
    """Whether all personal data was erased, so that receivers should erase theirs."""


class Bounced(ReaderDetails, frozen=True, kw_only=True):
    """A letter to a reader came back, or was refused."""

    type: ClassVar[EventType] = EventType.BOUNCED
    kind: str
    """``hard``, ``soft``, or ``refused`` when the server refused the address during the sending."""
    status: str
    """The enhanced status code (RFC 3463); empty when unknown."""
    suppressed: bool
    """Whether the reader gets no more letters from now on."""


class Complained(ReaderDetails, frozen=True, kw_only=True):
    """A reader marked a letter as junk."""

    type: ClassVar[EventType] = EventType.COMPLAINED
    suppressed: bool


class Composed(EditionDetails, frozen=True, kw_only=True):
    """An edition was composed for the first time."""

    type: ClassVar[EventType] = EventType.COMPOSED
    stories: int


class Waiting(EditionDetails, frozen=True, kw_only=True):
    """A draft waits for approval."""

    type: ClassVar[EventType] = EventType.WAITING
    deadline: datetime | None
    """When it is sent without approval (UTC); null when it is never sent without."""
    link: str
    """URL of the draft at the desk; empty without a public site."""


class Sent(EditionDetails, frozen=True, kw_only=True):
    """All letters of an edition are sent."""

    type: ClassVar[EventType] = EventType.SENT
    letters: int
    """Number of readers in the audience of the edition."""


class Held(EditionDetails, frozen=True, kw_only=True):
    """An edition is held: it is not sent until an editor releases it, or its problem is repaired."""

    type: ClassVar[EventType] = EventType.HELD
    cause: str
    """``stories``, ``editor`` or ``check``."""
    reason: str


class Skipped(EditionDetails, frozen=True, kw_only=True):
    """An edition is not sent."""

    type: ClassVar[EventType] = EventType.SKIPPED
    cause: str
    """``stories``, ``editor``, ``operator`` or ``clock``."""
    reason: str


class Corrected(EditionDetails, frozen=True, kw_only=True):
    """A correction of a sent edition was published."""

    type: ClassVar[EventType] = EventType.CORRECTED
    number: int
    anchor: str
    """Anchor of the story in the letter's page in the archive."""
    headline: str
    wrong: str
    right: str


DETAILS: dict[EventType, type[Details]] = {
    each.type: each
    for each in (
        SignedUp,
        Confirmed,
        Changed,
        Left,
        Bounced,
        Complained,
        Composed,
        Waiting,
        Sent,
        Held,
        Skipped,
        Corrected,
    )
}
"""Type of an event -> its details."""


class EditionPart(Struct, frozen=True, kw_only=True):
    """The edition of an event."""

    name: str
    date: date
    number: int
    """1, or more for editions on demand."""
    title: str
    """Its title in the letter; empty before it is composed."""
    due: datetime

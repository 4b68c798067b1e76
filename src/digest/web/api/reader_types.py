"""The types of the requests about readers and of the answers to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from digest.storage.readers import StoredReader
from digest.web.api.paging import PageQuery
from digest.web.api.route import Input
from digest.web.api.types import (
    Address,
    EditionName,
    EditionNames,
    Instant,
    Language,
    Line,
    LongLine,
    Wording,
    Zone,
)


class SignUp(Input, frozen=True, kw_only=True):
    """A person who wants to get letters. Digest asks them by mail to confirm."""

    address: Address
    editions: EditionNames
    language: Language = ""


class SignUpAnswer(Struct, frozen=True, kw_only=True):
    """The answer to every sign-up: it does not reveal whether the address is known."""

    status: str
    """Always `confirmation requested`."""


class Consent(Input, frozen=True, kw_only=True):
    """How you know that the person agreed to get letters."""

    source: LongLine
    """Where the person agreed, such as a page or a form."""
    given_at: Instant
    wording: Wording
    """The text to which the person agreed."""


class NewReaderBody(Input, frozen=True, kw_only=True):
    """A person whose consent you can prove. They get letters at once."""

    address: Address
    editions: EditionNames
    consent: Consent
    name: Line = ""
    language: Language = ""
    zone: Zone = ""
    """The person's time zone, for editions with `reader_zone`."""


class ReaderAdded(Struct, frozen=True, kw_only=True):
    """The result of adding a reader.

    It has no address, since the answer may be stored for repetitions of the request.
    """

    id: int
    outcome: str
    """What happened: `added`, `changed` (known, with more editions now) or `known`."""


class ReaderAddress(Input, frozen=True, kw_only=True):
    """An address to look for. It is in the body, because addresses of URLs end up in logs."""

    address: Address


class ReaderPatch(Input, frozen=True, kw_only=True):
    """Changes of a reader who gets letters. Fields that are missing stay as they are."""

    address: Address | UnsetType = UNSET
    """The new address. Links that were mailed to the old address become invalid."""
    name: Line | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    editions: EditionNames | UnsetType = UNSET
    """All editions that the reader gets from now on."""


class PauseBody(Input, frozen=True, kw_only=True):
    """A pause of a reader who gets letters."""

    until: date
    """The first day with letters again, in the zone of each edition: after today, and at most 366 days ahead."""
    edition: EditionName | UnsetType = UNSET
    """The edition whose letters pause; all of them without it."""


class PauseQuery(Input, frozen=True, kw_only=True):
    """The edition whose pause is ended."""

    edition: EditionName | UnsetType = UNSET
    """The edition whose letters come again; all of them without it."""


class ReaderOut(Struct, frozen=True, kw_only=True):
    """A reader."""

    id: int
    address: str
    name: str
    language: str
    zone: str
    """IANA name of the reader's time zone. Empty when it is not known."""
    editions: tuple[str, ...]
    state: str
    """`active`, `left`, `bounced`, `complained` or `suppressed`. Only an `active` reader gets letters."""
    added_at: datetime
    left_at: datetime | None
    consent: dict[str, str]
    """The proof of the reader's consent, such as the time of their confirmation."""
    pauses: dict[str, datetime]
    """Edition -> when its letters come again. Editions that are not paused now are missing."""


class ReaderPage(Struct, frozen=True, kw_only=True):
    """Some readers."""

    items: tuple[ReaderOut, ...]
    next: str | None
    """The value of `after` with which the next page is requested. Null at the end."""


class ReaderQuery(PageQuery, frozen=True, kw_only=True):
    """The query of the list of readers."""

    left: bool = False
    """Whether readers who left are listed too."""


class Export(Struct, frozen=True, kw_only=True):
    """Everything that is stored about a reader, by table."""

    reader: dict[str, Any]
    subscriptions: tuple[dict[str, Any], ...]
    suppressions: tuple[dict[str, Any], ...]
    letters: tuple[dict[str, Any], ...]
    mails: tuple[dict[str, Any], ...]
    bounces: tuple[dict[str, Any], ...]


class ReaderLeft(Struct, frozen=True, kw_only=True):
    """A reader who left. It has no address, since the answer may be stored for repetitions of the request."""

    id: int
    state: str


def shown(stored: StoredReader, now: datetime) -> ReaderOut:
    """Return a stored reader as answers show it. Pauses that have ended at ``now`` are left out."""
    return ReaderOut(
        id=stored.reader.id,
        address=stored.reader.address,
        name=stored.reader.name,
        language=stored.reader.language,
        zone=stored.reader.zone,
        editions=stored.reader.editions,
        state=stored.shown_state,
        added_at=stored.added_at,
        left_at=stored.left_at,
        consent=dict(stored.consent),
        pauses={name: until for name, until in stored.pauses.items() if until > now},
    )

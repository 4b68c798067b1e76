"""The facts about the service at one moment: the input of the alert rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.model.course import Course
from digest.model.ids import EditionKey
from digest.model.sign import Sign

LOOK_BACK = timedelta(days=1)
"""The rules look at editions that are due within this time of now."""
RETURNS_WITHIN = timedelta(days=3)
"""The bounce and complaint rates count the letters of these days and the mails that came back for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An edition that is due or will be soon; ``course`` is None when it has no row yet."""

    key: EditionKey
    due: datetime
    closes: datetime
    """The edition may begin until this time."""
    course: Course | None = None
    waits_for_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a followed source answers."""

    name: str
    failing_since: datetime | None
    """None while the source answers."""
    result: str
    """The result of the last fetch, as text."""
    given_up: bool = False
    """The source is no longer fetched: it is gone, or it has failed for a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """The letters of the last days, and how many of them came back."""

    letters: int
    bounced: int
    """Refused permanently, during sending or later."""
    complaints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Free space of the disk that stores some of our data."""

    place: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """How a receiver of webhooks answers."""

    name: str
    failing_since: datetime | None
    """None while it accepts messages."""
    disabled_why: str
    """``gone`` or ``failing`` when the program disabled it; empty when it is enabled, or was disabled by command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts that are known at ``now``."""

    now: datetime
    editions: tuple[Planned, ...] = ()
    signs: tuple[Sign, ...] = ()
    sources: tuple[Following, ...] = ()
    returns: Returns | None = None
    disks: tuple[Disk, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    """Editions that readers subscribe to but the settings lack -> number of these readers."""

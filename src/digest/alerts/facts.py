"""What is known of the service at one moment: all that the rules of alerts look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.model.course import Course
from digest.model.ids import EditionKey
from digest.model.sign import Sign

LOOK_BACK = timedelta(days=1)
"""Editions due within it are looked at."""
RETURNS_WITHIN = timedelta(days=3)
"""Letters of so many days, and what came back in them, make the rates of bounces and complaints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An edition whose time has come or comes soon; ``course`` is None when nobody has touched it."""

    key: EditionKey
    due: datetime
    closes: datetime
    """It may begin until then."""
    course: Course | None = None
    waits_for_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a source that is followed answers."""

    name: str
    failing_since: datetime | None
    """None while it answers."""
    result: str
    """What came of the last fetch, in words."""
    given_up: bool = False
    """It is not asked any more: gone, or dead for a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Letters of the last days, and how many of them came back."""

    letters: int
    bounced: int
    """Refused for good, while they were sent or later."""
    complaints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Room where something of ours is stored."""

    place: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known at ``now``."""

    now: datetime
    editions: tuple[Planned, ...] = ()
    signs: tuple[Sign, ...] = ()
    sources: tuple[Following, ...] = ()
    returns: Returns | None = None
    disks: tuple[Disk, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    """Editions that readers subscribe to and the settings lack, with the number of these readers."""

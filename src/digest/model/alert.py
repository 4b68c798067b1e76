"""What is wrong with the service, and since when: the values of the operator's alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class AlertKind(Enum):
    """What an alert is about."""

    HELD = "edition-held"
    LATE = "edition-late"
    SKIPPED = "edition-skipped"
    NOT_STARTED = "edition-not-started"
    RELAY = "relay"
    SOURCE = "source-dead"
    BOUNCES = "bounces"
    COMPLAINTS = "complaints"
    DISK = "disk"
    CERTIFICATE = "certificate"
    SERVICE = "service-dead"
    NO_EDITION = "edition-gone"
    TEST = "test"


EVENTS = frozenset({AlertKind.LATE, AlertKind.SKIPPED, AlertKind.NOT_STARTED})
"""They happened, and do not end: no note of recovery follows. An edition not started is next sent late, or skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that the operator should know; ``about`` names the thing, so that it is told once."""

    kind: AlertKind
    about: str
    words: str
    over: str = ""
    """What a note says when it is over."""

    @property
    def key(self) -> str:
        """What makes it the same alert as before."""
        return f"{self.kind.value} {self.about}"


class Phase(Enum):
    """What a channel is told of an alert."""

    RAISED = "raised"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert with its number, and which phase each channel was told last."""

    id: int
    key: str
    kind: AlertKind
    words: str
    raised_at: datetime
    cleared_at: datetime | None = None
    over: str = ""
    told: dict[str, Phase] = field(default_factory=dict)

    @property
    def phase(self) -> Phase:
        """Whether it goes on."""
        return Phase.RAISED if self.cleared_at is None else Phase.CLEARED

"""The values of the operator's alerts: what is wrong with the service, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class AlertKind(Enum):
    """The subject of an alert."""

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
    WEBHOOK = "webhook"
    TEST = "test"


EVENTS = frozenset({AlertKind.LATE, AlertKind.SKIPPED, AlertKind.NOT_STARTED})
"""Events happen once and do not end, so no recovery is reported. NOT_STARTED later becomes LATE or SKIPPED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that the operator should know; ``about`` names the thing, so that it is reported once."""

    kind: AlertKind
    about: str
    words: str
    over: str = ""
    """The text of the note that says it is over."""

    @property
    def key(self) -> str:
        """The identity of the alert: two alerts with the same key are the same."""
        return f"{self.kind.value} {self.about}"


class Phase(Enum):
    """The phase of an alert, as sent to a channel."""

    RAISED = "raised"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert with its number, and the phase last sent to each channel."""

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
        """RAISED while the alert continues, CLEARED when it is over."""
        return Phase.RAISED if self.cleared_at is None else Phase.CLEARED

"""The values of the operator's alerts: what is wrong with the service, and since when."""

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
    WEBHOOK = "webhook"
    TEST = "test"


EVENTS = frozenset({AlertKind.LATE, AlertKind.SKIPPED, AlertKind.NOT_STARTED})
"""These alerts report single events, which have no end, so no recovery is reported.

NOT_STARTED later becomes LATE or SKIPPED.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that the operator should know.

    ``about`` names the source, edition or relay concerned, so that each problem is reported once.
    """

    kind: AlertKind
    about: str
    words: str
    over: str = ""
    """The text of the message that reports the end of the problem."""

    @property
    def key(self) -> str:
        """The kind and the subject as one text. Two alerts with the same key report the same problem."""
        return f"{self.kind.value} {self.about}"


class Phase(Enum):
    """Whether an alert has begun or ended, as a channel reports it."""

    RAISED = "raised"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """A stored alert. ``told`` maps each channel to the phase that was last sent to it."""

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
        """RAISED while the problem continues, CLEARED when it is over."""
        return Phase.RAISED if self.cleared_at is None else Phase.CLEARED

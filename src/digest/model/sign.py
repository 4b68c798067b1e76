"""Signs of life: what each process that serves tells of itself, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

BEAT = timedelta(seconds=10)
"""How often a process tells that it lives."""
DEAD_AFTER = timedelta(seconds=60)
"""A process that was silent for so long is dead, or its machine is."""


class RelayTrouble(Enum):
    """What is wrong with a relay."""

    NONE = ""
    UNREACHABLE = "cannot be reached"
    REFUSES = "refuses us"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayState:
    """How a relay met a process the last time, and since when it is so."""

    trouble: RelayTrouble
    since: datetime
    certificate_ends: datetime | None = None
    """When its TLS certificate ends; None when no protected connection told."""


class Life(Enum):
    """Whether a process serves."""

    ALIVE = "alive"
    STOPPED = "stopped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The last that was heard of a process."""

    process: str
    host: str
    version: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None = None
    relays: Mapping[str, RelayState] = field(default_factory=dict)

    def life(self, now: datetime) -> Life:
        """Tell whether it serves; one from a clock that is ahead of ours was heard of just now."""
        if self.stopped_at is not None:
            return Life.STOPPED
        return Life.ALIVE if now - self.beat_at < DEAD_AFTER else Life.DEAD

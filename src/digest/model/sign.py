"""Heartbeats: what each serving process reports about itself at regular intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

BEAT = timedelta(seconds=10)
"""The interval between two heartbeats of a process."""
DEAD_AFTER = timedelta(seconds=60)
"""A process without a heartbeat for this long counts as dead."""


class RelayTrouble(Enum):
    """What is wrong with a relay."""

    NONE = ""
    UNREACHABLE = "cannot be reached"
    REFUSES = "refuses us"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTrouble:
    """A past problem of a relay, with its first and last moment."""

    trouble: RelayTrouble
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayState:
    """The state of a relay as a process last saw it, and since when."""

    trouble: RelayTrouble
    since: datetime
    certificate_ends: datetime | None = None
    """When its TLS certificate ends; None when no TLS connection has shown it."""
    past: PastTrouble | None = None
    """The latest trouble that is over. It may have begun and ended between two heartbeats."""


class Life(Enum):
    """Whether a process is serving."""

    ALIVE = "alive"
    STOPPED = "stopped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The last heartbeat of a process."""

    process: str
    host: str
    version: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None = None
    relays: Mapping[str, RelayState] = field(default_factory=dict)

    def life(self, now: datetime) -> Life:
        """Return the state of the process; a heartbeat in the future, from a fast clock, counts as alive."""
        if self.stopped_at is not None:
            return Life.STOPPED
        return Life.ALIVE if now - self.beat_at < DEAD_AFTER else Life.DEAD

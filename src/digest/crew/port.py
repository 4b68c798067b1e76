"""The interface of a crew: four methods, so that the engine behind them can be replaced."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

VERSION = 1
"""Version of the arguments of jobs. A newer program does older jobs; an older program leaves newer jobs to others."""

Arguments = Mapping[str, Any]
"""Arguments of a job: numbers and texts that JSON can hold."""
Handler = Callable[[Arguments], datetime | None]
"""Does a job. Returns the time at which the job is to be repeated, or None when it is done."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is repeated, by one process of the crew at a time."""

    queue: str
    work: Callable[[], object]
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that is done once, by any free worker."""

    queue: str
    kind: str
    arguments: Arguments
    once: str = ""
    """Of jobs with the same ``once``, only one waits at a time. Empty means no limit."""
    lock: str = ""
    """Of jobs with the same lock, only one runs at a time. Empty means no lock."""
    at: datetime | None = None
    """Earliest start. None means at once."""


@dataclass(frozen=True, slots=True)
class Mate:
    """One worker of a crew."""

    name: str
    silent_s: float
    """Seconds since the last heartbeat."""
    doing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewStatus:
    """The state of a crew."""

    mates: tuple[Mate, ...]
    waiting: Mapping[str, int]
    """Number of waiting jobs, by queue."""
    stalled: tuple[str, ...] = ()
    """Jobs of workers without a heartbeat for too long."""


class Crew(Protocol):
    """Does periodic work and jobs."""

    def repeat(self, works: Mapping[str, Periodic]) -> None:
        """Do this periodic work from now on, in place of the earlier periodic work."""
        ...

    def defer(self, *jobs: Job) -> None:
        """Add jobs to be done. A job is not added when one with the same ``once`` waits already."""
        ...

    def run(self, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
        """Work until ``stop`` is set and running jobs have ended. ``handlers`` do the jobs of each kind."""
        ...

    def status(self) -> CrewStatus:
        """Return the workers and the waiting jobs."""
        ...

"""What a crew does: four verbs, so that the engine behind them can be another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

VERSION = 1
"""Of the arguments of jobs. A newer program does an older one's jobs; an older one leaves newer jobs to others."""

Arguments = Mapping[str, Any]
"""What a job is about: numbers and texts, as JSON has them."""
Handler = Callable[[Arguments], datetime | None]
"""Does a job; returns when the same job is to come again, or None when it is done."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is done again and again, by one process of the crew at a time."""

    queue: str
    work: Callable[[], object]
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that is done once, by whoever is free."""

    queue: str
    kind: str
    arguments: Arguments
    once: str = ""
    """Of jobs that wait under the same name, there is one."""
    lock: str = ""
    """Of jobs with the same lock, one runs at a time."""
    at: datetime | None = None
    """Not before."""


@dataclass(frozen=True, slots=True)
class Mate:
    """One worker of a crew."""

    name: str
    silent_s: float
    """Seconds since its last sign of life."""
    doing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewStatus:
    """How a crew is."""

    mates: tuple[Mate, ...]
    waiting: Mapping[str, int]
    """Jobs that wait, by queue."""
    stalled: tuple[str, ...] = ()
    """Jobs whose worker gave no sign of life for too long."""


class Crew(Protocol):
    """Does periodic work and jobs."""

    def repeat(self, works: Mapping[str, Periodic]) -> None:
        """Do this periodic work from now on, in place of what was done before."""
        ...

    def defer(self, *jobs: Job) -> None:
        """Have jobs done; one that waits already under its ``once`` is not added."""
        ...

    def run(self, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
        """Work until ``stop`` is set and what is under way has ended; ``handlers`` do the jobs of each kind."""
        ...

    def status(self) -> CrewStatus:
        """Return who works, and what waits."""
        ...

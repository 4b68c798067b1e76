"""Options, progress and report of one dispatch run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from digest.bookkeeping import LEASE, Claim, Counts
from digest.deliver.pacing.rate_limits import Rates
from digest.deliver.pacing.relay_choice import OwnTallies, Tallies
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Parcel
from digest.errors import DeliveryError
from digest.model.meter import UNMETERED, Meter

Write = Callable[[Claim], Parcel]
"""Makes a reader's copy; the parcel's id is the reader's. The same reader gives the same bytes, at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOptions:
    """What the operator and the edition lay down for a run."""

    expires: datetime
    """No letter leaves at or after this instant."""
    journals: Path
    """A folder on this machine for hand-over journals, the same for every run."""
    rates: Rates = field(default_factory=Rates)
    tallies: Tallies = field(default_factory=OwnTallies)
    """Where letters are counted for the rates, and for those of the ways; of its own, they hold for this run alone."""
    goes_first: bool = False
    """Whether its letters go before those of other runs that share a short limit."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    wait_for_deferred: timedelta = timedelta()
    """How long a run stays for letters that were put off."""
    lease: timedelta = LEASE
    """How long a claim of the ledger holds; letters are handed over for three quarters of it."""
    grace: timedelta = timedelta()
    """How much later the lease of a run on another machine ends for us: its clock may be behind ours."""
    forbidden: Callable[[], str] = str
    """Asked before each claim, in the ledger's thread, why no letter may leave; empty when they may."""
    letters_a_lane: int = 0
    """How many letters for each connection may be noted as attempts and not yet written as settled.

    So many are uncertain at most when a machine is lost with its journal. With 0 as many as is fastest.
    """
    relay_patience: timedelta = timedelta(seconds=15)
    """How long an unreachable relay is tried before the run ends."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    settled: int
    """Letters that wait for nothing more, whoever sent them."""
    audience: int
    seconds: float
    waiting: str = ""
    """What holds the next letter up for some time; empty when nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What a run did, and where the edition stands now."""

    counts: Counts
    """All letters of the edition, by state."""
    settled: tuple[tuple[Fate, int], ...]
    """How many verdicts of each fate this run reached."""
    recovered: int
    """Letters of earlier runs whose fate was found out or settled."""
    seconds: float
    stopped: str = ""
    """Why it ended before its work was done; empty when nothing is due now."""
    error: DeliveryError | None = None
    """The trouble that stopped it, when it was one."""
    next_attempt: datetime | None = None
    troubles: tuple[str, ...] = ()
    """What is wrong with relays that the run went on without."""
    faults: tuple[tuple[str, Exception], ...] = ()
    """Relays at which the program itself failed, each with the unforeseen exception."""
    replies: tuple[tuple[str, int], ...] = ()
    """What became of how many letters and why, as in ``rejected recipient gone``, most often first."""

    def number(self, fate: Fate) -> int:
        """Return how many letters met ``fate`` in this run."""
        return dict(self.settled).get(fate, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The wires between a run and who started it."""

    stop: threading.Event = field(default_factory=threading.Event)
    """Set, it drains the run: what is under way is finished, all else goes back into the queue."""
    on_progress: Callable[[Progress], None] | None = None
    """Called after each transaction, in the thread of the run."""
    meter: Meter = UNMETERED
    """Told of each letter's fate, and of how the relays meet us, in the thread of the run."""

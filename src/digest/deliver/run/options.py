"""Options, progress and report of one sending run."""

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
from digest.deliver.transports.event_loop import DeliveryLoop
from digest.errors import DeliveryError
from digest.model.meter import UNMETERED, Meter

Write = Callable[[Claim], Parcel]
"""Makes a reader's copy of the letter. The parcel's id is the reader's id.

The same reader always gets the same bytes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOptions:
    """The settings of one run, from the operator and the edition."""

    expires: datetime
    """No letter leaves at or after this instant."""
    journals: Path
    """The folder on this machine for journals of handed-over letters; every run uses the same one."""
    label: str = ""
    """The beginning of the name of this run's journal."""
    rates: Rates = field(default_factory=Rates)
    tallies: Tallies = field(default_factory=OwnTallies)
    """Where letters are counted for all rates. With OwnTallies, the limits are for this run alone."""
    goes_first: bool = False
    """Whether its letters go before those of other runs that share a limit of seconds."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    wait_for_deferred: timedelta = timedelta()
    """How long a run waits for deferred letters that are not due yet."""
    lease: timedelta = LEASE
    """How long a claim in the ledger lasts; letters are handed over in the first three quarters of this time."""
    grace: timedelta = timedelta()
    """Extra time before the lease of a run on another machine counts as ended: its clock may be behind ours."""
    forbidden: Callable[[], str] = str
    """Called before each claim and renewal, in the ledger's thread.

    Returns why this run must end; empty when it goes on. Letters in progress are settled first.
    """
    letters_a_lane: int = 0
    """How many letters of a connection may be noted as attempts before their outcomes are written.

    This is how many letters are uncertain at most if a machine is lost with its journal. 0 means as fast as possible.
    """
    relay_patience: timedelta = timedelta(seconds=15)
    """How long an unreachable relay is tried before the run ends."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run."""

    settled: int
    """Letters for which nothing more will be done, whichever run sent them."""
    audience: int
    seconds: float
    waiting: str = ""
    """Why the next letter is delayed for some time; empty when it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What a run did, and the present state of the edition."""

    counts: Counts
    """All letters of the edition, by state."""
    settled: tuple[tuple[Fate, int], ...]
    """How many verdicts of each fate this run reached."""
    recovered: int
    """Letters of earlier runs that were settled."""
    seconds: float
    stopped: str = ""
    """Why it ended before its work was done; empty when nothing more is due now."""
    error: DeliveryError | None = None
    """The error that stopped it, if one did."""
    next_attempt: datetime | None = None
    troubles: tuple[str, ...] = ()
    """The problems of relays that the run continued without."""
    faults: tuple[tuple[str, Exception], ...] = ()
    """Relays at which the program itself failed, each with its unexpected exception."""
    replies: tuple[tuple[str, int], ...] = ()
    """The number of letters for each outcome and reason, as in ``rejected recipient gone``, most frequent first."""

    def number(self, fate: Fate) -> int:
        """Return how many letters had the outcome ``fate`` in this run."""
        return dict(self.settled).get(fate, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """How the caller of a run controls and observes it."""

    stop: threading.Event = field(default_factory=threading.Event)
    """When set, the run finishes the letters in progress, puts all others back into the queue, and ends."""
    on_progress: Callable[[Progress], None] | None = None
    """Called after each transaction, in the run's thread."""
    meter: Meter = UNMETERED
    """Gets each letter's outcome, and how the relays behave, in the run's thread."""
    loop: Callable[[], DeliveryLoop] = DeliveryLoop
    """Makes the run's event loop. Its clock measures how long a relay takes to answer."""

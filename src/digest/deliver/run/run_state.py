"""What all parts of a run share: whether it goes on, what it holds, and what it has noted."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from digest.bookkeeping import Claim, Order, Outcome
from digest.deliver.ledger.journal import Journal
from digest.deliver.ledger.ledger import outcome
from digest.deliver.protocol.replies import Fate, Verdict, reply_class
from digest.deliver.run.options import DispatchOptions, Write
from digest.errors import DeliveryError
from digest.model.ids import ReaderId

GROUP = 100
"""Attempts noted in one transaction: one disk flush for so many letters, and at most so many uncertain ones when
the journal is lost as well."""

FRESH = 1.5
"""Seconds for which it is known that a reader has not left; a letter leaves no later after the last look."""

_MOST_RETURNS = 3
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""It runs on while the machine sleeps, where there is one that does: leases do not wait for us."""


def seconds() -> float:
    """Return seconds that never go back."""
    return time.clock_gettime(_CLOCK)


class RunState:
    """One run of dispatch."""

    def __init__(
        self,
        write: Write,
        orders: DispatchOptions,
        clock: Callable[[], datetime],
        journal: Journal,
        ticks: Callable[[], float] = seconds,
    ) -> None:
        self.write = write
        self.orders = orders
        self.clock = clock
        self.journal = journal
        self.seconds = ticks
        """Seconds that never go back: all waiting is measured by them."""
        self.chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self.began = ticks()
        self.began_at = clock()
        self.group = GROUP
        """Outcomes that are written without waiting for more."""
        self.lease_ends = 0.0
        self.looked_at = 0.0
        """When it was last asked who has left."""
        self.over = False
        self.order = Order.GO
        self.stopped = ""
        self.error: DeliveryError | None = None
        self.undealt: deque[Claim] = deque()
        """Letters whose attempt is noted and which no way has in its hand."""
        self.under_way = 0
        self.outcomes: list[Outcome] = []
        self.settled: Counter[Fate] = Counter()
        self.replies: Counter[str] = Counter()
        self.ended = asyncio.Event()
        self.hurried = asyncio.Event()
        """The operator wants the run to end: letters under way get a few seconds."""
        self.to_book = asyncio.Event()
        self._returns: Counter[ReaderId] = Counter()

    def now(self) -> datetime:
        """Return the time by which letters are paced: it goes on evenly while the machine's clock is set."""
        return self.began_at + timedelta(seconds=self.seconds() - self.began)

    def is_expired(self) -> bool:
        """Tell whether no letter may leave any more; then the run ends."""
        if self.clock() < self.orders.expires:
            return False
        self.end("the edition has expired")
        return True

    def note(self, claim: Claim, verdict: Verdict, relay: str) -> None:
        """Note what became of a letter; one that came back too often is put off."""
        self.settled[verdict.fate] += 1
        self.replies[reply_class(verdict)] += 1
        if verdict.fate is Fate.RETURNED:
            self._returns[claim.reader_id] += 1
            if self._returns[claim.reader_id] > _MOST_RETURNS:
                verdict = Verdict(Fate.DEFERRED, verdict.act, verdict.reply)
        self.outcomes.append(outcome(claim, verdict, self.clock(), self.chance, relay))
        if len(self.outcomes) >= self.group or not self.under_way:
            self.to_book.set()

    def halt(self, error: DeliveryError) -> None:
        """End the run for the trouble that is reported."""
        self.error = self.error or error
        self.end(str(error))

    def end(self, why: str) -> None:
        """End the run: nothing more is taken, what is under way is settled."""
        if not self.over:
            self.over, self.stopped = True, why
        self.ended.set()
        self.to_book.set()


async def either(event: asyncio.Event, wait: float | None) -> None:
    """Wait for the event, or so many seconds, whichever comes first."""
    try:
        async with asyncio.timeout(wait):
            await event.wait()
    except TimeoutError:
        return

"""The state that all parts of a run share: whether it continues, its letters, and the outcomes it has noted."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf

from digest.bookkeeping import Claim, Order, Outcome
from digest.deliver.ledger.journal import Journal
from digest.deliver.ledger.ledger import outcome
from digest.deliver.protocol.replies import Fate, Verdict, reply_class
from digest.deliver.run.options import DispatchOptions, Write
from digest.errors import DeliveryError
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId

GROUP = 100
"""Number of attempts noted in one transaction, with one disk flush.

At most so many letters are uncertain when the journal is lost as well.
"""

FRESH = 1.5
"""A check of who has left is valid for this many seconds. After that no letter leaves without a new check."""

_MOST_RETURNS = 3
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that also counts while the machine sleeps, where the system has one, since leases also end during sleep."""


def seconds() -> float:
    """Return the present seconds of a monotonic clock."""
    return time.clock_gettime(_CLOCK)


class RunState:
    """The state of one run of sending."""

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
        """Seconds of a monotonic clock; all waiting is measured by them."""
        self.chance = random.Random()  # noqa: S311 - spreads retries; not for security
        self.began = ticks()
        self.began_at = clock()
        self.group = GROUP
        """As soon as so many outcomes are noted, they are written."""
        self.lease_ends = -inf
        self.looked_at = -inf
        """When it was last checked who has left."""
        self.over = False
        self.order = Order.GO
        self.stopped = ""
        self.error: DeliveryError | None = None
        self.undealt: deque[Claim] = deque()
        """Letters whose attempt is noted and which are at no route."""
        self.under_way = 0
        self.outcomes: list[Outcome] = []
        self.returned: list[Outcome] = []
        """Letters whose attempt is noted, and which are not under way any more and have no outcome yet. With small
        groups, they are noted as returned: they cannot be uncertain, and others may take their places."""
        self.answered: list[tuple[ReaderId, float]] = []
        """The letters that a relay answered, each with the moment at which the relay had it at the latest."""
        self.settled: Counter[Fate] = Counter()
        self.replies: Counter[str] = Counter()
        self.ended = asyncio.Event()
        self.hurried = asyncio.Event()
        """Set when the operator wants the run to end: letters in progress get a few seconds."""
        self.to_book = asyncio.Event()
        self._returns: Counter[ReaderId] = Counter()

    def now(self) -> datetime:
        """Return the time by which letters are paced. It advances evenly even if the machine's clock is changed."""
        return self.began_at + timedelta(seconds=self.seconds() - self.began)

    def is_expired(self) -> bool:
        """Return whether the edition has expired. If so, end the run."""
        if self.clock() < self.orders.expires:
            return False
        self.end("the edition has expired")
        return True

    def note(self, claim: Claim, verdict: Verdict, relay: str) -> None:
        """Note the result of a letter. A letter that was returned too often is deferred."""
        self.settled[verdict.fate] += 1
        self.replies[reply_class(verdict)] += 1
        if verdict.fate is Fate.RETURNED:
            self._returns[claim.reader_id] += 1
            if self._returns[claim.reader_id] > _MOST_RETURNS:
                verdict = Verdict(Fate.DEFERRED, verdict.act, verdict.reply)
        self.outcomes.append(outcome(claim, verdict, self.clock(), self.chance, relay))
        if len(self.outcomes) >= self.group or not self.under_way:
            self.to_book.set()

    def put_back(self, *claims: Claim) -> None:
        """Take letters back whose attempt is noted. Another route may send them, or the same one later."""
        self.undealt += claims
        for claim in claims:
            self.note_returned(claim)

    def note_returned(self, claim: Claim, reply: str = "") -> None:
        """Note that a letter is not under way any more, though it has no result yet; only with ``letters_a_lane``."""
        if self.orders.letters_a_lane:
            self.returned.append(Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts, reply))

    def halt(self, error: DeliveryError) -> None:
        """End the run because of an error, which the report will contain."""
        self.error = self.error or error
        self.end(str(error))

    def end(self, why: str) -> None:
        """End the run: no more letters are taken, and those in progress are settled."""
        if not self.over:
            self.over, self.stopped = True, why
        self.ended.set()
        self.to_book.set()


async def either(event: asyncio.Event, wait: float | None) -> None:
    """Wait for the event, at most ``wait`` seconds; without limit if ``wait`` is None."""
    try:
        async with asyncio.timeout(wait):
            await event.wait()
    except TimeoutError:
        return

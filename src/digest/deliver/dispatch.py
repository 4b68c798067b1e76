"""Send an edition's letters: claim, note the attempt, hand over, note the answer; stop at any point and lose nothing.

One asyncio loop in the calling thread. Lanes take letters from the run and settle them; the bookkeeper writes the
ledger in another thread, everything that has gathered in one transaction. A letter is taken only when its attempt
stands in the ledger, its lease holds, the pace allows it, and the edition has not expired.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from digest.bookkeeping import LEASE, Booked, Claim, Order, Outcome, Step, Worker
from digest.deliver.journal import Journal, here
from digest.deliver.ledger import Ledger, outcome
from digest.deliver.orders import Controls, Orders, Progress, Report, Write
from digest.deliver.pace import Breaker, Pace
from digest.deliver.recovery import recover
from digest.deliver.replies import Act, Fate, Verdict
from digest.deliver.smtp import Parcel
from digest.deliver.transport import Transport
from digest.errors import DeliveryError, DigestError, RelayUnreachable
from digest.model import DeliveryState, ReaderId

T = TypeVar("T")

GROUP = 100
"""Attempts noted in one transaction: one disk flush for so many letters, and at most so many uncertain ones when
the journal is lost as well."""

CLAIMS = 500
"""Letters claimed at once: small claims make PostgreSQL scan the same dead rows again and again (measured)."""

_LINGER = 0.05
_IDLE = 0.2
_RENEW_SECONDS = 10.0
_MOST_RETURNS = 3
_SHORTEST_REST = 0.5
_LONGEST_REST = 60.0


def dispatch(
    ledger: Ledger,
    transport: Transport,
    write: Write,
    *,
    orders: Orders,
    clock: Callable[[], datetime],
    controls: Controls | None = None,
) -> Report:
    """Send what is due and return what came of it; safe to repeat, to kill, and to run on several machines.

    Trouble with the relay is in the report. Raises StorageError and JournalUnwritable; then a next run settles
    what this one left.
    """
    return asyncio.run(_Run(ledger, transport, write, orders, clock, controls or Controls()).complete())


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""It runs on while the machine sleeps, where there is one that does: leases do not wait for us."""


def _seconds() -> float:
    return time.clock_gettime(_CLOCK)


class _Run:
    """One run; it is the Feed of its lanes."""

    def __init__(
        self,
        ledger: Ledger,
        transport: Transport,
        write: Write,
        orders: Orders,
        clock: Callable[[], datetime],
        controls: Controls,
    ) -> None:
        self._ledger = ledger
        self._transport = transport
        self._write = write
        self._orders = orders
        self._clock = clock
        self._controls = controls
        self._journal = journal = Journal(orders.journals)
        self._worker = Worker(journal.path.stem, here(), journal.path.name)
        self._pace = Pace(orders.rates)
        self._breaker = Breaker()
        self._chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._lanes: list[asyncio.Task[None]] = []
        self._claimed: deque[Claim] = deque()
        self._ready: deque[Claim] = deque()
        self._under_way: dict[int, Claim] = {}
        self._outcomes: list[Outcome] = []
        self._returns: Counter[ReaderId] = Counter()
        self._settled: Counter[Fate] = Counter()
        self._exhausted = False
        self._over = False
        self._order = Order.GO
        self._stopped = ""
        self._error: DeliveryError | None = None
        self._unreachable_since: float | None = None
        self._stays_until = orders.expires
        self._lease_ends = 0.0
        self._booked_at = 0.0
        self._renewed_at = 0.0
        self._recovered = 0
        self._audience = 0
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._to_book = asyncio.Event()

    async def complete(self) -> Report:
        """Do the whole run; its journal goes when the ledger knows all that it says."""
        with self._journal:
            return await self._complete()

    async def _complete(self) -> Report:
        began = _seconds()
        self._stays_until = self._clock() + self._orders.wait_for_deferred
        self._audience = (await self._in_thread(self._ledger.counts)).audience
        self._recovered = await self._in_thread(self._recover)
        self._lanes = [asyncio.create_task(self._lane()) for _ in range(self._transport.lanes)]
        try:
            await self._keep_books(began)
        finally:
            self._end("stopped by an error")
            trouble = await asyncio.gather(*self._lanes, return_exceptions=True)
            self._thread.shutdown()
        for error in trouble:
            if isinstance(error, BaseException):
                raise error
        self._close_the_edition()
        return Report(
            counts=self._ledger.counts(),
            settled=tuple(self._settled.items()),
            recovered=self._recovered,
            seconds=_seconds() - began,
            stopped=self._stopped,
            error=self._error,
            next_attempt=self._ledger.next_attempt(),
        )

    # --- the Feed -------------------------------------------------------------------------------------------------

    def take(self) -> Parcel | None:
        """Return the next letter that may leave now; see Feed."""
        while self._ready and not self._over and not self._hindrance():
            claim = self._next_allowed()
            if claim is None:
                return None
            try:
                parcel = self._write(claim)
            except DigestError as error:
                self._note(claim, Verdict(Fate.REJECTED, reply=f"not sent: {error}"))
                continue
            self._under_way[parcel.id] = claim
            if len(self._ready) < GROUP:
                self._to_book.set()
            return parcel
        return None

    async def more(self) -> bool:
        """Wait until a letter may leave; see Feed."""
        while not self._over:
            wait = self._hindrance() or self._domain_wait()
            if self._ready and not wait:
                return True
            self._changed.clear()
            await _either(self._changed, wait or None)
        return False

    def handing_over(self, parcel: Parcel) -> None:
        """Note it in the journal; see Feed."""
        self._journal.begun(parcel.id)

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter; see Feed."""
        claim = self._under_way.pop(parcel.id)
        if verdict.fate is not Fate.RETURNED and verdict.fate is not Fate.UNCERTAIN:
            self._unreachable_since = None
            self._journal_reply(claim, verdict)
            self._breaker.note(refused=verdict.fate is not Fate.ACCEPTED)
        self._note(claim, verdict)
        if verdict.act is Act.STOP:
            self._end(f"the relay refuses: {verdict.reply}")
        elif self._breaker.is_open:
            self._end(f"{Breaker.LONGEST_RUN} letters in a row were refused, the last with: {verdict.reply}")

    # --- what may leave -------------------------------------------------------------------------------------------

    def _hindrance(self) -> float:
        """Return how many seconds nothing may leave, whoever it is for; 0 when something may."""
        now = _seconds()
        if now >= self._lease_ends:
            self._to_book.set()
            return _LINGER
        if self._clock() >= self._orders.expires:
            self._end("the edition has expired")
            return _IDLE
        return self._pace.wait(now)

    def _next_allowed(self) -> Claim | None:
        """Take the first claim whose recipient domain is not at its limit, and count it."""
        now = _seconds()
        if self._orders.rates.per_domain is None:
            self._pace.count("", now)
            return self._ready.popleft()
        for place, claim in enumerate(self._ready):
            domain = claim.address.rpartition("@")[2].lower()
            if not self._pace.domain_wait(domain, now):
                del self._ready[place]
                self._pace.count(domain, now)
                return claim
        return None

    def _domain_wait(self) -> float:
        if self._orders.rates.per_domain is None:
            return 0.0
        now = _seconds()
        domains = {claim.address.rpartition("@")[2].lower() for claim in self._ready}
        return min((self._pace.domain_wait(domain, now) for domain in domains), default=0.0)

    # --- what became of it ----------------------------------------------------------------------------------------

    def _note(self, claim: Claim, verdict: Verdict) -> None:
        self._settled[verdict.fate] += 1
        if verdict.fate is Fate.RETURNED:
            self._returns[claim.reader_id] += 1
            if self._returns[claim.reader_id] > _MOST_RETURNS:
                verdict = Verdict(Fate.DEFERRED, verdict.act, verdict.reply)
        self._outcomes.append(outcome(claim, verdict, self._clock(), self._chance))
        if len(self._outcomes) >= GROUP or not (self._ready or self._under_way):
            self._to_book.set()

    def _journal_reply(self, claim: Claim, verdict: Verdict) -> None:
        try:
            self._journal.replied(claim.reader_id, verdict.fate, verdict.reply)
        except DeliveryError as error:
            self._halt(error)

    def _halt(self, error: DeliveryError) -> None:
        self._error = self._error or error
        self._end(str(error))

    def _end(self, why: str) -> None:
        if not self._over:
            self._over, self._stopped = True, why
        for event in (self._ended, self._changed, self._to_book):
            event.set()

    # --- lanes ----------------------------------------------------------------------------------------------------

    async def _lane(self) -> None:
        """Carry letters over one connection after another, with growing rests while the relay is away."""
        rest = 0.0
        while await self.more():
            settled = self._settled.total()
            try:
                await self._transport.carry(self)
            except RelayUnreachable as error:
                self._unreachable(error)
                idle = self._settled.total() == settled
                rest = min(rest * 2, _LONGEST_REST) if idle and rest else _SHORTEST_REST
                await _either(self._ended, rest * self._chance.uniform(0.5, 1.0))
            except DeliveryError as error:
                self._halt(error)
            except BaseException:
                self._end("stopped by an error")
                raise

    def _unreachable(self, error: RelayUnreachable) -> None:
        now = _seconds()
        self._unreachable_since = since = self._unreachable_since or now
        if now - since >= self._orders.relay_patience.total_seconds():
            self._halt(error)

    # --- the books ------------------------------------------------------------------------------------------------

    async def _keep_books(self, began: float) -> None:
        """Write the ledger until all is done or the run is to end, and everything noted is written."""
        while True:
            if self._controls.stop.is_set():
                self._end("asked to stop")
            step = self._step()
            if step:
                await self._book(step)
                self._tell(began)
            elif self._over and all(lane.done() for lane in self._lanes):
                return
            elif self._is_done():
                await self._look_again()
            else:
                self._to_book.clear()
                await _either(self._to_book, _LINGER if self._outcomes else _IDLE)

    def _step(self) -> Step:
        if self._over:
            self._give_back()
        now = _seconds()
        quiet = now - self._booked_at >= _LINGER or not self._under_way
        full = len(self._outcomes) >= GROUP or (self._outcomes and (quiet or self._over))
        outcomes: tuple[Outcome, ...] = ()
        if full:
            outcomes, self._outcomes = tuple(self._outcomes), []
        wanted = not self._over
        attempt = [self._claimed[i].reader_id for i in range(min(GROUP, len(self._claimed)))]
        return Step(
            outcomes=outcomes,
            attempt=tuple(attempt) if wanted and len(self._ready) < GROUP else (),
            claim=CLAIMS if wanted and not self._exhausted and len(self._claimed) < GROUP else 0,
            renew=bool(wanted and now - self._renewed_at >= _RENEW_SECONDS),
        )

    def _give_back(self) -> None:
        """Put what was not sent back into the queue."""
        for claim in (*self._claimed, *self._ready):
            self._outcomes.append(Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts))
        self._claimed.clear()
        self._ready.clear()

    async def _book(self, step: Step) -> None:
        now = _seconds()
        booked = await self._in_thread(self._ledger.book, self._worker, step, self._clock())
        self._booked_at = now
        self._take_up(step, booked, now)

    def _take_up(self, step: Step, booked: Booked, now: float) -> None:
        attempted = [self._claimed.popleft() for _ in step.attempt]
        self._ready += [claim for claim in attempted if claim.reader_id in booked.attempting]
        self._claimed += booked.claims
        if step.claim:
            self._exhausted = not booked.claims
        if any(outcome.state is DeliveryState.QUEUED for outcome in step.outcomes):
            self._exhausted = False
        if booked.ours is not None:
            self._renewed_at, self._lease_ends = now, now + LEASE.total_seconds() * 0.75
            self._drop_lost(booked.ours)
        self._order = booked.order
        if booked.order is not Order.GO:
            self._end("paused by the operator" if booked.order is Order.PAUSE else "cancelled by the operator")
        self._changed.set()

    def _drop_lost(self, ours: frozenset[ReaderId]) -> None:
        """Forget letters that others took while we slept; those that we noted and never sent go back."""
        for claim in self._ready:
            if claim.reader_id not in ours:
                self._outcomes.append(Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts))
        self._ready = deque(claim for claim in self._ready if claim.reader_id in ours)
        self._claimed = deque(claim for claim in self._claimed if claim.reader_id in ours)

    def _is_done(self) -> bool:
        return self._exhausted and not (self._claimed or self._ready or self._under_way or self._outcomes)

    async def _look_again(self) -> None:
        """Nothing is left to claim: settle what others left, wait for deferred letters if asked to, or end."""
        found = await self._in_thread(self._recover)
        self._recovered += found
        if found or await self._deferred_came_due():
            self._exhausted = False
            return
        self._end("")

    async def _deferred_came_due(self) -> bool:
        """Stay until the next deferred letter is due; False when there is none for which we were asked to stay."""
        due = await self._in_thread(self._ledger.next_attempt)
        if due is None or due > self._stays_until or due >= self._orders.expires:
            return False
        until = _seconds() + (due - self._clock()).total_seconds()
        while self._clock() < due and (left := until - _seconds()) > 0:  # a clock that stands still ends as well
            if self._over or self._controls.stop.is_set():
                break
            await self._book(Step(renew=True))  # the operator's orders are read as well
            await _either(self._ended, min(left, _IDLE * 10))
        return True

    def _recover(self) -> int:
        """Find out what became of letters in the hands of runs that are gone; in the ledger's thread."""
        now = self._clock()
        resend = self._orders.on_uncertain == "resend"
        return recover(self._ledger, self._worker, self._journal.path.parent, now, self._chance, resend=resend)

    def _close_the_edition(self) -> None:
        """End what will never be sent: the operator cancelled it, or its time is over."""
        now = self._clock()
        if self._order is Order.CANCEL:
            self._ledger.expire(now, "cancelled by the operator")
        elif now >= self._orders.expires:
            self._ledger.expire(now, "the edition expired before it could be sent")

    def _tell(self, began: float) -> None:
        if self._controls.on_progress is not None:
            done = self._settled.total() - self._settled[Fate.RETURNED]
            self._controls.on_progress(Progress(done, self._audience, _seconds() - began))

    async def _in_thread(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*given))


async def _either(event: asyncio.Event, seconds: float | None) -> None:
    """Wait for the event, or so many seconds, whichever comes first."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return

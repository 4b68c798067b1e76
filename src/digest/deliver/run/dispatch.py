"""Send an edition's letters: claim, note the attempt, hand over, note the reply. A run may stop anywhere without loss.

One asyncio loop runs in the calling thread. The lanes of each route take the letters waiting there and settle them.
The ledger is written in another thread, all gathered changes in one transaction. A route gets a letter only when the
limits admit it and its attempt is in the ledger. The letter leaves only while its lease lasts and the edition has not
expired.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from digest.bookkeeping import Order, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.deliver.ledger.ledger import Ledger
from digest.deliver.ledger.recovery import recover
from digest.deliver.pacing.relay_choice import WORTH_TELLING, RateLimiter
from digest.deliver.protocol.replies import Fate
from digest.deliver.run.ledger_batches import LINGER, LedgerBatches
from digest.deliver.run.options import Controls, DispatchOptions, DispatchReport, Progress, Write
from digest.deliver.run.route import Route
from digest.deliver.run.run_state import RunState, either
from digest.deliver.run.way import Way
from digest.deliver.transports.event_loop import run
from digest.deliver.transports.transport import Transport

T = TypeVar("T")

_IDLE = 0.2


def dispatch(
    ledger: Ledger,
    ways: Transport | Sequence[Way],
    write: Write,
    *,
    orders: DispatchOptions,
    clock: Callable[[], datetime],
    controls: Controls | None = None,
) -> DispatchReport:
    """Send the letters that are due and return a report; it may be repeated, killed, and run on several machines.

    Letters leave by one transport or by several ``ways``. Problems with a relay are in the report. Raises StorageError
    and JournalUnwritable; the next run then settles what this one left unfinished.
    """
    chosen = tuple(ways) if isinstance(ways, Sequence) else (Way(transport=ways),)
    limiter = RateLimiter(orders.rates, orders.tallies, orders.goes_first)
    controls = controls or Controls()

    async def complete() -> DispatchReport:
        with Journal(orders.journals, orders.label, clock()) as journal:
            return await _Run(ledger, chosen, limiter, RunState(write, orders, clock, journal), controls).complete()

    return run(complete(), controls.loop)


class _Run:
    """One run: it opens the routes, writes the ledger until all is done, and closes."""

    def __init__(
        self, ledger: Ledger, ways: Sequence[Way], limiter: RateLimiter, run_state: RunState, controls: Controls
    ) -> None:
        self._ledger = ledger
        self._run_state = run_state
        self._controls = controls
        self._worker = Worker(run_state.journal.path.stem, here(), run_state.journal.path.name)
        meter, alone = self._controls.meter, len(ways) == 1
        self._routes = [Route(way, run_state, alone=alone, changed=self._handle, meter=meter) for way in ways]
        if run_state.orders.letters_a_lane:
            run_state.group = min(run_state.group, sum(way.transport.lanes for way in ways))
        self._batches = LedgerBatches(ledger, self._worker, limiter, run_state, self._routes)
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._lanes: list[asyncio.Task[None]] = []
        self._stays_until = run_state.began_at + run_state.orders.wait_for_deferred
        self._recovered = 0
        self._before = 0
        self._audience = 0

    async def complete(self) -> DispatchReport:
        """Do the whole run."""
        counts = await self._in_thread(self._ledger.counts)
        self._audience, self._before = counts.audience, counts.audience - counts.unfinished
        self._recovered = await self._in_thread(self._recover)
        self._lanes = [asyncio.create_task(route.carry(n)) for route in self._routes for n in range(route.lanes.most)]
        try:
            await self._keep_books()
        finally:
            self._run_state.end("stopped by an error")
            self._wake()
            trouble = await asyncio.gather(*self._lanes, return_exceptions=True)
            self._thread.shutdown()
        for error in trouble:
            if isinstance(error, BaseException):
                raise error
        self._batches.end()
        self._close_the_edition()
        return self._report()

    async def _keep_books(self) -> None:
        """Write the ledger until all is done or the run is to end, and all notes are written."""
        run_state = self._run_state
        while True:
            if self._controls.stop.is_set():
                run_state.end("asked to stop")
                run_state.hurried.set()
            if (run_state.over or self._batches.is_done) and not run_state.under_way:
                for route in self._routes:
                    route.release()
            entry = self._batches.entry()
            if run_state.over:
                self._wake()
            if entry:
                (await self._in_thread(self._batches.write, entry, run_state.clock()))()
            elif run_state.over and all(lane.done() for lane in self._lanes):
                return
            elif self._batches.is_done:
                await self._look_again()
            elif run_state.over or not run_state.is_expired():
                run_state.to_book.clear()
                await either(run_state.to_book, LINGER if run_state.outcomes else _IDLE)
            self._tell()

    def _wake(self) -> None:
        for route in self._routes:
            route.wake()

    def _handle(self, route: Route) -> None:
        """Give the letters of a failed route to others; end the run when there is no other."""
        run_state, still_open = self._run_state, [each for each in self._routes if not each.closed]
        if not still_open:
            run_state.end(route.why)
            return
        patience = run_state.orders.relay_patience.total_seconds()
        if route.unreachable and all(each.unreachable_for >= patience for each in still_open):
            run_state.halt(route.unreachable)
        if len(self._routes) > 1 and not route.works:
            run_state.put_back(*route.put_down())
        run_state.to_book.set()

    async def _look_again(self) -> None:
        """When nothing is left to claim: settle what other runs left, wait for deferred letters if asked to, or end."""
        found = await self._in_thread(self._recover)
        self._recovered += found
        if found or await self._deferred_came_due():
            self._batches.exhausted = False
            return
        self._run_state.end("")

    async def _deferred_came_due(self) -> bool:
        """Wait until the next deferred letter is due; False when none is due within the time that we may wait."""
        run_state = self._run_state
        due = await self._in_thread(self._ledger.next_attempt)
        if due is None or due > self._stays_until or due >= run_state.orders.expires:
            return False
        until = run_state.seconds() + (due - run_state.clock()).total_seconds()
        while (
            run_state.clock() < due and (left := until - run_state.seconds()) > 0
        ):  # ends also when the clock does not advance
            if run_state.over or self._controls.stop.is_set():
                break
            (await self._in_thread(self._batches.renew, run_state.clock()))()  # this also reads the operator's orders
            await either(run_state.ended, min(left, _IDLE * 10))
        return True

    def _recover(self) -> int:
        """Find out what became of the letters of ended runs; runs in the ledger's thread."""
        run_state, orders = self._run_state, self._run_state.orders
        return recover(
            self._ledger,
            self._worker,
            orders.journals,
            run_state.clock(),
            run_state.chance,
            resend=orders.on_uncertain == "resend",
            grace=orders.grace,
        )

    def _close_the_edition(self) -> None:
        """Expire what will never be sent: the operator cancelled the edition, or its time is over."""
        now = self._run_state.clock()
        if self._run_state.order is Order.CANCEL:
            self._ledger.expire(now, "cancelled by the operator")
        elif now >= self._run_state.orders.expires:
            self._ledger.expire(now, "the edition expired before it could be sent")

    def _report(self) -> DispatchReport:
        run_state = self._run_state
        errors = [route.error for route in self._routes if route.error]
        lost = all(route.closed for route in self._routes)
        error = run_state.error or (errors[0] if errors and lost else None)
        troubles = [route.trouble() for route in self._routes if route.trouble()]
        return DispatchReport(
            counts=self._ledger.counts(),
            settled=tuple(run_state.settled.items()),
            replies=tuple(run_state.replies.most_common()),
            recovered=self._recovered,
            seconds=run_state.seconds() - run_state.began,
            stopped=run_state.stopped,
            error=error,
            next_attempt=self._ledger.next_attempt(),
            faults=tuple((route.name, route.fault) for route in self._routes if route.fault is not None),
            troubles=tuple(each for each in troubles if each not in {str(error), run_state.stopped}),
        )

    def _tell(self) -> None:
        if self._controls.on_progress is None:
            return
        run_state, wait = self._run_state, self._batches.wait
        done = self._before + run_state.settled.total() - run_state.settled[Fate.RETURNED]
        busy = run_state.over or run_state.under_way or any(route.held for route in self._routes)
        waiting = str(wait) if wait and not busy and wait.until - run_state.now() > WORTH_TELLING else ""
        self._controls.on_progress(Progress(done, self._audience, run_state.seconds() - run_state.began, waiting))

    async def _in_thread(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*given))

"""Send an edition's letters: claim, note the attempt, hand over, note the answer; stop at any point and lose nothing.

One asyncio loop in the calling thread. The lanes of each route take letters from its hand and settle them; the books
are written in another thread, everything that has gathered in one transaction. A letter is dealt to a route only when
the limits let it leave and its attempt stands in the ledger, and it leaves only while its lease holds and the edition
has not expired.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from digest.bookkeeping import Order, Worker
from digest.deliver.books import LINGER, Books
from digest.deliver.gate import WORTH_TELLING, Gate
from digest.deliver.journal import Journal, here
from digest.deliver.ledger import Ledger
from digest.deliver.orders import Controls, Orders, Progress, Report, Write
from digest.deliver.recovery import recover
from digest.deliver.replies import Fate
from digest.deliver.route import Route, Way
from digest.deliver.shift import Shift, either
from digest.deliver.transport import Transport

T = TypeVar("T")

_IDLE = 0.2


def dispatch(
    ledger: Ledger,
    ways: Transport | Sequence[Way],
    write: Write,
    *,
    orders: Orders,
    clock: Callable[[], datetime],
    controls: Controls | None = None,
) -> Report:
    """Send what is due and return what came of it; safe to repeat, to kill, and to run on several machines.

    Letters leave by one transport or by several ``ways``. Trouble with a relay is in the report. Raises StorageError
    and JournalUnwritable; then a next run settles what this one left.
    """
    chosen = tuple(ways) if isinstance(ways, Sequence) else (Way(transport=ways),)
    gate = Gate(orders.rates, orders.tallies, orders.goes_first)

    async def complete() -> Report:
        with Journal(orders.journals) as journal:
            return await _Run(ledger, chosen, gate, Shift(write, orders, clock, journal), controls).complete()

    return asyncio.run(complete())


class _Run:
    """One run: it opens the routes, keeps the books until all is done, and closes."""

    def __init__(
        self, ledger: Ledger, ways: Sequence[Way], gate: Gate, shift: Shift, controls: Controls | None
    ) -> None:
        self._ledger = ledger
        self._shift = shift
        self._controls = controls or Controls()
        self._worker = Worker(shift.journal.path.stem, here(), shift.journal.path.name)
        self._routes = [Route(way, shift, alone=len(ways) == 1, changed=self._heed) for way in ways]
        self._books = Books(ledger, self._worker, gate, shift, self._routes)
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._lanes: list[asyncio.Task[None]] = []
        self._stays_until = shift.began_at + shift.orders.wait_for_deferred
        self._recovered = 0
        self._before = 0
        self._audience = 0

    async def complete(self) -> Report:
        """Do the whole run."""
        counts = await self._in_thread(self._ledger.counts)
        self._audience, self._before = counts.audience, counts.audience - counts.unfinished
        self._recovered = await self._in_thread(self._recover)
        self._lanes = [asyncio.create_task(route.carry(n)) for route in self._routes for n in range(route.lanes.most)]
        try:
            await self._keep_books()
        finally:
            self._shift.end("stopped by an error")
            self._wake()
            trouble = await asyncio.gather(*self._lanes, return_exceptions=True)
            self._thread.shutdown()
        for error in trouble:
            if isinstance(error, BaseException):
                raise error
        self._close_the_edition()
        return self._report()

    async def _keep_books(self) -> None:
        """Write the books until all is done or the run is to end, and everything noted is written."""
        shift = self._shift
        while True:
            if self._controls.stop.is_set():
                shift.end("asked to stop")
                shift.hurried.set()
            if (shift.over or self._books.is_done) and not shift.under_way:
                for route in self._routes:
                    route.release()
            entry = self._books.entry()
            if shift.over:
                self._wake()
            if entry:
                (await self._in_thread(self._books.write, entry, shift.clock()))()
            elif shift.over and all(lane.done() for lane in self._lanes):
                return
            elif self._books.is_done:
                await self._look_again()
            elif shift.over or not shift.is_expired():
                shift.to_book.clear()
                await either(shift.to_book, LINGER if shift.outcomes else _IDLE)
            self._tell()

    def _wake(self) -> None:
        for route in self._routes:
            route.wake()

    def _heed(self, route: Route) -> None:
        """Deal the letters of a route that failed to others; end the run when there is no other."""
        shift, still_open = self._shift, [each for each in self._routes if not each.closed]
        if not still_open:
            shift.end(route.why)
            return
        patience = shift.orders.relay_patience.total_seconds()
        if route.unreachable and all(each.unreachable_for >= patience for each in still_open):
            shift.halt(route.unreachable)
        if len(self._routes) > 1 and not route.works:
            shift.undealt += route.put_down()
        shift.to_book.set()

    async def _look_again(self) -> None:
        """Nothing is left to claim: settle what others left, wait for deferred letters if asked to, or end."""
        found = await self._in_thread(self._recover)
        self._recovered += found
        if found or await self._deferred_came_due():
            self._books.exhausted = False
            return
        self._shift.end("")

    async def _deferred_came_due(self) -> bool:
        """Stay until the next deferred letter is due; False when there is none for which we were asked to stay."""
        shift = self._shift
        due = await self._in_thread(self._ledger.next_attempt)
        if due is None or due > self._stays_until or due >= shift.orders.expires:
            return False
        until = shift.seconds() + (due - shift.clock()).total_seconds()
        while shift.clock() < due and (left := until - shift.seconds()) > 0:  # a clock that stands still ends as well
            if shift.over or self._controls.stop.is_set():
                break
            (await self._in_thread(self._books.renew, shift.clock()))()  # the operator's orders are read as well
            await either(shift.ended, min(left, _IDLE * 10))
        return True

    def _recover(self) -> int:
        """Find out what became of letters in the hands of runs that are gone; in the ledger's thread."""
        shift = self._shift
        resend = shift.orders.on_uncertain == "resend"
        return recover(self._ledger, self._worker, shift.orders.journals, shift.clock(), shift.chance, resend=resend)

    def _close_the_edition(self) -> None:
        """End what will never be sent: the operator cancelled it, or its time is over."""
        now = self._shift.clock()
        if self._shift.order is Order.CANCEL:
            self._ledger.expire(now, "cancelled by the operator")
        elif now >= self._shift.orders.expires:
            self._ledger.expire(now, "the edition expired before it could be sent")

    def _report(self) -> Report:
        shift = self._shift
        errors = [route.error for route in self._routes if route.error]
        lost = all(route.closed for route in self._routes)
        error = shift.error or (errors[0] if errors and lost else None)
        troubles = [route.trouble() for route in self._routes if route.trouble()]
        return Report(
            counts=self._ledger.counts(),
            settled=tuple(shift.settled.items()),
            replies=tuple(shift.replies.most_common()),
            recovered=self._recovered,
            seconds=shift.seconds() - shift.began,
            stopped=shift.stopped,
            error=error,
            next_attempt=self._ledger.next_attempt(),
            troubles=tuple(each for each in troubles if each not in {str(error), shift.stopped}),
        )

    def _tell(self) -> None:
        if self._controls.on_progress is None:
            return
        shift, wait = self._shift, self._books.wait
        done = self._before + shift.settled.total() - shift.settled[Fate.RETURNED]
        busy = shift.over or shift.under_way or any(route.held for route in self._routes)
        waiting = str(wait) if wait and not busy and wait.until - shift.now() > WORTH_TELLING else ""
        self._controls.on_progress(Progress(done, self._audience, shift.seconds() - shift.began, waiting))

    async def _in_thread(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*given))

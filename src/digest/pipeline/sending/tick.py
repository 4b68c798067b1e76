"""Works by the clock: composes and sends the editions that are due, and skips those that were missed, with a reason.

The stored rows decide, not the timer: a tick may come late, twice, from several processes, or from a clock that was set
back. An edition whose sending began is continued from its stored state. One that was sent is left alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial

from digest.bookkeeping import Counts
from digest.edition.calendar import Occurrence, due_now, missed, occurrence, upcoming
from digest.errors import Advice, DigestError
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.life import UNSENT, Move, goes_by_itself, waits_for_approval, waits_for_stories
from digest.pipeline.check.gate import gated, look, still_stopped
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.outage import is_outage
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.approval_request import ask_for_approval
from digest.pipeline.sending.deliver_edition import Posted, post
from digest.pipeline.sending.send import Deliver, Request, gather_if_stale, send_edition
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

NO_PAUSE = timedelta()
RETRY = timedelta(minutes=1)
"""Pause after work that failed or could do nothing: first a relay, a template, the disk or an editor must change."""
SHARED = timedelta(seconds=10)
"""Pause when other processes hold all letters of an edition. Those processes may end at any time."""
IN_HAND = timedelta(minutes=10)
"""An edition that changed more recently than this may be in use (``send --late``), so it is not skipped."""

log = get_logger()


class Ticker:
    """Starts what is due at each ``tick``. When ``stop`` is set, running work ends and none is started.

    Safe to share between threads: each may work on a different edition.
    """

    def __init__(
        self,
        runtime: Runtime,
        gather: Callable[[], GatherReport],
        stop: threading.Event,
        gather_at_once: Callable[[], GatherReport] | None = None,
        deliver: Deliver = post,
    ) -> None:
        """Fetch with ``gather`` ahead of an edition's time, and with ``gather_at_once`` when an edition is due.

        ``deliver`` sends a frozen edition.
        """
        self._runtime = runtime
        self._gather = gather
        self._gather_at_once = gather_at_once or gather
        self._stop = stop
        self._deliver = deliver
        self._rests_until: dict[str, datetime] = {}
        self._known_since: dict[str, datetime] = {}
        self._jobs = Jobs(runtime)

    def tick(self) -> None:
        """Do everything that is due now, one thing after the other."""
        self.close()
        for name in self._runtime.settings.editions:
            self.work_on(name)

    def close(self) -> None:
        """Skip the editions whose window has passed.

        Continue the sendings under way of editions that the settings lack.
        """
        for name in self._runtime.settings.editions:
            self._guarded(f"skip what was missed of {name}", partial(self._skip_unplanned, name))
        for row in self._runtime.stores.editions.latest(states=UNSENT):
            self._guarded(f"skip {row.key} if it was missed", partial(self._skip_missed, row))
        for row in self._under_way():
            if row.key.name not in self._runtime.settings.editions:
                self._guarded(f"resume {row.key}", partial(self._resume, row))

    def work_on(self, name: str) -> None:
        """Do what is due for the edition of this name. Work that fails is tried again in a minute."""
        settings, now = self._runtime.settings.editions[name], self._runtime.clock()
        for due in due_now(name, settings, now):
            if not self._existed(due, now):
                continue
            self._guarded(f"send {due.key}", partial(self._send, due))
        for row in self._under_way():
            if row.key.name == name:
                self._guarded(f"resume {row.key}", partial(self._resume, row))
        coming = tuple(due for due in upcoming(name, settings, now, 1) if due.compose_at <= now)
        for due in coming:
            self._guarded(f"compose {due.key}", partial(self._compose, due))
        if settings.approval != "auto":
            for due in (*due_now(name, settings, now), *coming):
                self._guarded(f"ask for approval of {due.key}", partial(self._ask_for_approval, due))

    def _ask_for_approval(self, due: Occurrence) -> timedelta:
        return NO_PAUSE if ask_for_approval(self._runtime, due) else RETRY

    def _under_way(self) -> tuple[StoredEdition, ...]:
        return self._runtime.stores.editions.latest(states={EditionState.SENDING})

    def _guarded(self, work: str, do: Callable[[], timedelta]) -> None:
        """Do some work, unless it must pause: after a failure, or for as long as its last run returned.

        ``work`` names it. Raises StorageError when the database is lost; then nothing else can be done either.
        """
        now = self._runtime.clock()
        rests_until = self._rests_until.get(work, now)
        if self._stop.is_set() or now < rests_until <= now + RETRY:
            return
        pauses: list[timedelta] = []
        try:
            done = self._jobs.run(work, lambda: pauses.append(do()))
        except DigestError as error:
            if is_outage(error):
                raise
            level = logging.WARNING if error.advice is Advice.RETRY else logging.ERROR
            log.log(level, "failed, tried again in a minute", work=work, why=str(error))
            done = False
        pause = pauses[0] if done else RETRY
        if pause:
            self._rests_until[work] = self._runtime.clock() + pause

    def _skip_unplanned(self, name: str) -> timedelta:
        """Skip the editions of a name that were not sent in their window and have no row."""
        editions, now = self._runtime.stores.editions, self._runtime.clock()
        since = editions.last_due(name, now)
        for gone in missed(name, self._runtime.settings.editions[name], since, now) if since else ():
            if editions.get(gone.key) is None:
                self._close(editions.plan(gone.key, gone.due, gone.expires, now), gone.due, now)
        return NO_PAUSE

    def _skip_missed(self, row: StoredEdition) -> timedelta:
        """Skip an edition that was not sent in its window."""
        now = self._runtime.clock()
        due, closes = self._window(row)
        in_hand = timedelta() <= now - row.changed_at < IN_HAND
        if closes <= now and not in_hand:
            self._close(row, due, now)
        return NO_PAUSE

    def _window(self, row: StoredEdition) -> tuple[datetime, datetime]:
        """Return from when and until when an edition may be sent: by the settings, or else by its row."""
        settings = self._runtime.settings.editions.get(row.key.name)
        planned = occurrence(row.key.name, settings, row.key.date) if settings else None
        return (planned.due, planned.closes) if planned else (row.due, row.expires)

    def _close(self, row: StoredEdition, due: datetime, now: datetime) -> None:
        why = f"not sent in its window, which began {due:%Y-%m-%d %H:%M} UTC; noticed {now:%Y-%m-%d %H:%M} UTC"
        plan = self._runtime.settings.editions.get(row.key.name)
        if waits_for_stories(row.state, row.cause):
            why = f"{row.reason}; {why}"
        elif plan and waits_for_approval(plan, row.state, due, due):
            why = f"nobody approved it; {why}"
        if self._runtime.stores.editions.move(row.id, Move.MISS, now, reason=why, if_still=row.state):
            log.error("edition skipped", edition=str(row.key), why=why)

    def _existed(self, due: Occurrence, now: datetime) -> bool:
        """Return whether an edition of the name was known before ``due`` came: a new one starts with its next date."""
        name = due.key.name
        since = self._known_since.get(name)
        if since is None or now < since:  # first call, or the clock was set back
            since = self._known_since[name] = self._runtime.stores.editions.known_since(name, now)
            if due.due < since:
                log.info("edition not caught up: it is newer than that", edition=str(due.key), known_since=since)
        return due.due >= since

    def _send(self, due: Occurrence) -> timedelta:
        row = self._runtime.stores.editions.get(due.key)
        if row is not None and not goes_by_itself(row.state, row.cause):
            log.debug("edition does not go", edition=str(due.key), state=row.state.value, why=row.reason)
            return NO_PAUSE
        state, plan = row.state if row else EditionState.PLANNED, self._runtime.settings.editions[due.key.name]
        if waits_for_approval(plan, state, due.due, self._runtime.clock()):
            log.debug("edition waits for approval", edition=str(due.key))
            return self._compose(due)
        with self._runtime.stores.leases.hold(f"edition {due.key}", self._runtime.clock) as lease:
            if lease is None:
                log.debug("edition in other hands", edition=str(due.key))
                return NO_PAUSE
            log.info("edition due", edition=str(due.key), state=state.value)
            request = Request(name=due.key.name, day=due.key.date, by_clock=True)
            report = send_edition(
                self._runtime,
                request,
                self._gather_at_once,
                unseen,
                draining=lambda: nullcontext(self._stop),
                deliver=self._deliver,
            )
        for warning in report.warnings:
            log.warning("check warns", edition=str(due.key), why=warning)
        return self._tell(report.row, report.posted)

    def _resume(self, row: StoredEdition) -> timedelta:
        """Continue an edition under way: send deferred letters that are due, or continue the work of an ended process.

        Return how long to pause.
        """
        ledger, now = Deliveries(self._runtime.stores.database, row.id), self._runtime.clock()
        again = ledger.next_attempt()
        if again is not None and now < again and now < row.expires and _all_put_off(ledger.counts()):
            log.debug("letters put off", edition=str(row.key), until=again.isoformat())
            return min(again - now, SHARED)
        posted = self._deliver(self._runtime, row, progress=unseen, stop=self._stop)
        if posted.sent_now or posted.recovered or posted.error or not posted.counts.unfinished:
            return self._tell(row, posted, resumed=True)
        return SHARED

    def _tell(self, row: StoredEdition, posted: Posted | None, *, resumed: bool = False) -> timedelta:
        """Log the result of an edition. Raises the error that stopped it, so that it is tried again."""
        if posted is None:
            log.warning("edition not sent", edition=str(row.key), state=row.state.value, why=row.reason)
            return RETRY
        counts = {state.value: number for state, number in posted.counts.by_state}
        log.info("letters by state", edition=str(row.key), resumed=resumed, letters=counts)
        for trouble in posted.troubles:
            log.error("relay in trouble", edition=str(row.key), why=trouble)
        if posted.error is not None:
            raise posted.error
        return NO_PAUSE

    def _compose(self, due: Occurrence) -> timedelta:
        row = self._runtime.stores.editions.get(due.key)
        if row is not None and row.state is not EditionState.PLANNED and not waits_for_stories(row.state, row.cause):
            return NO_PAUSE
        with self._runtime.stores.leases.hold(f"edition {due.key}", self._runtime.clock) as lease:
            if lease is None:
                return NO_PAUSE
            if still_stopped(self._runtime, row):
                return RETRY
            gather_if_stale(self._runtime, self._gather)
            row = compose_edition(self._runtime, due).row
            row = gated(self._runtime, row, look(self._runtime, due.key.name))
        return RETRY if waits_for_stories(row.state, row.cause) else NO_PAUSE


def _all_put_off(counts: Counts) -> bool:
    return counts.unfinished == counts.of(DeliveryState.DEFERRED)

"""Looks at the clock: what is due is composed and sent, what was missed is skipped with a reason.

The rows decide, not the timer: a tick may come late, twice, from several processes, or from a clock that was set
back; an edition that has gone beyond its draft is taken up where it stands or left alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial

import structlog

from digest.bookkeeping import Counts
from digest.edition.calendar import Occurrence, due_now, missed, occurrence, upcoming
from digest.errors import Advice, DigestError
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.pipeline.compose import compose_edition, waits_for_stories
from digest.pipeline.gather import GatherReport
from digest.pipeline.house import House
from digest.pipeline.post import Posted, post
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Jobs
from digest.pipeline.send import Request, gather_if_stale, send_edition
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

UNSENT = frozenset({EditionState.PLANNED, EditionState.COMPOSING, EditionState.READY, EditionState.APPROVED})
NO_PAUSE = timedelta()
RETRY = timedelta(minutes=1)
"""Pause after work that failed or could do nothing: a relay, a template, the disk or an editor comes first."""
SHARED = timedelta(seconds=10)
"""Pause after finding all letters of an edition in the hands of other processes, which may end any time."""
IN_HAND = timedelta(minutes=10)
"""A row that changed so lately is in somebody's hands (``send --late``), and is not skipped under them."""

log = structlog.get_logger(__name__)


class Ticker:
    """Looks at the clock whenever it is told to; ``stop`` drains what is under way.

    Safe to share between threads: each may work on an edition of its own.
    """

    def __init__(
        self,
        house: House,
        gather: Callable[[], GatherReport],
        stop: threading.Event,
        gather_at_once: Callable[[], GatherReport] | None = None,
    ) -> None:
        """Fetch with ``gather`` ahead of an edition's time, and with ``gather_at_once`` when its time has come."""
        self._house = house
        self._gather = gather
        self._gather_at_once = gather_at_once or gather
        self._stop = stop
        self._rests_until: dict[str, datetime] = {}
        self._jobs = Jobs(house)

    def tick(self) -> None:
        """Do all that is due now, one thing after the other."""
        self.close()
        for name in self._house.settings.editions:
            self.work_on(name)

    def close(self) -> None:
        """Skip the editions whose window is over; go on with those under way that the settings no longer name."""
        self._guarded("skip what was missed", self._skip_missed)
        for row in self._under_way():
            if row.key.name not in self._house.settings.editions:
                self._guarded(f"resume {row.key}", partial(self._resume, row))

    def work_on(self, name: str) -> None:
        """Do what is due of one edition; what fails is tried again in a minute."""
        settings, now = self._house.settings.editions[name], self._house.clock()
        for due in due_now(name, settings, now):
            self._guarded(f"send {due.key}", partial(self._send, due))
        for row in self._under_way():
            if row.key.name == name:
                self._guarded(f"resume {row.key}", partial(self._resume, row))
        for due in upcoming(name, settings, now, 1):
            if due.compose_at <= now:
                self._guarded(f"compose {due.key}", partial(self._compose, due))

    def _under_way(self) -> tuple[StoredEdition, ...]:
        return self._house.stores.editions.latest(states={EditionState.SENDING})

    def _guarded(self, work: str, do: Callable[[], timedelta]) -> None:
        """Do some work unless it rests: after it failed, or for the pause that it asked for last."""
        now = self._house.clock()
        rests_until = self._rests_until.get(work, now)
        if self._stop.is_set() or now < rests_until <= now + RETRY:
            return
        pauses: list[timedelta] = []
        try:
            done = self._jobs.run(work, lambda: pauses.append(do()))
        except DigestError as error:
            say = log.warning if error.advice is Advice.RETRY else log.error
            say("failed, tried again in a minute", work=work, why=str(error))
            done = False
        pause = pauses[0] if done else RETRY
        if pause:
            self._rests_until[work] = self._house.clock() + pause

    def _skip_missed(self) -> timedelta:
        """Close every edition whose window is over: those that nobody planned, and those that nobody sent."""
        editions, now = self._house.stores.editions, self._house.clock()
        for name, settings in self._house.settings.editions.items():
            since = editions.last_due(name)
            for gone in missed(name, settings, since, now) if since else ():
                self._close(editions.plan(gone.key, gone.due, gone.expires, now), now)
        for row in editions.latest(states={*UNSENT, EditionState.HELD}):
            in_hand = timedelta() <= now - row.changed_at < IN_HAND
            if _may_go(row) and self._closes(row) <= now and not in_hand:
                self._close(row, now)
        return NO_PAUSE

    def _closes(self, row: StoredEdition) -> datetime:
        settings = self._house.settings.editions.get(row.key.name)
        planned = occurrence(row.key.name, settings, row.key.date) if settings else None
        return planned.closes if planned else row.expires

    def _close(self, row: StoredEdition, now: datetime) -> None:
        why = f"not sent in its window, which began {row.due:%Y-%m-%d %H:%M} UTC; noticed {now:%Y-%m-%d %H:%M} UTC"
        if waits_for_stories(row):
            why = f"{row.reason}; {why}"
        elif self._needs_approval(row.key.name, row.due, row, row.due):
            why = f"nobody approved it; {why}"
        if self._house.stores.editions.move(row.id, EditionState.SKIPPED, now, allowed={row.state}, reason=why):
            log.error("edition skipped", edition=str(row.key), why=why)

    def _send(self, due: Occurrence) -> timedelta:
        row = self._house.stores.editions.get(due.key)
        if row is not None and not _may_go(row):
            return NO_PAUSE
        if self._needs_approval(due.key.name, due.due, row, self._house.clock()):
            return self._compose(due)
        with self._house.stores.leases.hold(f"edition {due.key}", self._house.clock) as lease:
            if lease is None:
                return NO_PAUSE
            request = Request(name=due.key.name, day=due.key.date)
            report = send_edition(
                self._house, request, self._gather_at_once, unseen, draining=lambda: nullcontext(self._stop)
            )
        return self._tell("edition sent", report.row, report.posted)

    def _needs_approval(self, name: str, due: datetime, row: StoredEdition | None, now: datetime) -> bool:
        """Tell whether the edition still waits for its editor; with a deadline it goes without him in the end."""
        settings = self._house.settings.editions.get(name)
        if settings is None or settings.approval == "auto" or (row and row.state is EditionState.APPROVED):
            return False
        deadline = timedelta(minutes=settings.approval_deadline_minutes)
        return not deadline or now < due + deadline

    def _resume(self, row: StoredEdition) -> timedelta:
        """Go on with an edition under way: what was put off and is due again, or what a dead process left."""
        ledger, now = Deliveries(self._house.stores.database, row.id), self._house.clock()
        again = ledger.next_attempt()
        if again is not None and now < again and now < row.expires and _all_put_off(ledger.counts()):
            return NO_PAUSE
        posted = post(self._house, row, progress=unseen, stop=self._stop)
        if posted.sent_now or posted.recovered or posted.error or not posted.counts.unfinished:
            return self._tell("edition resumed", row, posted)
        return SHARED

    def _tell(self, event: str, row: StoredEdition, posted: Posted | None) -> timedelta:
        """Log what came of an edition. Raises what stopped it, so that it is tried again."""
        if posted is None:
            log.warning("edition not sent", edition=str(row.key), state=row.state.value, why=row.reason)
            return RETRY
        counts = {state.value: number for state, number in posted.counts.by_state}
        log.info(event, edition=str(row.key), sent_now=posted.sent_now, recovered=posted.recovered, **counts)
        for trouble in posted.troubles:
            log.error("relay in trouble", edition=str(row.key), why=trouble)
        if posted.error is not None:
            raise posted.error
        return NO_PAUSE

    def _compose(self, due: Occurrence) -> timedelta:
        row = self._house.stores.editions.get(due.key)
        if row is not None and row.state is not EditionState.PLANNED and not waits_for_stories(row):
            return NO_PAUSE
        with self._house.stores.leases.hold(f"edition {due.key}", self._house.clock) as lease:
            if lease is None:
                return NO_PAUSE
            gather_if_stale(self._house, self._gather)
            composed = compose_edition(self._house, due)
        log.info("edition composed", edition=str(due.key), state=composed.row.state.value, stories=composed.stories)
        return RETRY if waits_for_stories(composed.row) else NO_PAUSE


def _may_go(row: StoredEdition) -> bool:
    """Tell whether an edition may still go by itself; one that a person holds waits for that person."""
    return row.state in UNSENT or waits_for_stories(row)


def _all_put_off(counts: Counts) -> bool:
    return counts.unfinished == counts.of(DeliveryState.DEFERRED)

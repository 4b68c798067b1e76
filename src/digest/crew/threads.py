"""The crew of one process: threads, triggered by APScheduler. Waiting jobs are lost when the process ends."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import ConflictingIdError
from apscheduler.schedulers.background import BackgroundScheduler

from digest.crew.port import CrewStatus, Handler, Job, Mate, Periodic
from digest.errors import DigestError
from digest.logs import get_logger

MOST_THREADS = 64
Scheduler = BackgroundScheduler
"""Triggers the periodic work."""

log = get_logger()


class ThreadCrew:
    """Does the work of a crew in threads."""

    def __init__(self, clock: Callable[[], datetime], scheduler: BackgroundScheduler | None = None) -> None:
        self.scheduler = scheduler or new_scheduler()
        self._clock = clock
        self._handlers: Mapping[str, Handler] = {}
        self._periodic: set[str] = set()
        self._locks: dict[str, threading.Lock] = {}
        self._doing: Counter[str] = Counter()
        self._guard = threading.Lock()

    def repeat(self, works: Mapping[str, Periodic]) -> None:
        """Do this periodic work from now on; see Crew."""
        for name in self._periodic:
            self.scheduler.remove_job(name)
        self._periodic = set(works)
        for name, each in works.items():
            self.scheduler.add_job(
                each.work, "interval", id=name, seconds=each.every.total_seconds(), next_run_time=self._clock()
            )

    def defer(self, *jobs: Job) -> None:
        """Add jobs to be done; see Crew."""
        for job in jobs:
            named = {"id": f"once {job.once}"} if job.once else {}
            try:
                self.scheduler.add_job(self._do, "date", run_date=job.at or self._clock(), args=[job], **named)
            except ConflictingIdError:
                log.debug("job waits already", kind=job.kind, once=job.once)

    def run(self, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
        """Work until ``stop`` is set and running jobs have ended; see Crew."""
        self._handlers = handlers
        self.scheduler.start()
        stop.wait()
        self.scheduler.shutdown()

    def status(self) -> CrewStatus:
        """Return the workers and the waiting jobs; see Crew."""
        waiting = Counter(job.args[0].queue for job in self.scheduler.get_jobs() if job.id not in self._periodic)
        with self._guard:
            doing = tuple(sorted(self._doing.elements()))
        return CrewStatus(mates=(Mate("threads", 0.0, doing),), waiting=dict(waiting))

    def _do(self, job: Job) -> None:
        with self._guard:
            lock = self._locks.setdefault(job.lock, threading.Lock()) if job.lock else threading.Lock()
        with lock:
            self._noted(job)

    def _noted(self, job: Job) -> None:
        with self._guard:
            self._doing[job.kind] += 1
        try:
            again = self._handlers[job.kind](job.arguments)
        except DigestError as error:
            log.error("job failed", kind=job.kind, why=str(error))  # noqa: TRY400 - the words say what to do
            return
        finally:
            with self._guard:
                self._doing[job.kind] -= 1
        if again is not None:
            self.defer(replace(job, at=again))


def new_scheduler() -> BackgroundScheduler:
    """Return a scheduler without jobs. A delayed job runs once when it can, and never twice at the same time."""
    defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # no warning for jobs that run long
    threads = ThreadPoolExecutor(MOST_THREADS)
    return BackgroundScheduler(timezone=UTC, job_defaults=defaults, executors={"default": threads})

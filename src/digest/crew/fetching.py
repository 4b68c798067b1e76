"""A fetch that several machines do together: one orders it, and each does jobs about one web host.

The jobs of a host have it as their lock, so that two machines never ask it at once. One process at a time orders a
fetch: it books the jobs and waits for them. A job that is done again goes on where the first one ended.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from digest.crew.port import Arguments, Job
from digest.fetch.pace import host_of
from digest.logs import get_logger
from digest.model.ids import SourceId
from digest.pipeline.gathering.by_host import PART, HostReader, in_parts, merged, pages_by_host, sources_by_host
from digest.pipeline.gathering.gather import log_done
from digest.pipeline.gathering.report import GatherReport, Owed
from digest.pipeline.progress import Progress
from digest.pipeline.runtime import Runtime

if TYPE_CHECKING:
    from digest.fetch.address_guard import Resolver

LIST, READ, FRONT = "list", "read", "front"
"""Kinds of jobs, each about one web host: fetch its lists, read some of its pages, read a front page."""
LOOK_SECONDS = 0.3
"""Seconds between two checks of whether the jobs of a fetch are done."""

Work = Callable[[Runtime, Arguments], datetime | None]

log = get_logger()


class Booking(Protocol):
    """Books jobs, and knows which are left."""

    def defer(self, *jobs: Job) -> None:
        """Add jobs to be done; see Crew."""
        ...

    def booked(self, *kinds: str, due: bool = False) -> list[Arguments]:
        """Return the arguments of all jobs of some kinds that wait or run; with ``due``, not of those put off."""
        ...


class SharedFetch:
    """This machine's part in fetching and reading."""

    def __init__(self, crew: Booking, resolver: Resolver | None) -> None:
        self._crew = crew
        self._resolver = resolver
        self._runtime: Runtime | None = None
        self._draining = threading.Event()
        self._reader: HostReader | None = None
        self._lock = threading.Lock()

    def work_on(self, runtime: Runtime, draining: threading.Event) -> None:
        """Work with these settings from now on. ``draining`` asks running work to end."""
        self._runtime, self._draining = runtime, draining
        self.close()

    def close(self) -> None:
        """End the worker processes that read pages, as soon as running jobs are done."""
        with self._lock:
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    @property
    def works(self) -> Mapping[str, Work]:
        """What does the jobs of each kind."""
        return {LIST: self._fetch_lists, READ: self._read_pages, FRONT: self._read_front}

    def gather(self, started: datetime, budget: timedelta | None, progress: Progress) -> GatherReport:
        """Let all machines fetch what is due, and wait until it is done or the time is over; see SharedGather.

        What is not done by then goes on, and is in the report of the next fetch.
        """
        runtime = self._runtime
        if runtime is None:
            raise RuntimeError("this machine does not work yet")
        stores, began = runtime.stores, time.monotonic()
        seconds = math.inf if budget is None else budget.total_seconds()
        lists = sources_by_host(stores, started)
        self._crew.defer(*(_job(LIST, host, ids, started) for host, ids in lists.items()))
        self._wait((LIST,), began + seconds / 2, progress)
        pages = pages_by_host(stores, started)
        parts = [(host, part) for host, waiting in pages.items() for part in in_parts(waiting)]
        self._crew.defer(*(_job(READ, host, ids, started) for host, ids in parts))
        self._wait((LIST, READ, FRONT), began + seconds, progress)
        report = merged(stores.runs.take(PART), self._owed(runtime))
        log_done(report)
        return report

    def _wait(self, kinds: Sequence[str], until: float, progress: Progress) -> None:
        """Wait until no job of some kinds is left, at most until a time of the monotonic clock."""
        most = 0
        while left := len(self._crew.booked(*kinds, due=True)):
            most = max(most, left)
            progress(most - left, most, kinds[-1])
            if time.monotonic() >= until or self._draining.wait(LOOK_SECONDS):
                return

    def _owed(self, runtime: Runtime) -> Iterator[Owed]:
        """Yield what the jobs that are left have still to do, by source."""
        names = {stored.source.id: stored.source.name for stored in runtime.stores.sources.all()}
        lists = [SourceId(number) for job in self._crew.booked(LIST) for number in job["ids"]]
        left = Counter({names[number]: 0 for number in lists if number in names})
        entries = [number for job in self._crew.booked(READ) for number in job["ids"]]
        for waiting in runtime.stores.entries.pending_of(entries):
            left[names.get(waiting.entry.source_id, "")] += 1
        return (Owed(source=name, pages=number) for name, number in sorted(left.items()) if name)

    # --- the jobs -------------------------------------------------------------------------------------------------

    def _fetch_lists(self, runtime: Runtime, arguments: Arguments) -> datetime | None:
        return self._at_host(runtime, arguments, lambda reader: reader.fetch_lists(arguments["ids"]))

    def _read_pages(self, runtime: Runtime, arguments: Arguments) -> datetime | None:
        def book(homes: Collection[str]) -> None:
            self._crew.defer(*(_front_job(home, arguments["since"]) for home in homes))

        return self._at_host(runtime, arguments, lambda reader: reader.read_pages(arguments["ids"], book))

    def _read_front(self, runtime: Runtime, arguments: Arguments) -> datetime | None:
        home, since = arguments["home"], datetime.fromisoformat(arguments["since"])
        return self._at_host(runtime, arguments, lambda reader: reader.read_front(home, since))

    def _at_host(self, runtime: Runtime, arguments: Arguments, work: Callable[[HostReader], None]) -> datetime | None:
        """Do a part of a fetch; return when its host may be asked again, where it wants a long pause."""
        with ExitStack() as using:
            with self._lock:
                self._reader = self._reader or HostReader(runtime, self._resolver)
                reader = using.enter_context(self._reader.in_use())
            held = reader.held(arguments["host"])
            if held is None:
                work(reader)
                held = reader.held(arguments["host"])
        return None if held is None else runtime.clock() + held


def _job(kind: str, host: str, ids: Sequence[int], since: datetime) -> Job:
    about = {"host": host, "ids": list(ids), "since": since.isoformat()}
    return Job(queue="pages", kind=kind, arguments=about, once=f"{kind} {host} {min(ids)}", lock=_lock(host))


def _front_job(home: str, since: str) -> Job:
    host = host_of(home)
    about = {"host": host, "home": home, "since": since}
    return Job(queue="pages", kind=FRONT, arguments=about, once=f"{FRONT} {home}", lock=_lock(host))


def _lock(host: str) -> str:
    return f"host {host}"

"""A fetch in parts, each about one web host, so that several machines can share it.

sources that are due ─ by host ─▶ list(host)    entries ─ by host, thirty at a time ─▶ read(host)    ─▶ front(host)

The caller lets only one part of a host run at a time. Each request reserves its moment in the database, so the host's
pause holds over all machines. The result of a part is stored step by step, and its report when it ends.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Self

import msgspec

from digest.extract.workers import Workers
from digest.fetch.address_guard import Resolver
from digest.fetch.client import Client
from digest.fetch.fetcher import Fetcher
from digest.fetch.pace import LONGEST_HOLD_SECONDS, SharedPace, host_of
from digest.fetch.politeness import SourceState, is_due
from digest.model.ids import SourceId
from digest.pipeline.gathering.front_pages import homes_of, read_homes
from digest.pipeline.gathering.gather import gather
from digest.pipeline.gathering.reading import is_due_again
from digest.pipeline.gathering.report import GatherReport, Owed
from digest.pipeline.gathering.robots_cache import StoredRobots
from digest.pipeline.gathering.run import Part, Tools
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import Watch, watching
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.storage.entries import PendingEntry
from digest.storage.host_turns import HostTurns

PAGES = 30
"""Number of pages in one part.

It is small, so a host with many pages is shared among machines, and little is lost after a crash.
"""
PART = "fetch part"
"""The kind of run under which the report of a part is stored until the whole fetch takes it."""


def sources_by_host(stores: Stores, now: datetime) -> dict[str, list[SourceId]]:
    """Return the sources that are due, by the host to which the request goes."""
    found: dict[str, list[SourceId]] = defaultdict(list)
    for stored in stores.sources.enabled():
        try:
            state = msgspec.convert(stored.state, SourceState)
        except msgspec.ValidationError:  # its part reports it
            state = SourceState()
        if is_due(state, now):
            found[host_of(state.url or stored.source.url)].append(stored.source.id)
    return found


def pages_by_host(stores: Stores, now: datetime) -> dict[str, list[PendingEntry]]:
    """Return the entries whose pages may be read now, by the host of the page; each host's in the order of ids."""
    found: dict[str, list[PendingEntry]] = defaultdict(list)
    after = 0
    while batch := stores.entries.pending(after):
        for waiting in batch:
            if is_due_again(waiting, now):
                found[host_of(waiting.entry.link)].append(waiting)
        after = batch[-1].id
    return found


def in_parts(waiting: Sequence[PendingEntry]) -> Iterator[list[int]]:
    """Yield the ids of a host's entries, PAGES at a time."""
    for first in range(0, len(waiting), PAGES):
        yield [each.id for each in waiting[first : first + PAGES]]


def merged(parts: Iterable[Mapping[str, object]], owed: Iterable[Owed]) -> GatherReport:
    """Return the report of a whole fetch, from the stored reports of its parts and the sources not finished."""
    reports = [msgspec.convert(part, GatherReport) for part in parts]
    return GatherReport(
        sources=tuple(sorted((s for each in reports for s in each.sources), key=lambda source: source.name)),
        articles=sum(each.articles for each in reports),
        pages=tuple(sorted((p for each in reports for p in each.pages), key=lambda page: (page.source, page.link))),
        changed=sum(each.changed for each in reports),
        owed=tuple(owed),
        set_aside=sum(each.set_aside for each in reports),
    )


class HostReader:
    """Does parts of a fetch on one machine, several at a time in threads.

    All parts share one web client and one set of worker processes.
    """

    def __init__(self, runtime: Runtime, resolver: Resolver | None) -> None:
        self._runtime = runtime
        self._client = Client(runtime.settings.fetch, resolver=resolver)
        self._turns = HostTurns(runtime.stores.database, runtime.clock)
        self._workers: Workers | None = None
        self._lock = threading.Lock()
        self._users = 1

    @contextmanager
    def in_use(self) -> Iterator[Self]:
        """Keep the client and the workers open while the block runs, also when ``close`` is called meanwhile."""
        with self._lock:
            self._users += 1
        try:
            yield self
        finally:
            self.close()

    def close(self) -> None:
        """End the worker processes and close the connections as soon as no part uses them. Call it once."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
        if self._workers is not None:
            self._workers.__exit__(None, None, None)
        self._client.__exit__(None, None, None)

    def held(self, host: str) -> timedelta | None:
        """Return how long a host must get no request, if a part should not wait so long; else None."""
        seconds = self._turns.seconds_until(host)
        return timedelta(seconds=seconds) if seconds > LONGEST_HOLD_SECONDS else None

    def fetch_lists(self, sources: Collection[int]) -> None:
        """Fetch the lists of some sources of one host, by their ids, and store the entries."""
        self._gather(Part(sources=frozenset(map(SourceId, sources))))

    def read_pages(self, entries: Collection[int], fronts: Callable[[Collection[str]], None]) -> None:
        """Read the pages of some entries of one host, by their ids, and store the articles.

        When sources have new articles, ``fronts`` is called once with the URLs of the front pages of these sources.
        """
        self._gather(Part(entries=frozenset(entries), read_fronts=lambda links: fronts(homes_of(links))))

    def read_front(self, home: str, since: datetime) -> None:
        """Fetch a front page, by its URL, unless it was fetched at or after ``since``."""
        learnt = self._runtime.stores.hosts.learnt_at(home, "front-page")
        if learnt is not None and learnt >= since:
            return
        with watching(self._runtime, "fetch") as watch:
            read_homes(self._runtime.stores, self._fetcher(watch), [home], self._runtime.clock(), watch.item)

    def _gather(self, part: Part) -> None:
        runtime, started = self._runtime, self._runtime.clock()
        with watching(runtime, "fetch") as watch:
            tools = Tools(fetcher=self._fetcher(watch), workers=self._readers(), watch=watch)
            report = gather(runtime.stores, tools, started, runtime.settings.longest_window, unseen, part)
        runtime.stores.runs.record(PART, started, runtime.clock(), msgspec.to_builtins(report))

    def _fetcher(self, watch: Watch) -> Fetcher:
        settings, stores = self._runtime.settings.fetch, self._runtime.stores
        pace = SharedPace(settings.host_pause_seconds, self._turns)
        return Fetcher(self._client, settings, StoredRobots(stores.hosts), guard=watch.item, pace=pace)

    def _readers(self) -> Workers:
        """Return the worker processes, which are started for the first part."""
        with self._lock:
            if self._workers is None:
                self._workers = Workers(self._runtime.settings.extract)
            return self._workers

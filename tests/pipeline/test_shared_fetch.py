"""A fetch in jobs about one web host each: the same articles, and a host that asks to wait is asked later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.fetch.conftest import Serve, answer
from tests.pipeline.test_gather import NOW, Clock, Site, article, feed, links, listed, newspaper, newsroom

from digest.app import App
from digest.crew.fetching import FRONT, LIST, READ, SharedFetch
from digest.crew.port import Arguments, Job
from digest.pipeline.gathering.by_host import PAGES
from digest.pipeline.progress import unseen

pytestmark = pytest.mark.usefixtures("lite_database")


@dataclass
class OneWorker:
    """Does one job whenever somebody asks what is left."""

    clock: Clock
    fetch: SharedFetch | None = None
    app: App | None = None
    waiting: list[Job] = field(default_factory=list)
    done: list[Job] = field(default_factory=list)

    def defer(self, *jobs: Job) -> None:
        names = {job.once for job in self.waiting}
        self.waiting += [job for job in jobs if job.once not in names]

    def booked(self, *kinds: str, due: bool = False) -> list[Arguments]:
        if due and (ready := self._ready(*kinds)):
            self._do(ready[0])
        return [job.arguments for job in (self._ready(*kinds) if due else self._chosen(*kinds))]

    def _ready(self, *kinds: str) -> list[Job]:
        return [job for job in self._chosen(*kinds) if job.at is None or job.at <= self.clock()]

    def _chosen(self, *kinds: str) -> list[Job]:
        return [job for job in self.waiting if job.kind in kinds]

    def _do(self, job: Job) -> None:
        assert self.fetch is not None
        assert self.app is not None
        self.waiting.remove(job)
        self.done.append(job)
        again = self.fetch.works[job.kind](self.app.runtime, job.arguments)
        if again is not None:
            self.waiting.append(replace(job, at=again))


@contextmanager
def sharing(app: App, clock: Clock) -> Iterator[tuple[App, OneWorker]]:
    """Give the app of a machine that shares its fetches with others, and the worker that does the jobs."""
    worker = OneWorker(clock)
    worker.fetch, worker.app = SharedFetch(worker, app.resolver), app
    worker.fetch.work_on(app.runtime, threading.Event())
    yield replace(app, shared_gather=worker.fetch.gather), worker
    worker.fetch.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


def test_a_shared_fetch_finds_what_a_fetch_alone_finds(serve: Serve, tmp_path: Path) -> None:
    clock = Clock()
    with (
        newsroom(tmp_path, serve(newspaper("/a", "/b")), clock) as alone,
        sharing(alone, clock) as (app, worker),
    ):
        report = app.gather(unseen)
        assert (report.articles, [source.new for source in report.sources], report.owed) == (2, [2], ())
        assert [job.kind for job in worker.done] == [LIST, READ, FRONT]
        assert {job.lock for job in worker.done} == {"host paper.example"}
        assert app.stores.runs.latest()[0].kind == "fetch"
        again = app.gather(unseen)
        assert (again.articles, again.sources[0].new) == (0, 0)
        assert [job.kind for job in worker.done[3:]] == [LIST]


def test_a_host_with_many_pages_is_read_in_parts(serve: Serve, tmp_path: Path) -> None:
    clock, paths = Clock(), [f"/{n}" for n in range(PAGES + 1)]
    with (
        newsroom(tmp_path, serve(newspaper(*paths)), clock) as alone,
        sharing(alone, clock) as (app, worker),
    ):
        assert app.gather(unseen).articles == PAGES + 1
        assert len(links(app)) == PAGES + 1
        assert [len(job.arguments["ids"]) for job in worker.done if job.kind == READ] == [PAGES, 1]


def test_pages_of_a_host_that_asks_to_wait_are_read_when_it_allows_it(serve: Serve, tmp_path: Path) -> None:
    clock = Clock()
    busy = answer(status="503 Service Unavailable", Retry_After="600")
    site = Site({"/feed": answer(feed("/a", "/b", "/c")), "/a": busy, "/b": article("/b"), "/c": article("/c")})
    with newsroom(tmp_path, serve(site), clock) as alone, sharing(alone, clock) as (app, worker):
        report = app.gather(unseen)
        assert report.articles == 0
        assert [(owed.source, owed.pages) for owed in report.owed] == [("Paper", 3)]
        (put_off,) = worker.waiting
        assert put_off.at == NOW + timedelta(seconds=600)
        assert len([page for page in report.pages if page.outcome == "tried again next time"]) == 1, "the one asked for"
        site.pages["/a"] = article("/a")
        clock.now = put_off.at + timedelta(seconds=1)
        assert app.gather(unseen).articles == 3


def test_a_source_that_asks_to_wait_is_left_until_then(serve: Serve, tmp_path: Path) -> None:
    clock = Clock()
    site = Site({"/feed": answer(status="429 Too Many Requests", Retry_After="600")})
    with newsroom(tmp_path, serve(site), clock, listed()) as alone, sharing(alone, clock) as (app, worker):
        assert app.gather(unseen).sources[0].problem
        assert [job.at for job in worker.waiting] == [NOW + timedelta(seconds=600)]
        worker.done.clear()
        assert app.gather(unseen).sources == ()
        assert worker.done == [], "nobody asks meanwhile"


def test_what_a_part_did_after_the_time_was_up_is_in_the_next_report(serve: Serve, tmp_path: Path) -> None:
    clock = Clock()
    with (
        newsroom(tmp_path, serve(newspaper("/a")), clock) as alone,
        sharing(alone, clock) as (app, worker),
    ):
        report = app.gather(unseen, budget=timedelta())
        assert worker.waiting or report.articles
        later: datetime = NOW + timedelta(minutes=1)
        clock.now = later
        assert report.articles + app.gather(unseen).articles == 1

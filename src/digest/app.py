"""Builds the program from settings and a clock. Only this module reads the system's time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from digest.errors import InOtherHands, SettingsError
from digest.logs import get_logger
from digest.model.meter import UNMETERED, Meter
from digest.model.quarantine import Guard, unguarded
from digest.pipeline.runtime import Clock, Runtime
from digest.pipeline.stores import Stores
from digest.pipeline.webhooks.port import ANSWER_BYTES, ANSWER_SECONDS, PRIVATE_NETWORKS, OpenPost, Post
from digest.settings import FetchSettings, Settings
from digest.storage.attempts import AttemptLog
from digest.storage.engine import Database

if TYPE_CHECKING:
    from digest.errors import FetchError
    from digest.fetch.address_guard import Resolver
    from digest.fetch.discovery import FoundSource
    from digest.fetch.fetcher import Fetcher
    from digest.fetch.post_answer import PostAnswer
    from digest.model.article import Article
    from digest.model.source import FeedEntry, Source
    from digest.pipeline.gathering.report import GatherReport
    from digest.pipeline.progress import Progress
    from digest.pipeline.sending.send import Draining, Request, SendReport
    from digest.storage.leases import Lease

ATTEMPTS = "journals"
"""Folder beside the configuration, for journals of handed-over letters and for the record of items in work."""
CHECK_BUDGET = timedelta(minutes=2)
"""How long `digest check` waits for all sources, and for all links of a draft."""
DOCUMENT_BYTES = 64 * 1024
"""Largest size of a small document, such as a certificate."""
DATA_BYTES = 1024 * 1024
"""Largest size of a block's data, such as a calendar."""
POLL_SECONDS = 0.5
"""Seconds between two checks of a process that waits for another to finish."""


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


SharedGather = Callable[[datetime, timedelta | None, "Progress"], "GatherReport"]
"""Fetches what is due at an instant within a budget, and reports its progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a command or a job works with: settings, stores, clock, and access to the web.

    Modules that load slowly are imported only when a method needs them.
    """

    runtime: Runtime
    resolver: Resolver | None = None
    """Resolves host names to addresses. None means the system's resolver."""
    shared_gather: SharedGather | None = None
    """Shares one fetch among several machines. None where this process does the whole fetch."""

    @property
    def settings(self) -> Settings:
        """The settings that the app was opened with."""
        return self.runtime.settings

    @property
    def stores(self) -> Stores:
        """The stores, which read and write the database."""
        return self.runtime.stores

    @property
    def clock(self) -> Clock:
        """The clock of the app."""
        return self.runtime.clock

    def gather(
        self, progress: Progress, waiting: Callable[[str], None] | None = None, budget: timedelta | None = None
    ) -> GatherReport:
        """Fetch the sources that are due, and read their new articles.

        What is not fetched within ``budget`` waits for the next fetch, and the report says so. Only one process fetches
        at a time. When this one must wait for another, it calls ``waiting`` with a text that says so.

        Raises:
            SettingsError: there is no enabled source.
            InOtherHands: this process slept so long that another process has taken over the fetch.
        """
        from digest.pipeline.gathering.source_list import follow  # noqa: PLC0415 - the list of public suffixes

        settings = self.settings
        follow(self.stores, settings)
        if not self.stores.sources.enabled():
            known = self.stores.sources.all()
            words = "no source is enabled: digest sources list" if known else "no sources yet: digest sources add URL"
            raise SettingsError((f"{settings.folder}: {words}",))
        with self._turn("fetch", waiting) as lease:

            def renewing(done: int, total: int, what: str) -> None:
                if not lease.renew():
                    raise InOtherHands("another process took over the fetch; what this one did is stored")
                progress(done, total, what)

            started, ordered = self.clock(), self.shared_gather or self._gather_alone
            report = ordered(started, budget, renewing)
        failed = sum(bool(source.problem) for source in report.sources)
        self.runtime.meter.fetched(report.articles, failed, (self.clock() - started).total_seconds())
        self.stores.runs.record("fetch", started, self.clock(), msgspec.to_builtins(report))
        return report

    def _gather_alone(self, started: datetime, budget: timedelta | None, progress: Progress) -> GatherReport:
        from digest.extract.workers import Workers  # noqa: PLC0415 - trafilatura, half a second
        from digest.pipeline.gathering.gather import gather  # noqa: PLC0415 - httpx, lxml
        from digest.pipeline.gathering.run import Tools  # noqa: PLC0415 - httpx, lxml
        from digest.pipeline.quarantine import watching  # noqa: PLC0415 - structlog

        with (
            watching(self.runtime, "fetch") as watch,
            Workers(self.settings.extract) as workers,
            self.fetcher(watch.item, budget) as fetcher,
        ):
            tools = Tools(fetcher=fetcher, workers=workers, watch=watch)
            return gather(self.stores, tools, started, self.settings.longest_window, progress)

    def gather_at_once(self, progress: Progress) -> GatherReport:
        """Fetch for an edition that is due now: like ``gather``, within ``fetch.send_seconds`` of the settings."""
        return self.gather(progress, budget=timedelta(seconds=self.settings.fetch.send_seconds))

    def discover(self, url: str) -> FoundSource:
        """Return how the site at ``url`` lists its articles. Raises FetchError if that fails or finds none."""
        return _discover(self.settings, self.resolver, self.stores, self.clock, url)

    def opened(self, sources: Sequence[Source]) -> Iterator[tuple[Source, str]]:
        """Fetch the list of each source through the address guard; store nothing.

        Yield the source and its problem, or ''.
        """
        from digest.fetch.politeness import SourceState  # noqa: PLC0415 - with the fetcher

        with self.fetcher(budget=CHECK_BUDGET) as fetcher:
            waiting = {source.id: source for source in sources}
            for fetched in fetcher.sources([(source, SourceState()) for source in sources], self.clock()):
                waiting.pop(fetched.source.id, None)
                yield fetched.source, fetched.error.reason if fetched.error else "" if fetched.asked else "too slow"
            yield from ((source, "it did not answer in time") for source in waiting.values())

    def reached(self, urls: Sequence[str]) -> Iterator[tuple[str, FetchError | None]]:
        """Open each URL through the address guard. Yield it with its error, None when it opened."""
        with self.fetcher(budget=CHECK_BUDGET) as fetcher:
            yield from fetcher.links(urls)

    @contextmanager
    def fetcher(self, guard: Guard = unguarded, budget: timedelta | None = None) -> Iterator[Fetcher]:
        """Yield a fetcher with the limits and pauses of the settings. ``guard`` surrounds its work on each item."""
        from digest.fetch.client import Client  # noqa: PLC0415 - httpx
        from digest.fetch.fetcher import Fetcher  # noqa: PLC0415 - lxml
        from digest.pipeline.gathering.robots_cache import StoredRobots  # noqa: PLC0415 - protego

        with Client(self.settings.fetch, resolver=self.resolver) as client:
            yield Fetcher(client, self.settings.fetch, StoredRobots(self.stores.hosts), guard=guard, budget=budget)

    @contextmanager
    def _turn(self, work: str, waiting: Callable[[str], None] | None) -> Iterator[Lease]:
        """Yield the lease of ``work`` as soon as no other process holds it."""
        told = False
        while True:
            with self.stores.leases.hold(work, self.clock) as lease:
                if lease is not None:
                    yield lease
                    return
            if not told:
                get_logger().info("waiting for another process", work=work)
                told = True
                if waiting is not None:
                    until = self.stores.leases.until(work, self.clock())
                    end = f", until {until:%H:%M:%S} UTC unless it goes on" if until else ""
                    waiting(f"Another process does the {work}: waiting for it{end}.")
            time.sleep(POLL_SECONDS)

    def send(self, request: Request, progress: Progress, draining: Draining = nullcontext) -> SendReport:
        """Do the steps that an edition still needs, from the fetch to the last letter; see ``send_edition``."""
        from digest.pipeline.sending.send import send_edition  # noqa: PLC0415 - numpy, jinja2, premailer: a second

        return send_edition(self.runtime, request, lambda: self.gather_at_once(progress), progress, draining=draining)


def _picture(settings: FetchSettings, resolver: Resolver | None, url: str) -> bytes:
    """Return the bytes of the picture at a URL. Raises FetchError."""
    from digest.fetch.client import ACCEPT_PICTURES, Client  # noqa: PLC0415 - httpx

    with Client(settings, resolver=resolver) as client:
        return client.get(url, accept=ACCEPT_PICTURES, cap_bytes=settings.page_bytes).body


def _article(settings: Settings, resolver: Resolver | None, stores: Stores, clock: Clock, entry: FeedEntry) -> Article:
    """Fetch the page of an entry and return its article. Raises FetchError and RefusedAct."""
    from digest.errors import RefusedAct  # noqa: PLC0415 - with the verbs that add articles
    from digest.extract.workers import Job, Workers  # noqa: PLC0415 - trafilatura
    from digest.fetch.client import Client  # noqa: PLC0415 - httpx
    from digest.fetch.fetcher import Fetcher  # noqa: PLC0415 - lxml
    from digest.pipeline.gathering.robots_cache import StoredRobots  # noqa: PLC0415 - protego

    with Client(settings.fetch, resolver=resolver) as client:
        page = Fetcher(client, settings.fetch, StoredRobots(stores.hosts)).page(entry, clock())
    with Workers(settings.extract) as workers:
        found = next(iter(workers.extract_all([Job(page=page, entry=entry)])))
    if isinstance(found, Exception):
        raise RefusedAct(f"no article can be read at {entry.link}: {found}")
    return found


def _discover(settings: Settings, resolver: Resolver | None, stores: Stores, clock: Clock, url: str) -> FoundSource:
    """Return how the site at a URL lists its articles. Raises FetchError if that fails or finds none."""
    from digest.fetch.client import Client  # noqa: PLC0415 - httpx
    from digest.fetch.fetcher import Fetcher  # noqa: PLC0415 - lxml
    from digest.pipeline.gathering.robots_cache import StoredRobots  # noqa: PLC0415 - protego

    with Client(settings.fetch, resolver=resolver) as client:
        return Fetcher(client, settings.fetch, StoredRobots(stores.hosts)).discover(url, clock())


def _document(settings: FetchSettings, resolver: Resolver | None, url: str) -> bytes:
    """Return the bytes of a small document, such as a certificate. Raises FetchError."""
    from digest.fetch.client import Client  # noqa: PLC0415 - httpx

    with Client(settings, resolver=resolver) as client:
        return client.get(url, accept="*/*", cap_bytes=DOCUMENT_BYTES).body


def _data(settings: FetchSettings, resolver: Resolver | None, url: str, seconds: float) -> bytes:
    """Return the data of a block within some seconds. Raises FetchError, also for a status other than 200."""
    from digest.errors import HttpStatus  # noqa: PLC0415 - with the client
    from digest.fetch.client import Client  # noqa: PLC0415 - httpx

    with Client(settings, resolver=resolver) as client:
        answer = client.get(url, accept="*/*", cap_bytes=DATA_BYTES, until=time.monotonic() + seconds)
    if answer.status != HTTPStatus.OK:
        raise HttpStatus(url, answer.status)
    return answer.body


def with_settings(app: App, settings: Settings) -> App:
    """Return the app with other settings, on the same database and clock."""
    picture = partial(_picture, settings.fetch, app.resolver)
    article = partial(_article, settings, app.resolver, app.stores, app.clock)
    document = partial(_document, settings.fetch, app.resolver)
    discover = partial(_discover, settings, app.resolver, app.stores, app.clock)
    data = partial(_data, settings.fetch, app.resolver)
    runtime = replace(
        app.runtime,
        settings=settings,
        picture=picture,
        article=article,
        discover=discover,
        document=document,
        data=data,
    )
    return replace(app, runtime=runtime)


def webhook(app: App) -> Callable[[str, bytes], int]:
    """Return a function that posts JSON to a URL through the address guard.

    It returns the HTTP status, and raises FetchError. Networks in ``alerts.allow_networks`` may be reached.
    """

    def post(url: str, body: bytes) -> int:
        from digest.fetch.client import Client  # noqa: PLC0415 - httpx

        settings = msgspec.structs.replace(app.settings.fetch, allow_networks=app.settings.alerts.allow_networks)
        with Client(settings, resolver=app.resolver) as client:
            return client.post(url, body, {"content-type": "application/json"}).status

    return post


def webhook_client(app: App) -> OpenPost:
    """Return a function that opens a client for the webhooks of one receiver, with the address guard.

    With ``private``, the receiver may be in a private network. ``fetch.allow_networks`` has no effect here.
    """

    @contextmanager
    def opened(*, private: bool) -> Iterator[Post]:
        from digest.fetch.client import Client  # noqa: PLC0415 - httpx

        settings = msgspec.structs.replace(
            app.settings.fetch,
            allow_networks=PRIVATE_NETWORKS if private else (),
            total_timeout_seconds=ANSWER_SECONDS,
        )
        with Client(settings, resolver=app.resolver) as client:

            def post(url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
                return client.post(url, body, {**headers, "accept-encoding": "identity"}, ANSWER_BYTES)

            yield post

    return opened


@contextmanager
def open_app(
    settings: Settings, *, clock: Clock = system_clock, resolver: Resolver | None = None, meter: Meter = UNMETERED
) -> Iterator[App]:
    """Open the database and yield the app. A missing database is created. ``meter`` counts what the app does.

    Raises:
        StorageError: the database cannot be opened, or has another schema.
    """
    database = Database(settings.database.url, Path(settings.folder))
    attempts = AttemptLog(Path(settings.folder) / ATTEMPTS)
    try:
        database.require_schema()
        stores = Stores(database)
        runtime = Runtime(
            settings=settings,
            stores=stores,
            clock=clock,
            picture=partial(_picture, settings.fetch, resolver),
            article=partial(_article, settings, resolver, stores, clock),
            discover=partial(_discover, settings, resolver, stores, clock),
            document=partial(_document, settings.fetch, resolver),
            data=partial(_data, settings.fetch, resolver),
            attempts=attempts,
            meter=meter,
        )
        yield App(runtime=runtime, resolver=resolver)
        if database.has_unreadable:
            from digest.pipeline.quarantine import set_aside_records  # noqa: PLC0415 - structlog

            set_aside_records(runtime, "reading")
    finally:
        attempts.close()
        database.close()

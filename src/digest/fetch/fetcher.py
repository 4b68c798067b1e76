"""The room's interface for the corridor: fetches a source's entries and new state, and an entry's page."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.errors import (
    BadEncoding,
    ConnectionLost,
    FetchError,
    ForbiddenByRobots,
    HttpStatus,
    ItemSetAside,
    NameNotFound,
    NotAFeed,
    NotAPage,
    NotHtml,
    OutOfTime,
    RefusedAddress,
    Reserved,
    TlsFailure,
    TooLarge,
    TooSlow,
)
from digest.fetch import robots
from digest.fetch.charset import decode
from digest.fetch.client import ACCEPT_FEEDS, ACCEPT_PAGES, OK, Client, HttpAnswer, Validators
from digest.fetch.discovery import FoundSource, discover
from digest.fetch.home_page import front_places
from digest.fetch.listings import Listings
from digest.fetch.pace import Pace, Turns, host_of
from digest.fetch.polite_client import UNAVAILABLE, PoliteClient, expect_success
from digest.fetch.politeness import FetchOutcome, SourceState, is_due, next_state
from digest.fetch.quoting_rights import reservation
from digest.fetch.site_rules import SiteRules
from digest.fetch.sitemaps import is_index
from digest.logs import get_logger
from digest.model.article import Page
from digest.model.front import FrontPlace
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import FeedEntry, Source, SourceKind
from digest.settings import FetchSettings

log = get_logger()

_PAGE_TYPES = ("html", "xml", "text/plain")
_UNREACHED = (ConnectionLost, NameNotFound, RefusedAddress, TlsFailure, TooSlow)
"""Errors before any answer. A captive portal or a resolver that lies leads to a wrong certificate or address."""
_MEDIA_TYPES = ("audio/", "video/", "image/", "application/pdf", "application/ogg", "application/epub")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A source after its fetch. ``entries`` is empty when nothing changed or the fetch failed."""

    source: Source
    state: SourceState
    entries: tuple[FeedEntry, ...] = ()
    error: FetchError | None = None
    """What went wrong. None after a success, and when the source was not due."""
    asked: bool = True
    """False when the source was not due and no request was sent."""
    aside: ItemSetAside | None = None
    """Set when digest itself failed. The source is not to blame, so its state is unchanged."""

    @property
    def is_unreached(self) -> bool:
        """Whether no server answered. If that is so for all sources, this machine is offline."""
        return isinstance(self.error, _UNREACHED)


class Fetcher:
    """Fetches sources and pages politely. The program has one; it may be used from many threads."""

    def __init__(  # noqa: PLR0913 - each part may be replaced
        self,
        client: Client,
        settings: FetchSettings,
        shelf: robots.RobotsShelf,
        *,
        chance: Callable[[], float] = random.random,
        guard: Guard = unguarded,
        budget: timedelta | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Fetch through ``client``. ``shelf`` caches robots.txt files; ``chance`` (0 to 1) spreads the retries.

        ``guard`` surrounds the work on each item. ``budget`` is the time for everything; sources get half of it. What
        is not done by then is left for another fetcher. None means no limit. ``pace`` limits the requests to each
        host; if it is missing, this fetcher alone does. With a shared one, requests to a host that asks to wait for
        long are left for another fetcher; otherwise they fail.
        """
        began, seconds = time.monotonic(), math.inf if budget is None else budget.total_seconds()
        self._ends = began + seconds
        self._guard = guard
        self._settings = settings
        self._chance = chance
        self._pace = pace or Pace(settings.host_pause_seconds)
        self._client = PoliteClient(client, self._pace)
        self._client.until = began + seconds / 2
        self._listings = Listings(self._client, settings, guard)
        self._rules = SiteRules(self._client.get, self._pace, shelf, guard, settings)

    def sources(self, due: Iterable[tuple[Source, SourceState]], now: datetime) -> Iterator[Fetched]:
        """Yield every source as its fetch ends. ``connections`` run at a time, but only one for each host.

        Sources that were not reached in time are missing.
        """
        turns = Turns[tuple[Source, SourceState], Fetched](
            self._pace,
            host_of=lambda pair: host_of(pair[1].url or pair[0].url),
            work=lambda pair: self.source(*pair, now),
        )
        for _, fetched in turns.results(due, self._settings.connections, self._client.until):
            yield fetched

    def pages(
        self, wanted: Iterable[FeedEntry], now: datetime
    ) -> Iterator[tuple[FeedEntry, Page | FetchError | ItemSetAside]]:
        """Yield every entry with its page, or with the reason why there is none, as each fetch ends.

        Entries that were not reached in time are missing, or come with OutOfTime.
        """
        self._client.until = self._ends
        turns = Turns[FeedEntry, Page | FetchError | ItemSetAside](
            self._pace, host_of=lambda entry: host_of(entry.link), work=lambda entry: self._page_or_error(entry, now)
        )
        yield from turns.results(wanted, self._settings.connections, self._client.until)

    def source(self, source: Source, state: SourceState, now: datetime) -> Fetched:
        """Return ``source`` after one fetch, if it is due at ``now``. Failures are part of the value, never raised."""
        if not is_due(state, now):
            return Fetched(source=source, state=state, asked=False)
        began = time.monotonic()
        try:
            with self._guard(ItemKind.SOURCE, source.url, b""):
                listed, outcome = self._ask(source, state, now)
        except ItemSetAside as aside:
            return Fetched(source=source, state=state, aside=aside)
        except OutOfTime:
            log.info("source not reached in time", source=source.id, took_ms=_since(began))
            return Fetched(source=source, state=state, asked=False)
        except FetchError as problem:
            outcome = _failure(problem)
            why = type(problem).__name__
            log.warning("source failed", source=source.id, status=outcome.status, took_ms=_since(began), why=why)
            self._client.hold(state.url or source.url, problem)
            return Fetched(source=source, state=self._next(state, outcome, now), error=problem)
        log.info("fetched", source=source.id, status=outcome.status, took_ms=_since(began), entries=len(listed))
        return Fetched(source=source, state=self._next(state, outcome, now), entries=listed)

    def page(self, entry: FeedEntry, now: datetime) -> Page:
        """Return the page of an article, if its site lets robots read it.

        Raises:
            FetchError: One of its subclasses. ``advice`` says whether to try again later.
        """
        if not entry.has_page:
            raise NotAPage(entry.link, "the feed links to no page of the article")
        self._expect_robots_allowed(entry.link, now)
        answer = self._client.successful(entry.link, ACCEPT_PAGES, self._settings.page_bytes, now, refreshes=True)
        kind = answer.content_type.partition(";")[0].strip().lower()
        if kind and not kind.endswith(_PAGE_TYPES):
            raise (NotAPage if kind.startswith(_MEDIA_TYPES) else NotHtml)(answer.url, f"not HTML but {kind:.60}")
        with self._guard(ItemKind.PAGE, entry.url, answer.body):
            page = Page(url=answer.url, html=decode(answer.body, answer.content_type), fetched_at=now)
            self._expect_permission(answer, page)
            return page

    def links(self, urls: Iterable[str]) -> Iterator[tuple[str, FetchError | None]]:
        """Yield each address with the reason why a reader cannot open it. None: a page answers, however long it is."""
        turns = Turns[str, FetchError | None](self._pace, host_of=host_of, work=self._reached)
        yield from turns.results(urls, self._settings.connections, self._client.until)

    def _reached(self, url: str) -> FetchError | None:
        try:
            answer = self._client.get(url, ACCEPT_PAGES, self._settings.page_bytes, refreshes=True)
        except (TooLarge, BadEncoding):
            return None
        except FetchError as problem:
            return problem
        return None if answer.status == OK else HttpStatus(url, answer.status)

    def front_pages(self, urls: Iterable[str], now: datetime) -> Iterator[tuple[str, tuple[FrontPlace, ...]]]:
        """Yield each front page with its articles. They are empty when the page fails or is late."""
        self._client.until = self._ends
        turns = Turns[str, tuple[FrontPlace, ...]](self._pace, host_of=host_of, work=lambda url: self._front(url, now))
        yield from turns.results(urls, self._settings.connections, self._client.until)

    def _front(self, url: str, now: datetime) -> tuple[FrontPlace, ...]:
        try:
            with self._guard(ItemKind.FRONT_PAGE, url, b""):
                self._expect_robots_allowed(url, now)
                answer = self._client.successful(url, ACCEPT_PAGES, self._settings.page_bytes, now, refreshes=True)
                with self._guard(ItemKind.FRONT_PAGE, url, answer.body):
                    return front_places(decode(answer.body, answer.content_type), answer.url)
        except (FetchError, ItemSetAside) as problem:
            log.info("front page not read", host=host_of(url), why=type(problem).__name__)
            return ()

    def _expect_robots_allowed(self, url: str, now: datetime) -> None:
        """Raise ForbiddenByRobots unless robots may read the page; HttpStatus when robots.txt is unavailable."""
        rules = self._rules.of(url, now)
        if rules.is_unreachable:
            raise HttpStatus(f"{robots.origin(url)}/robots.txt", UNAVAILABLE)
        if not rules.allows(url):
            raise ForbiddenByRobots(url, "robots.txt asks robots to stay away")

    def _expect_permission(self, answer: HttpAnswer, page: Page) -> None:
        """Raise Reserved when a page forbids quoting, unless the settings override it."""
        if self._settings.reserved != "page":
            said = answer.tdm_reservation or ("1" if self._rules.reserve(answer.url) else "")
            words = reservation(page.html, answer.robots_tags, said, self._settings.user_agent)
            if words:
                raise Reserved(answer.url, words, headline_only=self._settings.reserved == "headline")

    def _page_or_error(self, entry: FeedEntry, now: datetime) -> Page | FetchError | ItemSetAside:
        began, host = time.monotonic(), host_of(entry.link)
        try:
            with self._guard(ItemKind.PAGE, entry.url, b""):
                page = self.page(entry, now)
        except (FetchError, ItemSetAside) as problem:
            status = problem.status if isinstance(problem, HttpStatus) else None
            why = type(problem).__name__
            log.info(
                "page not fetched", source=entry.source_id, host=host, status=status, took_ms=_since(began), why=why
            )
            return problem
        log.debug("page fetched", source=entry.source_id, host=host, took_ms=_since(began), characters=len(page.html))
        return page

    def _next(self, state: SourceState, outcome: FetchOutcome, now: datetime) -> SourceState:
        return next_state(state, outcome, now, jitter=self._chance())

    def _ask(self, source: Source, state: SourceState, now: datetime) -> tuple[tuple[FeedEntry, ...], FetchOutcome]:
        url = state.url or source.url
        if source.kind is SourceKind.FRONT_PAGE:
            self._expect_robots_allowed(url, now)
        known = Validators(etag=state.etag, last_modified=state.last_modified, url=state.validated)
        cap_bytes = self._settings.feed_bytes if source.kind is SourceKind.FEED else self._settings.page_bytes
        answer = self._client.get(url, ACCEPT_FEEDS, cap_bytes, validators=known)
        if answer.not_modified and state.is_conditional:  # a 304 to an unconditional request is no valid answer
            return (), _success(answer, "nothing new")
        expect_success(answer, now)
        try:
            with self._guard(ItemKind.SOURCE, source.url, answer.body):
                listed = self._listings.of(source, answer, now)
        except NotAFeed as problem:
            if source.kind is not SourceKind.FEED or state.last_success is not None:
                raise
            # Only before the first success: a source that was a feed earlier and is a page today has failed.
            named = self._listings.named_by(answer, source, problem, now)
            outcome = _success(named.answer, f"{len(named.entries)} entries")
            return named.entries, replace(outcome, moved_to=None, named=named.url)
        outcome = _success(answer, f"{len(listed)} entries")
        if is_index(answer.body):  # an index may stay the same while its sitemaps change
            outcome = replace(outcome, etag=None, last_modified=None)
        return listed, outcome

    def discover(self, url: str, now: datetime) -> FoundSource:
        """Return how the site at ``url`` lists its articles: by a feed, a news sitemap, or its front page.

        Raises:
            FetchError: It cannot be fetched, or offers none of these (NotAFeed).
        """
        return discover(
            url,
            lambda link: self._client.successful(link, ACCEPT_FEEDS, self._settings.page_bytes, now),
            lambda link: self._rules.of(link, now).sitemaps,
        )


def _since(began: float) -> int:
    """Return the milliseconds since ``began`` (``time.monotonic``), including waits for the host."""
    return round((time.monotonic() - began) * 1000)


def _success(answer: HttpAnswer, words: str) -> FetchOutcome:
    return FetchOutcome(
        words=words,
        ok=True,
        status=answer.status,
        etag=answer.etag,
        last_modified=answer.last_modified,
        url=answer.url,
        moved_to=answer.moved_to,
    )


def _failure(problem: FetchError) -> FetchOutcome:
    return FetchOutcome(
        words=problem.reason,
        ok=False,
        status=problem.status if isinstance(problem, HttpStatus) else None,
        retry_after=problem.retry_after if isinstance(problem, HttpStatus) else None,
        hopeless=isinstance(problem, RefusedAddress),
    )

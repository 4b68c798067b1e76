"""Fetches sources: lists entries, reads pages, stores articles; each step is stored before the next.

sources that are due ─ fetch ─▶ entries ─ fetch ─▶ pages ─ extract ─▶ articles
                         │                  │               │
                   a bad source       no page: the     unreadable: the
                   rests a while      feed's text      feed's text

An entry that its source announces as changed goes through the same steps again, and becomes a new version of its
article.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from digest.errors import (
    Advice,
    DigestError,
    FetchError,
    HttpStatus,
    ItemSetAside,
    Mishandled,
    NotAPage,
    OutOfTime,
    Reserved,
    Unreadable,
    Wordless,
)
from digest.extract.article import from_feed
from digest.extract.workers import Job, Workers
from digest.fetch.fetcher import Fetched, Fetcher
from digest.fetch.item_identity import addresses, recognised
from digest.fetch.politeness import SourceState
from digest.fetch.politeness import is_due as is_source_due
from digest.logs import get_logger
from digest.model.appearance import appeared
from digest.model.article import MEDIA, Article, Page
from digest.model.ids import SourceId
from digest.model.quarantine import MOST_INPUT_BYTES, ItemKind, is_items_fault
from digest.model.source import FeedEntry, Source
from digest.pipeline.gathering.front_pages import read_fronts
from digest.pipeline.gathering.learnt import Addresses, Furniture
from digest.pipeline.gathering.report import GatherReport, Owed, PageReport, SourceReport
from digest.pipeline.gathering.revisions import announces_change, is_due, supersedes
from digest.pipeline.gathering.shortcomings import served, shortcoming
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import Watch
from digest.pipeline.stores import Stores
from digest.storage.entries import ATTEMPTS, PendingEntry

log = get_logger()

GONE = frozenset({404, 410})
"""HTTP statuses of a removed page: its entry is left out, whatever the feed says."""
STANDS = "the version read before is kept"
"""Outcome of a changed article when its page could not be fetched again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The parts that a fetch uses."""

    fetcher: Fetcher
    workers: Workers
    watch: Watch


ReadFronts = Callable[[Mapping[Source, Sequence[str]]], None]
"""Lets the front pages of sources be read, given the links of their new articles."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a fetch that one job does: the lists of some sources, or the pages of some entries."""

    sources: frozenset[SourceId] = frozenset()
    entries: frozenset[int] = frozenset()
    read_fronts: ReadFronts = lambda _links: None


@dataclass(slots=True)
class _Run:
    """One fetch run: the parts that it uses, and its report so far."""

    stores: Stores
    fetcher: Fetcher
    workers: Workers
    now: datetime
    progress: Progress
    watch: Watch
    addresses: Addresses
    part: Part | None = None
    """None: all sources, and all entries."""
    names: dict[SourceId, Source] = field(default_factory=dict)
    ids: frozenset[SourceId] = frozenset()
    """All sources that are stored."""
    resting: frozenset[SourceId] = frozenset()
    """Sources that are not fetched in this run, nor are pages that they announced before."""
    pages: list[PageReport] = field(default_factory=list)
    articles: int = 0
    changed: int = 0
    owed: Counter[str] = field(default_factory=Counter)
    """Number of pages that wait for the next fetch, by the name of their source."""
    links: dict[Source, list[str]] = field(default_factory=dict)
    """Links of the articles that were stored."""

    def kept(self, waiting: PendingEntry) -> None:
        """Note that an article was stored that was not known before."""
        self.articles += 1
        self.links.setdefault(self.names[waiting.entry.source_id], []).append(waiting.entry.link)


def gather(
    stores: Stores,
    tools: Tools,
    now: datetime,
    window: timedelta,
    progress: Progress,
    part: Part | None = None,
) -> GatherReport:
    """Fetch every source that is due and read every page that is new or changed; the report lists the failures.

    Entries published before ``now - window`` are not read: no edition would use them. With ``part``, only that part of
    the work is done.
    """
    desk = _Run(
        stores=stores,
        fetcher=tools.fetcher,
        workers=tools.workers,
        now=now,
        progress=progress,
        watch=tools.watch,
        addresses=Addresses(stores),
        part=part,
    )
    known = stores.sources.all()
    desk.names = {stored.source.id: stored.source for stored in known}
    desk.ids = stores.sources.ids()
    desk.resting = desk.ids - frozenset(desk.names) | frozenset(
        stored.source.id for stored in known if not stored.enabled
    )
    sources = _fetch_sources(desk)
    _read_pages(desk, now - window)
    if part is None:
        read_fronts(stores, tools.fetcher, desk.links, now, tools.watch.item)
    else:
        part.read_fronts(desk.links)
    tools.watch.set_aside_records()
    report = GatherReport(
        sources=tuple(sorted(sources, key=lambda report: report.name)),
        articles=desk.articles,
        owed=tuple(Owed(source=name, pages=number) for name, number in sorted(desk.owed.items())),
        set_aside=len(tools.watch.aside),
        changed=desk.changed,
        pages=tuple(sorted(desk.pages, key=lambda report: (report.source, report.link))),
    )
    if part is None:
        log_done(report)
    return report


def log_done(report: GatherReport) -> None:
    """Log the sums of a fetch."""
    log.info(
        "fetch done",
        sources=len(report.sources),
        failed=sum(bool(source.problem) for source in report.sources),
        articles=report.articles,
        changed=report.changed,
        pages_fell_back=len(report.pages),
        sources_owed=len(report.owed),
        set_aside=report.set_aside,
    )


def _fetch_sources(desk: _Run) -> list[SourceReport]:
    reports: list[SourceReport] = []
    due = list(_with_states(desk, reports))
    awaited = {source.id: source.name for source, state in due if is_source_due(state, desk.now)}
    for done, fetched in enumerate(desk.fetcher.sources(due, desk.now), start=1):
        desk.progress(done, len(due), fetched.source.name)
        if fetched.asked:
            del awaited[fetched.source.id]
            reports.append(_stored(desk, fetched))
    desk.owed.update(dict.fromkeys(awaited.values(), 0))
    return reports


def _with_states(desk: _Run, reports: list[SourceReport]) -> Iterator[tuple[Source, SourceState]]:
    """Yield the sources and their stored state; a source is reported when its state cannot be read."""
    enabled, part = desk.stores.sources.enabled(), desk.part
    chosen = [each for each in enabled if part is None or each.source.id in part.sources]
    for source, state in ((stored.source, stored.state) for stored in chosen):
        try:
            with desk.watch.item(ItemKind.SOURCE, source.url, b""):
                made = msgspec.convert(state, SourceState)
        except ItemSetAside as aside:
            reports.append(SourceReport(name=source.name, entries=0, new=0, problem=str(aside)))
        else:
            yield source, made


def _stored(desk: _Run, fetched: Fetched) -> SourceReport:
    """Store the result of a source's fetch; after a failure of the program itself the old state stays."""
    aside = fetched.aside
    if aside is None:
        try:
            with desk.watch.item(ItemKind.SOURCE, fetched.source.url, b""):
                return _store_source(desk, fetched)
        except ItemSetAside as problem:
            aside = problem
    return SourceReport(name=fetched.source.name, entries=0, new=0, problem=str(aside))


def _store_source(desk: _Run, fetched: Fetched) -> SourceReport:
    known = desk.stores.entries.announced(addresses(fetched.entries))
    entries = recognised(fetched.entries, known)
    changed = {e.url: e for e in reversed(entries) if e.url in known and announces_change(known[e.url], e)}
    new = _see(desk, entries)
    for entry in changed.values():
        with suppress(ItemSetAside), desk.watch.item(ItemKind.ENTRY, entry.url, _as_bytes(entry)):
            desk.stores.entries.announce([entry])
    state = msgspec.to_builtins(fetched.state)
    desk.stores.sources.record(fetched.source.id, state, fetched.state.last_result, desk.now)
    problem = "" if fetched.error is None else fetched.error.reason
    if not problem and fetched.state.last_result.startswith("0 entries"):
        problem = "0 entries: is this the right address?"
    return SourceReport(name=fetched.source.name, entries=len(entries), new=new, problem=problem)


def _see(desk: _Run, found: Sequence[FeedEntry]) -> int:
    """Store the entries that a source lists, all at once, or one by one where one of them cannot be stored."""
    try:
        return desk.stores.entries.see(found)
    except Exception as error:
        if not is_items_fault(error):
            raise
    new = 0
    for entry in found:
        with suppress(ItemSetAside), desk.watch.item(ItemKind.ENTRY, entry.url, _as_bytes(entry)):
            new += desk.stores.entries.see([entry])
    return new


def _as_bytes(entry: FeedEntry) -> bytes:
    return repr(entry).encode("utf-8", "backslashreplace")


def _read_pages(desk: _Run, since: datetime) -> None:
    """Read the pending pages, oldest id first; after an interruption the next run continues here."""
    pending = {p.entry.url: p for p in _pending(desk, since)}
    in_work: deque[tuple[PendingEntry, Page]] = deque()
    results = desk.workers.extract_all(_jobs(desk, pending, in_work))
    for done, result in enumerate(results):
        waiting, page = in_work.popleft()
        desk.progress(len(desk.pages) + done, len(pending), waiting.entry.title)
        html = page.html[:MOST_INPUT_BYTES].encode("utf-8", "replace")
        with suppress(ItemSetAside), desk.watch.item(ItemKind.PAGE, waiting.entry.url, html):
            _take(desk, waiting, result)


def _take(desk: _Run, waiting: PendingEntry, result: Article | DigestError | Mishandled) -> None:
    """Store the result of a page. Raises Mishandled when reading it failed unexpectedly."""
    if isinstance(result, Mishandled):
        raise result
    if isinstance(result, DigestError):
        _fall_back(desk, waiting, result)
    else:
        _keep(desk, waiting, result)


def _pending(desk: _Run, since: datetime) -> Iterator[PendingEntry]:
    for waiting in _waiting(desk):
        problem = _too_late(desk, waiting.entry, since)
        if problem and waiting.read_at is None:
            desk.stores.entries.fail(waiting.id, problem, desk.now, final=True)
        elif problem:
            desk.stores.entries.stand(waiting.id, desk.now, again=False)
        elif desk.watch.holds(ItemKind.PAGE, waiting.entry.url):
            continue
        elif waiting.entry.source_id not in desk.resting and is_due_again(waiting, desk.now):
            yield waiting


def _waiting(desk: _Run) -> Iterator[PendingEntry]:
    if desk.part is not None:
        yield from desk.stores.entries.pending_of(desk.part.entries)
        return
    after = 0
    while batch := desk.stores.entries.pending(after):
        yield from batch
        after = batch[-1].id


def _too_late(desk: _Run, entry: FeedEntry, since: datetime) -> str:
    """Return why an entry is no longer read; empty when it may be read."""
    old = "older than every edition's window" if appeared(entry) < since else ""
    return old if entry.source_id in desk.ids else "its source was removed"


def is_due_again(waiting: PendingEntry, now: datetime) -> bool:
    """Return whether an entry may be read: for the first time, or again after a change."""
    return waiting.read_at is None or is_due(waiting.entry.seen_at, waiting.read_at, now)


def _jobs(desk: _Run, pending: dict[str, PendingEntry], in_work: deque[tuple[PendingEntry, Page]]) -> Iterator[Job]:
    """Yield a job for each page that was fetched; it is appended to ``in_work`` with its entry, in the same order."""
    known, fetched = Furniture(desk.stores, desk.now, desk.watch.item), 0
    owed = Counter(desk.names[each.entry.source_id].name for each in pending.values())
    for entry, page in desk.fetcher.pages([p.entry for p in pending.values()], desk.now):
        if isinstance(page, OutOfTime):
            continue
        owed[desk.names[entry.source_id].name] -= 1
        waiting = pending[entry.url]
        if isinstance(page, Page):
            in_work.append((waiting, page))
            fetched += 1
            language = desk.names[entry.source_id].language
            yield Job(page=page, entry=entry, furniture=known.of(desk.names[entry.source_id]), language_hint=language)
        else:
            if not isinstance(page, ItemSetAside):
                with suppress(ItemSetAside), desk.watch.item(ItemKind.PAGE, entry.url, _as_bytes(entry)):
                    _take(desk, waiting, page)
            desk.progress(len(desk.pages) + fetched, len(pending), entry.title)
    desk.owed.update(+owed)


def _keep(desk: _Run, waiting: PendingEntry, read: Article) -> None:
    article = desk.addresses.settled(waiting.id, waiting.entry, read)
    problem = shortcoming(article)
    before = _read_before(desk, waiting)
    if before is not None and not supersedes(article, before):
        desk.stores.entries.stand(waiting.id, desk.now, again=False)
        _report(desk, waiting, problem or "the page shows less than before", STANDS)
        return
    if problem:
        _report(desk, waiting, problem, served(article), by_nature=article.sponsored or article.kind in MEDIA)
    new = desk.stores.articles.keep(waiting.id, article, desk.now, problem)
    log.debug(
        "article read",
        source=article.source_id,
        entry=waiting.id,
        origin=article.origin.value,
        words=article.word_count,
        changed=before is not None,
    )
    if before is None:
        desk.kept(waiting)
    else:
        desk.changed += new


def _read_before(desk: _Run, waiting: PendingEntry) -> Article | None:
    """Return the article as it was read before it changed; None when it was never read."""
    return desk.stores.articles.latest(waiting.id) if waiting.read_at is not None else None


def _fall_back(desk: _Run, waiting: PendingEntry, error: DigestError) -> None:
    """Use the feed's own text for a page that was not fetched, or leave the page for another try."""
    reason = error.reason if isinstance(error, FetchError | Unreadable) else str(error)
    gone = isinstance(error, HttpStatus) and error.status in GONE
    if isinstance(error, Reserved):
        _serve_feed(desk, waiting, reason, headline_only=error.headline_only)
    elif isinstance(error, NotAPage | Wordless):
        _serve_feed(desk, waiting, reason, by_nature=True)
    elif not gone and waiting.entry.has_page and _read_before(desk, waiting) is not None:
        desk.stores.entries.stand(waiting.id, desk.now, again=error.advice is Advice.RETRY)
        _report(desk, waiting, reason, STANDS)
    elif error.advice is Advice.RETRY and waiting.attempts + 1 < ATTEMPTS:
        desk.stores.entries.fail(waiting.id, reason, desk.now, final=False)
        _report(desk, waiting, reason, "tried again next time")
    elif gone:
        desk.stores.entries.fail(waiting.id, reason, desk.now, final=True)
        _report(desk, waiting, reason, "left out")
    else:
        _serve_feed(desk, waiting, reason)


def _serve_feed(
    desk: _Run, waiting: PendingEntry, reason: str, *, headline_only: bool = False, by_nature: bool = False
) -> None:
    """Store the article with the text of its feed, or with its headline only."""
    told = replace(waiting.entry, summary="", content="") if headline_only else waiting.entry
    article = from_feed(told, desk.names[waiting.entry.source_id].language)
    before = _read_before(desk, waiting)
    new = desk.stores.articles.keep(waiting.id, article, desk.now, reason)
    if before is None:
        desk.kept(waiting)
    else:
        desk.changed += new
    _report(desk, waiting, reason, served(article), by_nature=by_nature)


def _report(desk: _Run, waiting: PendingEntry, problem: str, outcome: str, *, by_nature: bool = False) -> None:
    entry = waiting.entry
    log.info("page fell back", source=entry.source_id, entry=waiting.id, why=problem, outcome=outcome)
    name = desk.names[entry.source_id].name
    told = PageReport(source=name, title=entry.title, link=entry.link, problem=problem, outcome=outcome)
    desk.pages.append(replace(told, by_nature=by_nature))

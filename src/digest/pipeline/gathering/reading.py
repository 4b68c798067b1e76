"""The second step of a fetch: reads the pages of new and changed entries, and stores their articles.

If a page cannot be read, its article gets the text of the feed, or keeps the version that was read before.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from digest.errors import (
    Advice,
    DigestError,
    FetchError,
    ForbiddenByRobots,
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
from digest.extract.workers import Job
from digest.logs import get_logger
from digest.model.appearance import appeared
from digest.model.article import Article, Page
from digest.model.quarantine import MOST_INPUT_BYTES, ItemKind
from digest.model.source import FeedEntry
from digest.pipeline.gathering.learnt import Furniture
from digest.pipeline.gathering.report import PageReport
from digest.pipeline.gathering.revisions import is_due, supersedes
from digest.pipeline.gathering.run import Run, as_bytes
from digest.pipeline.gathering.shortcomings import lacks_by_nature, served, shortcoming
from digest.storage.entries import ATTEMPTS, PendingEntry

log = get_logger()

GONE = frozenset({404, 410})
"""HTTP statuses of a removed page. Its entry is left out, even if the feed has its text."""
PAYMENT_REQUIRED = 402
"""HTTP status of a page that the publisher sells (RFC 9110, 15.5.3)."""
KEPT = "the version read before is kept"
"""Outcome of a changed article when its page could not be fetched again."""


def read_pages(run: Run, since: datetime) -> None:
    """Read the pages that wait, oldest entry first. After an interruption the next run continues with the others."""
    pending = {p.entry.url: p for p in _pending(run, since)}
    in_work: deque[tuple[PendingEntry, Page]] = deque()
    results = run.workers.extract_all(_jobs(run, pending, in_work))
    for done, result in enumerate(results):
        waiting, page = in_work.popleft()
        run.progress(len(run.pages) + done, len(pending), waiting.entry.title)
        html = page.html[:MOST_INPUT_BYTES].encode("utf-8", "replace")
        with suppress(ItemSetAside), run.watch.item(ItemKind.PAGE, waiting.entry.url, html):
            _take(run, waiting, result)


def _take(run: Run, waiting: PendingEntry, result: Article | DigestError | Mishandled) -> None:
    """Store the result of a page. Raises Mishandled when the program failed at reading it."""
    if isinstance(result, Mishandled):
        raise result
    if isinstance(result, DigestError):
        _fall_back(run, waiting, result)
    else:
        _keep(run, waiting, result)


def _pending(run: Run, since: datetime) -> Iterator[PendingEntry]:
    for waiting in _waiting(run):
        problem = _too_late(run, waiting.entry, since)
        if problem and waiting.read_at is None:
            run.stores.entries.fail(waiting.id, problem, run.now, final=True)
        elif problem:
            run.stores.entries.keep_version(waiting.id, run.now, again=False)
        elif run.watch.holds(ItemKind.PAGE, waiting.entry.url):
            continue
        elif waiting.entry.source_id not in run.resting and is_due_again(waiting, run.now):
            yield waiting


def _waiting(run: Run) -> Iterator[PendingEntry]:
    if run.part is not None:
        yield from run.stores.entries.pending_of(run.part.entries)
        return
    after = 0
    while batch := run.stores.entries.pending(after):
        yield from batch
        after = batch[-1].id


def _too_late(run: Run, entry: FeedEntry, since: datetime) -> str:
    """Return why an entry is too old to be read; empty when it may be read."""
    old = "older than every edition's window" if appeared(entry) < since else ""
    return old if entry.source_id in run.ids else "its source was removed"


def is_due_again(waiting: PendingEntry, now: datetime) -> bool:
    """Return whether an entry may be read: for the first time, or again after a change."""
    return waiting.read_at is None or is_due(waiting.entry.seen_at, waiting.read_at, now)


def _jobs(run: Run, pending: dict[str, PendingEntry], in_work: deque[tuple[PendingEntry, Page]]) -> Iterator[Job]:
    """Yield a job for each page that was fetched.

    The page and its entry are appended to ``in_work``, in the same order.
    """
    known, fetched = Furniture(run.stores, run.now, run.watch.item), 0
    owed = Counter(run.names[each.entry.source_id].name for each in pending.values())
    for entry, page in run.fetcher.pages([p.entry for p in pending.values()], run.now):
        if isinstance(page, OutOfTime):
            continue
        owed[run.names[entry.source_id].name] -= 1
        waiting = pending[entry.url]
        if isinstance(page, Page):
            in_work.append((waiting, page))
            fetched += 1
            language = run.names[entry.source_id].language
            yield Job(page=page, entry=entry, furniture=known.of(run.names[entry.source_id]), language_hint=language)
        else:
            if not isinstance(page, ItemSetAside):
                with suppress(ItemSetAside), run.watch.item(ItemKind.PAGE, entry.url, as_bytes(entry)):
                    _take(run, waiting, page)
            run.progress(len(run.pages) + fetched, len(pending), entry.title)
    run.owed.update(+owed)


def _keep(run: Run, waiting: PendingEntry, read: Article) -> None:
    article = run.addresses.settled(waiting.id, waiting.entry, read)
    problem = shortcoming(article)
    before = _read_before(run, waiting)
    if before is not None and not supersedes(article, before):
        run.stores.entries.keep_version(waiting.id, run.now, again=False)
        walled = bool(problem) and lacks_by_nature(article)
        _report(run, waiting, problem or "the page shows less than before", KEPT, by_nature=walled)
        return
    if problem:
        _report(run, waiting, problem, served(article), by_nature=lacks_by_nature(article))
    new = run.stores.articles.keep(waiting.id, article, run.now, problem)
    log.debug(
        "article read",
        source=article.source_id,
        entry=waiting.id,
        origin=article.origin.value,
        words=article.word_count,
        changed=before is not None,
    )
    if before is None:
        run.kept(waiting)
    else:
        run.changed += new


def _read_before(run: Run, waiting: PendingEntry) -> Article | None:
    """Return the last version of an article whose page changed; None when it was never read."""
    return run.stores.articles.latest(waiting.id) if waiting.read_at is not None else None


def _fall_back(run: Run, waiting: PendingEntry, error: DigestError) -> None:
    """Use the feed's own text for a page that was not fetched, or let a later fetch try the page again."""
    reason = error.reason if isinstance(error, FetchError | Unreadable) else str(error)
    gone = isinstance(error, HttpStatus) and error.status in GONE
    if isinstance(error, Reserved):
        _serve_feed(run, waiting, reason, headline_only=error.headline_only, by_nature=True)
    elif isinstance(error, NotAPage | Wordless | ForbiddenByRobots):
        _serve_feed(run, waiting, reason, by_nature=True)
    elif not gone and waiting.entry.has_page and _read_before(run, waiting) is not None:
        run.stores.entries.keep_version(waiting.id, run.now, again=error.advice is Advice.RETRY)
        _report(run, waiting, reason, KEPT)
    elif error.advice is Advice.RETRY and waiting.attempts + 1 < ATTEMPTS:
        run.stores.entries.fail(waiting.id, reason, run.now, final=False)
        _report(run, waiting, reason, "tried again next time")
    elif gone:
        run.stores.entries.fail(waiting.id, reason, run.now, final=True)
        _report(run, waiting, reason, "left out")
    else:
        paid = isinstance(error, HttpStatus) and error.status == PAYMENT_REQUIRED
        _serve_feed(run, waiting, reason, by_nature=paid)


def _serve_feed(
    run: Run, waiting: PendingEntry, reason: str, *, headline_only: bool = False, by_nature: bool = False
) -> None:
    """Store the article with the text of its feed, or with its headline only."""
    told = replace(waiting.entry, summary="", content="") if headline_only else waiting.entry
    article = from_feed(told, run.names[waiting.entry.source_id].language)
    before = _read_before(run, waiting)
    new = run.stores.articles.keep(waiting.id, article, run.now, reason)
    if before is None:
        run.kept(waiting)
    else:
        run.changed += new
    _report(run, waiting, reason, served(article), by_nature=by_nature)


def _report(run: Run, waiting: PendingEntry, problem: str, outcome: str, *, by_nature: bool = False) -> None:
    entry = waiting.entry
    log.info("page fell back", source=entry.source_id, entry=waiting.id, why=problem, outcome=outcome)
    name = run.names[entry.source_id].name
    told = PageReport(source=name, title=entry.title, link=entry.link, problem=problem, outcome=outcome)
    run.pages.append(replace(told, by_nature=by_nature))

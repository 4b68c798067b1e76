"""Fetches sources: lists entries, reads pages, stores articles; each step is stored before the next.

sources that are due ─ fetch ─▶ entries ─ fetch ─▶ pages ─ extract ─▶ articles
                         │                  │               │
                   a bad source       no page: the     unreadable: the
                   pauses a while     feed's text      feed's text

An entry that its source announces as changed goes through the same steps again, and becomes a new version of its
article.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.logs import get_logger
from digest.pipeline.gathering.front_pages import read_fronts
from digest.pipeline.gathering.learnt import Addresses
from digest.pipeline.gathering.listing import list_sources
from digest.pipeline.gathering.reading import read_pages
from digest.pipeline.gathering.report import GatherReport, Owed
from digest.pipeline.gathering.run import Part, Run, Tools
from digest.pipeline.progress import Progress
from digest.pipeline.stores import Stores

log = get_logger()


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
    run = Run(
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
    run.names = {stored.source.id: stored.source for stored in known}
    run.ids = stores.sources.ids()
    run.resting = run.ids - frozenset(run.names) | frozenset(stored.source.id for stored in known if not stored.enabled)
    sources = list_sources(run)
    read_pages(run, now - window)
    if part is None:
        read_fronts(stores, tools.fetcher, run.links, now, tools.watch.item)
    else:
        part.read_fronts(run.links)
    tools.watch.set_aside_records()
    report = GatherReport(
        sources=tuple(sorted(sources, key=lambda report: report.name)),
        articles=run.articles,
        owed=tuple(Owed(source=name, pages=number) for name, number in sorted(run.owed.items())),
        set_aside=len(tools.watch.aside),
        changed=run.changed,
        offline=run.offline,
        pages=tuple(sorted(run.pages, key=lambda report: (report.source, report.link))),
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

"""The first step of a fetch: fetches the lists of the sources that are due, and stores their entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import msgspec

from digest.errors import ItemSetAside
from digest.fetch.fetcher import Fetched
from digest.fetch.item_identity import addresses, recognised
from digest.fetch.pace import host_of
from digest.fetch.politeness import SourceState, without_pause
from digest.fetch.politeness import is_due as is_source_due
from digest.model.quarantine import ItemKind, is_items_fault
from digest.model.source import FeedEntry, Source
from digest.pipeline.gathering.report import SourceReport
from digest.pipeline.gathering.revisions import announces_change
from digest.pipeline.gathering.run import Run, as_bytes


def list_sources(run: Run) -> list[SourceReport]:
    """Fetch the lists of the sources that are due, and return a report of each.

    Sources that were not reached in time are noted in ``run.owed``. When sources of at least two hosts were tried and
    none was reached, the machine is offline, and no source has to pause for it.
    """
    reports: list[SourceReport] = []
    due = list(_with_states(run, reports))
    unreached: list[Fetched] = []
    awaited = {source.id: source.name for source, state in due if is_source_due(state, run.now)}
    for done, fetched in enumerate(run.fetcher.sources(due, run.now), start=1):
        run.progress(done, len(due), fetched.source.name)
        if fetched.asked:
            del awaited[fetched.source.id]
            reports.append(_stored(run, fetched))
            unreached += [fetched] if fetched.is_unreached else []
    run.offline = len(unreached) == len(reports) and len({host_of(each.source.url) for each in unreached}) > 1
    for fetched in unreached if run.offline else ():
        state = without_pause(fetched.state)
        run.stores.sources.record(fetched.source.id, msgspec.to_builtins(state), state.last_result, run.now)
    run.owed.update(dict.fromkeys(awaited.values(), 0))
    return reports


def _with_states(run: Run, reports: list[SourceReport]) -> Iterator[tuple[Source, SourceState]]:
    """Yield the sources and their stored state; a source is reported when its state cannot be read."""
    enabled, part = run.stores.sources.enabled(), run.part
    chosen = [each for each in enabled if part is None or each.source.id in part.sources]
    for source, state in ((stored.source, stored.state) for stored in chosen):
        try:
            with run.watch.item(ItemKind.SOURCE, source.url, b""):
                made = msgspec.convert(state, SourceState)
        except ItemSetAside as aside:
            reports.append(SourceReport(name=source.name, entries=0, new=0, problem=str(aside)))
        else:
            yield source, made


def _stored(run: Run, fetched: Fetched) -> SourceReport:
    """Store the result of a source's fetch. After a failure of the program itself, the old state stays."""
    aside = fetched.aside
    if aside is None:
        try:
            with run.watch.item(ItemKind.SOURCE, fetched.source.url, b""):
                return _store_source(run, fetched)
        except ItemSetAside as problem:
            aside = problem
    return SourceReport(name=fetched.source.name, entries=0, new=0, problem=str(aside))


def _store_source(run: Run, fetched: Fetched) -> SourceReport:
    known = run.stores.entries.announced(addresses(fetched.entries))
    entries = recognised(fetched.entries, known)
    changed = {e.url: e for e in reversed(entries) if e.url in known and announces_change(known[e.url], e)}
    new = _see(run, entries)
    for entry in changed.values():
        with suppress(ItemSetAside), run.watch.item(ItemKind.ENTRY, entry.url, as_bytes(entry)):
            run.stores.entries.announce([entry])
    state = msgspec.to_builtins(fetched.state)
    run.stores.sources.record(fetched.source.id, state, fetched.state.last_result, run.now)
    problem = "" if fetched.error is None else fetched.error.reason
    if not problem and fetched.state.last_result.startswith("0 entries"):
        problem = "0 entries: is this the right address?"
    return SourceReport(name=fetched.source.name, entries=len(entries), new=new, problem=problem)


def _see(run: Run, found: Sequence[FeedEntry]) -> int:
    """Store the entries of a source's list, and return how many are new.

    They are stored all at once, or one by one when one of them cannot be stored.
    """
    try:
        return run.stores.entries.see(found)
    except Exception as error:
        if not is_items_fault(error):
            raise
    new = 0
    for entry in found:
        with suppress(ItemSetAside), run.watch.item(ItemKind.ENTRY, entry.url, as_bytes(entry)):
            new += run.stores.entries.see([entry])
    return new

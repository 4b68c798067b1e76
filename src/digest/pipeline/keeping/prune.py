"""Deletes what is older than the settings allow: in short transactions, and never while letters are sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.deliver.ledger.journal import finished
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.pipeline.people.api_tokens import forget_requests
from digest.pipeline.people.desk_sessions import forget_sign_ins
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.settling import JOURNALS
from digest.settings import RetentionSettings
from digest.storage.retention import Retention

MOST_BATCHES = 5000
"""Most batches of each kind in one daily run, enough for ten million deliveries. The next run continues."""
PAUSE_SECONDS = 0.05
"""Pause between two batches, so that others can write. Measured on SQLite with a million deliveries: another process
commits in 8 ms at the median, compared with 4 ms without.
"""
DAILY = timedelta(hours=24)
RUN = "prune"

log = get_logger()

Batches = Callable[[datetime, bool], Iterator[int]]
"""Takes (before, dry), and deletes what is older; with dry, only counts. Yields the number of rows of each batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """How much of one kind of data was deleted, or would be. ``days`` is 0 when it is kept forever."""

    name: str
    days: int
    before: datetime | None
    number: int
    whole: bool
    """False when the next run must continue with this kind."""
    failed: bool = False
    """Whether the program itself failed at this kind. The failure is in the quarantine."""


def pause() -> bool:
    """Wait a moment so that others can write. Return True, which lets the deletion continue."""
    time.sleep(PAUSE_SECONDS)
    return True


def prune(
    runtime: Runtime, *, dry: bool = False, most: int | None = None, go_on: Callable[[], bool] = pause
) -> tuple[Gone, ...]:
    """Delete data that is too old, or only count it when ``dry``; with ``most``, at most so many batches of a kind.

    ``go_on`` is called after each batch; when it returns False, the run stops. Pictures and links are deleted after the
    articles that name them. When the program fails at one kind, the others are still deleted. A run that deleted
    something is recorded.
    """
    started, jobs = runtime.clock(), Jobs(runtime)
    found: list[Gone] = []
    for name, days, batches in _kinds(runtime, runtime.settings.retention):

        def one(name: str = name, days: int = days, batches: Batches = batches) -> None:
            found.append(_of_kind(name, days, batches, started, dry=dry, most=most, go_on=go_on))

        if not jobs.run(f"prune {name}", one):
            found.append(Gone(name=name, days=days, before=None, number=0, whole=False, failed=True))
    if not dry:
        gone = {each.name: each.number for each in found}
        whole = all(each.whole for each in found)
        runtime.stores.runs.record(RUN, started, runtime.clock(), {"gone": gone, "whole": whole})
        log.info("pruned", gone=gone, whole=whole)
        forget_sign_ins(runtime)
        forget_requests(runtime)
    return tuple(found)


def prune_daily(runtime: Runtime, stop: threading.Event) -> None:
    """Delete data that is too old, once a day, in one process, and never while letters are sent."""
    last, now = runtime.stores.runs.last(RUN), runtime.clock()
    if last is not None and timedelta() <= now - last < DAILY:
        return

    def go_on() -> bool:
        return not stop.wait(PAUSE_SECONDS) and not runtime.stores.editions.latest(1, {EditionState.SENDING})

    if not go_on():
        return
    with runtime.stores.leases.hold(RUN, runtime.clock) as lease:
        if lease is not None:
            prune(runtime, most=MOST_BATCHES, go_on=go_on)


def _kinds(runtime: Runtime, keep: RetentionSettings) -> Iterator[tuple[str, int, Batches]]:
    old = Retention(runtime.stores.database)
    yield "deliveries", keep.deliveries_days, lambda before, dry: old.deliveries(before, dry=dry)
    yield "articles", keep.articles_days, lambda before, dry: old.articles(before, dry=dry)
    yield "entries", keep.entries_days, lambda before, dry: old.entries(before, dry=dry)
    yield "pictures", keep.pictures_days, lambda before, dry: old.pictures(before, dry=dry)
    yield "runs", keep.runs_days, lambda before, dry: old.runs(before, dry=dry)
    yield "events", keep.events_days, lambda before, dry: old.events(before, dry=dry)
    yield "webhooks", keep.webhooks_days, lambda before, dry: runtime.stores.webhooks.prune(before, dry=dry)
    yield "tips", keep.tips_days, lambda before, dry: runtime.stores.tips.prune(before, dry=dry)
    yield "quarantine", keep.quarantine_days, lambda before, dry: old.quarantine(before, dry=dry)
    yield "audit", keep.audit_days, lambda before, dry: runtime.stores.audit.prune(before, dry=dry)
    yield "journals", keep.journals_days, lambda before, dry: _journals(runtime, before, dry=dry)


def _journals(runtime: Runtime, before: datetime, *, dry: bool) -> Iterator[int]:
    for path in finished(Path(runtime.settings.folder) / JOURNALS, before.timestamp()):
        if not dry:
            path.unlink(missing_ok=True)
        yield 1


def _of_kind(  # noqa: PLR0913 - one row of the table
    name: str, days: int, batches: Batches, now: datetime, *, dry: bool, most: int | None, go_on: Callable[[], bool]
) -> Gone:
    if not days:
        return Gone(name=name, days=0, before=None, number=0, whole=True)
    before, number, whole = now - timedelta(days=days), 0, True
    for count, rows in enumerate(batches(before, dry), start=1):
        number += rows
        if count == most or not (dry or go_on()):
            whole = False
            break
    return Gone(name=name, days=days, before=before, number=number, whole=whole)

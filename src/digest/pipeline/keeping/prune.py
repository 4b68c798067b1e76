"""What is older than the settings keep it goes: in short transactions, and never while letters leave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digest.deliver.journal import finished
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.pipeline.house import House
from digest.pipeline.post import JOURNALS
from digest.settings import RetentionSettings
from digest.storage.retention import Retention

MOST_BATCHES = 400
"""Batches of each kind in one daily run; what is left waits for the next."""
PAUSE_SECONDS = 0.05
"""Between two batches: others write meanwhile."""
DAILY = timedelta(hours=24)
RUN = "prune"

log = get_logger()

Batches = Callable[[datetime, bool], Iterator[int]]
"""Takes (before, dry); yields how many a batch had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What went of one kind, or would; ``days`` is 0 when it is kept for ever."""

    name: str
    days: int
    before: datetime | None
    number: int
    whole: bool
    """False when more is left for the next run."""


def prune(
    house: House, *, dry: bool = False, most: int | None = None, stop: threading.Event | None = None
) -> tuple[Gone, ...]:
    """Take out what is too old, or only count it when ``dry``; with ``most`` at most so many batches of a kind.

    Pictures and links come after the articles that name them. A run that took something out is recorded.
    """
    started, stop = house.clock(), stop or threading.Event()
    found = tuple(
        _of_kind(name, days, batches, started, dry=dry, most=most, stop=stop)
        for name, days, batches in _kinds(house, house.settings.retention)
    )
    if not dry:
        gone = {each.name: each.number for each in found}
        whole = all(each.whole for each in found)
        house.stores.runs.record(RUN, started, house.clock(), {"gone": gone, "whole": whole})
        log.info("pruned", gone=gone, whole=whole)
    return found


def prune_daily(house: House, stop: threading.Event) -> None:
    """Take out what is too old, once a day, in one process, and at no time when letters leave."""
    last, now = house.stores.runs.last(RUN), house.clock()
    if last is not None and timedelta() <= now - last < DAILY:
        return
    if house.stores.editions.latest(1, {EditionState.SENDING}):
        return
    with house.stores.leases.hold(RUN, house.clock) as lease:
        if lease is not None:
            prune(house, most=MOST_BATCHES, stop=stop)


def _kinds(house: House, keep: RetentionSettings) -> Iterator[tuple[str, int, Batches]]:
    old = Retention(house.stores.database)
    yield "deliveries", keep.deliveries_days, lambda before, dry: old.deliveries(before, dry=dry)
    yield "articles", keep.articles_days, lambda before, dry: old.articles(before, dry=dry)
    yield "entries", keep.entries_days, lambda before, dry: old.entries(before, dry=dry)
    yield "pictures", keep.pictures_days, lambda before, dry: old.pictures(before, dry=dry)
    yield "runs", keep.runs_days, lambda before, dry: old.runs(before, dry=dry)
    yield "quarantine", keep.quarantine_days, lambda before, dry: old.quarantine(before, dry=dry)
    yield "journals", keep.journals_days, lambda before, dry: _journals(house, before, dry=dry)


def _journals(house: House, before: datetime, *, dry: bool) -> Iterator[int]:
    for path in finished(Path(house.settings.folder) / JOURNALS, before.timestamp()):
        if not dry:
            path.unlink(missing_ok=True)
        yield 1


def _of_kind(  # noqa: PLR0913 - one row of the table
    name: str, days: int, batches: Batches, now: datetime, *, dry: bool, most: int | None, stop: threading.Event
) -> Gone:
    if not days:
        return Gone(name=name, days=0, before=None, number=0, whole=True)
    before, number, whole = now - timedelta(days=days), 0, True
    for count, rows in enumerate(batches(before, dry), start=1):
        number += rows
        if (not dry and stop.wait(PAUSE_SECONDS)) or count == most:
            whole = False
            break
    return Gone(name=name, days=days, before=before, number=number, whole=whole)

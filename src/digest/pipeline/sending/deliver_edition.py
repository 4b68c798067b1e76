"""Sends a frozen letter to its audience, and records the deliveries."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from digest.bookkeeping import Counts
from digest.deliver.protocol.replies import Fate
from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.options import Controls, DispatchOptions, DispatchReport
from digest.deliver.run.options import Progress as Sent
from digest.deliver.run.way import Way
from digest.deliver.transports.transport import Protected
from digest.errors import DeliveryError
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.model.life import Move
from digest.model.quarantine import ItemKind
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import set_aside_relays, watched, watching
from digest.pipeline.relays import becomes_files, rates, tallies, ways_out
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import Writer, corrected, ready_for_mail
from digest.pipeline.sending.mornings import expire_late_zones
from digest.pipeline.sending.sent_marks import hold_if_older, note
from digest.pipeline.sending.settling import folder_of, label
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

log = get_logger()

ZONE_OVER = "the time of the edition is over in one of its readers' zones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The result of a sending run; ``counts`` are of the whole edition, including letters of other runs."""

    counts: Counts
    sent_now: int
    recovered: int
    stopped: str
    error: DeliveryError | None
    next_attempt: datetime | None
    troubles: tuple[str, ...] = ()
    """Errors of relays; the run continued without these relays."""


def post(
    runtime: Runtime,
    row: StoredEdition,
    *,
    progress: Progress,
    wait: timedelta = timedelta(),
    stop: threading.Event | None = None,
) -> Posted:
    """Send what is due of a frozen edition; safe to repeat, to kill, and to run on several machines.

    ``wait`` is how long to wait for letters that a relay deferred; ``stop`` ends the run after the letters under way.
    The edition is ``sent`` when every letter is finished.
    """
    ledger = Deliveries(runtime.stores.database, row.id)
    hold_if_older(runtime, row)
    report = leave(runtime, row, ledger, progress, stop, wait_for_deferred=wait)
    if not becomes_files(runtime.settings.mail):
        note(folder_of(runtime), row.key, report.counts.of(DeliveryState.ACCEPTED), runtime.clock())
    if not report.counts.unfinished:
        runtime.stores.editions.move(row.id, Move.FINISH, runtime.clock())
    return Posted(
        counts=report.counts,
        sent_now=report.number(Fate.ACCEPTED),
        recovered=report.recovered,
        stopped=report.stopped,
        error=report.error,
        next_attempt=report.next_attempt,
        troubles=report.troubles,
    )


def leave(
    runtime: Runtime,
    row: StoredEdition,
    ledger: Deliveries,
    progress: Progress,
    stop: threading.Event | None = None,
    **orders: Any,  # noqa: ANN401 - fields of DispatchOptions
) -> DispatchReport:
    """Send the letters of a ledger, of an edition or of one shard of it, and return the result.

    ``orders`` override the settings.
    """
    corrected(runtime, row)
    frozen = runtime.stores.letters.current(row.id)
    if frozen is None:
        raise LookupError(f"{row.key} is {row.state.value} without a letter")
    letter, number = frozen
    ledger, started = ledger.of_letter(number), runtime.clock()
    ends = expire_late_zones(runtime, row, ledger)

    def show(sent: Sent) -> None:
        progress(sent.settled, sent.audience, sent.waiting or str(row.key))

    writer = Writer(ready_for_mail(runtime, letter), runtime.settings, row.key)
    ways = ways_out(runtime.settings, row.key)
    with watching(runtime, f"send {row.key}") as watch:
        report = dispatch(
            ledger,
            ways,
            watched(watch, ItemKind.LETTER, str(row.key), writer),
            orders=_until(runtime, replace(_orders(runtime, row), **orders), ends),
            clock=runtime.clock,
            controls=Controls(stop=stop or threading.Event(), on_progress=show, meter=runtime.meter),
        )
        set_aside_relays(watch, report.faults)
    note_certificates(runtime, ways)
    _record(runtime, row, started, report)
    return report


def note_certificates(runtime: Runtime, ways: Iterable[Way]) -> None:
    """Store when the certificates of relays expire, as seen by the connections of a run."""
    for way in ways:
        ends = way.transport.certificate_ends if isinstance(way.transport, Protected) else None
        if ends is not None:
            runtime.meter.certificate(way.counted_as, ends)


def _record(runtime: Runtime, row: StoredEdition, started: datetime, report: DispatchReport) -> None:
    """Store the result of a sending run, unless it did nothing: ``serve`` runs every few seconds."""
    fates = {fate.name.lower(): number for fate in Fate if (number := report.number(fate))}
    if not fates and not report.recovered and report.error is None:
        return
    log.info(
        "letters sent",
        edition=str(row.key),
        accepted=report.number(Fate.ACCEPTED),
        recovered=report.recovered,
        replies=dict(report.replies),
        took_s=round(report.seconds, 1),
        stopped=why_stopped(report),
    )
    told = {"edition": str(row.key), "now": fates, "recovered": report.recovered, "stopped": report.stopped}
    problem = str(report.error) if report.error else ""
    runtime.stores.runs.record("send", started, runtime.clock(), {**told, "problem": problem})


def why_stopped(report: DispatchReport) -> str:
    """Return why a sending run ended early, without the relay's own text; empty when it did not."""
    return type(report.error).__name__ if report.error else report.stopped


def _until(runtime: Runtime, orders: DispatchOptions, ends: datetime | None) -> DispatchOptions:
    """Let a run end when it is too late for the letters of a time zone; the next run expires them."""
    if ends is None:
        return orders
    given = orders.forbidden
    return replace(orders, forbidden=lambda: given() or (ZONE_OVER if runtime.clock() >= ends else ""))


def _orders(runtime: Runtime, row: StoredEdition) -> DispatchOptions:
    settings = runtime.settings
    return DispatchOptions(
        expires=row.expires,
        journals=folder_of(runtime),
        label="" if becomes_files(settings.mail) else label(row.key),
        rates=rates(settings.mail),
        tallies=tallies(runtime),
        on_uncertain=settings.mail.on_uncertain,
    )

"""``send``: does the missing steps of an edition, from the fetch to the last letter, and reports them.

Every step starts from stored data and ends by storing its result. So a second run continues the first, and a third has
nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from digest.edition.calendar import Occurrence, upcoming
from digest.errors import EditionClosed, TooEarly, TooLate, Unapproved
from digest.model.delivery import Delivery, DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.model.life import FROZEN, UNSENT, Cause, Move, approved_until, waits_for_approval
from digest.pipeline.check.gate import gated, look
from digest.pipeline.editions.again import deeds_of, keeps_its_articles
from digest.pipeline.editions.composing import asked_for, compose_edition
from digest.pipeline.editions.left_out import advertorials
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import Progress
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import Posted, post
from digest.pipeline.sending.freezing import frozen
from digest.pipeline.stores import Stores
from digest.settings import Settings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

Draining = Callable[[], AbstractContextManager[threading.Event | None]]
"""Yields, while letters are sent, an event. When it is set, letters under way are finished and the others wait."""


class Deliver(Protocol):
    """Sends the letters of a frozen edition that are due, or lets other machines send them; see ``post``."""

    def __call__(
        self, runtime: Runtime, row: StoredEdition, *, progress: Progress, stop: threading.Event | None
    ) -> Posted:
        """Return the result, and the states of the edition's letters."""
        ...


UNSETTLED = (DeliveryState.REJECTED, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN)


AHEAD = 2
"""Number of coming editions of each name among which the next one is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which edition to send, and what is allowed."""

    name: str
    day: date | None = None
    now: bool = False
    """Whether it may be sent before it is due."""
    late: bool = False
    """Whether it may be sent after its window."""
    by_clock: bool = False
    """Whether the clock started it. Then readers who subscribed after it was due do not get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """The result of ``send``; ``posted`` is None when there was nothing to send."""

    row: StoredEdition
    posted: Posted | None
    gathered: GatherReport | None
    unsettled: tuple[Delivery, ...]
    """Letters that were rejected or expired, or that are uncertain."""
    next_due: Occurrence | None
    next_zone: str = "UTC"
    addresses: Mapping[ReaderId, str] = field(default_factory=dict)
    """Addresses of the ``unsettled`` letters, by reader."""
    advertorials: tuple[str, ...] = ()
    """Articles that the edition left out as advertising, one line of text for each."""
    warnings: tuple[str, ...] = ()
    """Warnings of the check before letters are sent."""

    @property
    def audience(self) -> int:
        """Number of readers when the edition was frozen."""
        return self.posted.counts.audience if self.posted else 0

    def address(self, letter: Delivery) -> str:
        """Return the address of an ``unsettled`` letter, or the reader's number when the reader is deleted."""
        return self.addresses.get(letter.reader_id, f"reader {letter.reader_id}")


def send_edition(
    runtime: Runtime,
    request: Request,
    gather: Callable[[], GatherReport],
    progress: Progress,
    *,
    draining: Draining = nullcontext,
    deliver: Deliver = post,
) -> SendReport:
    """Send an edition once; steps that are done already are not repeated.

    ``draining`` surrounds the sending of letters.

    ``deliver`` sends the frozen edition, or lets other machines send it.

    Raises TooEarly and TooLate, which name the option to send nevertheless, EditionClosed when the edition is held or
    skipped, and Unapproved while it waits for its editor.
    """
    settings, stores, clock = runtime.settings, runtime.stores, runtime.clock
    due = with_expiry(asked_for(runtime, request.name, request.day), request, clock())
    row = stores.editions.plan(due.key, due.due, due.expires, clock())
    gathered, warnings = None, tuple[str, ...]()
    if not _under_way(row):
        row = _taken_up(runtime, due, row) if request.late else row
        _refuse_closed(row)
        _refuse_untimely(settings, due, request, clock())
        looked = look(runtime, request.name)
        warnings, row = looked.warnings, gated(runtime, row, looked)
        if not looked.errors:
            gathered = gather_if_stale(runtime, gather)
            row = _ready(runtime, due, row)
            _refuse_unapproved(settings, due, row, clock())
            row = frozen(runtime, due, row, joined_by=due.due if request.by_clock else None)
    row = stores.editions.get(due.key) or row
    posted = None
    if _under_way(row):
        with draining() as stop:
            posted = deliver(runtime, row, progress=progress, stop=stop)
    row = stores.editions.get(due.key) or row
    unsettled = Deliveries(stores.database, row.id).rows(*UNSETTLED)
    coming = _next(settings, stores, clock())
    return SendReport(
        row=row,
        posted=posted,
        gathered=gathered,
        unsettled=tuple(unsettled),
        next_due=coming,
        next_zone=settings.editions[coming.key.name].zone if coming else "UTC",
        addresses=_addresses(stores, unsettled),
        advertorials=advertorials(row),
        warnings=warnings,
    )


def _addresses(stores: Stores, letters: Collection[Delivery]) -> dict[ReaderId, str]:
    wanted = {letter.reader_id for letter in letters}
    everybody = stores.readers.walk(left=True) if wanted else ()
    return {stored.reader.id: stored.reader.address for stored in everybody if stored.reader.id in wanted}


def _under_way(row: StoredEdition) -> bool:
    return row.state in {EditionState.SENDING, EditionState.SENT}


def with_expiry(due: Occurrence, request: Request, now: datetime) -> Occurrence:
    """Return the edition; if it is sent late on purpose, it expires later, and has as much time as one sent on time."""
    return replace(due, expires=max(due.expires, now + (due.expires - due.due))) if request.late else due


def _taken_up(runtime: Runtime, due: Occurrence, row: StoredEdition) -> StoredEdition:
    """Return an edition that is sent late on purpose. If the program had skipped it, it is opened again."""
    editions, now = runtime.stores.editions, runtime.clock()
    if not editions.move(row.id, Move.TAKE_UP, now):
        return row
    return editions.plan(due.key, due.due, due.expires, now)


def _refuse_closed(row: StoredEdition) -> None:
    if row.state is EditionState.HELD and row.cause is Cause.EDITOR:
        raise EditionClosed(f"{row.key} is held {row.reason}; to let it go: digest approve {row.key}")
    if row.state is EditionState.SKIPPED or row.state in FROZEN:
        next_step = f"; to go on: digest resume {row.key}" if row.state is EditionState.PAUSED else ""
        raise EditionClosed(f"{row.key} is {row.state.value}: {row.reason or 'by the operator'}{next_step}")


def _refuse_unapproved(settings: Settings, due: Occurrence, row: StoredEdition, now: datetime) -> None:
    plan = settings.editions[due.key.name]
    if row.state is not EditionState.READY or not waits_for_approval(plan, row.state, due.due, now):
        return
    until = approved_until(plan, due.due)
    more = f"; without it goes at {until.astimezone(ZoneInfo(plan.zone)):%a %d %b %H:%M} {plan.zone}" if until else ""
    raise Unapproved(f"{due.key} waits for approval: digest approve {due.key}{more}")


def _refuse_untimely(settings: Settings, due: Occurrence, request: Request, now: datetime) -> None:
    zone = ZoneInfo(settings.editions[due.key.name].zone)
    opens, closes = (f"{instant.astimezone(zone):%a %d %b %H:%M}" for instant in (due.due, due.closes))
    window = f"{opens} to {closes} {zone.key}"
    if due.key.date > now.astimezone(zone).date():
        raise TooEarly(f"{due.key} goes out from {window}; it is of a later day, and --now sends one of today only")
    if now < due.due and not request.now:
        raise TooEarly(f"{due.key} goes out from {window}; to send it at once: --now")
    if now >= due.closes and not request.late:
        raise TooLate(f"{due.key} could go out from {window}; to send it all the same: --late")


def gather_if_stale(runtime: Runtime, gather: Callable[[], GatherReport]) -> GatherReport | None:
    """Fetch if the last fetch is older than the settings allow; return the report, or None if it is recent enough."""
    last = runtime.stores.runs.last("fetch")
    fresh = last is not None and runtime.clock() - last < timedelta(minutes=runtime.settings.fetch.fresh_minutes)
    return None if fresh else gather()


def _ready(runtime: Runtime, due: Occurrence, row: StoredEdition) -> StoredEdition:
    """Return the composed edition. A draft is composed again if a fetch came after it.

    An edition that an editor approved or changed stays as it is.
    """
    last = runtime.stores.runs.last("fetch")
    current = row.cut is not None and (last is None or last <= row.cut)
    kept = current or keeps_its_articles(row, deeds_of(runtime.stores, row))
    if row.state is EditionState.APPROVED or (row.state is EditionState.READY and kept):
        return row
    return compose_edition(runtime, due).row


def _next(settings: Settings, stores: Stores, now: datetime) -> Occurrence | None:
    """Return the next edition that is still to be sent. One that was sent before it was due does not count."""
    due = [o for name, edition in settings.editions.items() for o in upcoming(name, edition, now, AHEAD)]
    closed = {row.key for o in due if (row := stores.editions.get(o.key)) and row.state not in UNSENT}
    coming = [o for o in due if o.key not in closed]
    return min(coming, key=lambda o: o.due, default=None)

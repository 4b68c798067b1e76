"""After restoring a backup: everything that may have been sent since the backup is held until the operator releases it.

The backup does not contain what happened after it. An edition that was being sent is paused. One that is due, by the
calendar or by its row, is skipped like a missed edition. Letters that left while the backup was made are in its
journals, and are settled. The operator continues each edition with `digest resume`, or `digest send --late`. On the
machine that sent the letters, their marks prevent a second sending (``sent_marks``). Mails to one person are not sent
any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from digest.bookkeeping import LEFT
from digest.edition.calendar import due_now
from digest.errors import DatabaseOlder
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.life import UNSENT, Move
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.settling import settle, settle_left
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.reopening import active_readers, end_mails, forget_leases

MOST = 10_000
"""Maximum number of editions that are checked."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held after a backup was restored, for the report to the operator."""

    editions: tuple[tuple[str, str], ...]
    """Pairs of an edition and the command that continues it."""
    settled: int
    """Number of letters that left while the backup was made, or may have left. Nobody gets them again."""
    mails: int
    """Number of mails to one person, and of requests for one, that are not sent any more."""
    readers: int
    """Active readers in the backup. Readers who left since the backup are still among them."""


def hold(runtime: Runtime, made_at: datetime) -> Held:
    """Hold whatever may have been sent since the backup was made, at ``made_at``; safe to repeat."""
    stores, now = runtime.stores, runtime.clock()
    why = f"since the database was restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC"
    forget_leases(stores.database)
    settled = sum(_settled(runtime, row) for row in stores.editions.latest(MOST, {EditionState.SENDING}))
    words = (*_paused(runtime, why, now), *_closed(runtime, why, now))
    held = Held(
        editions=words,
        settled=settled,
        mails=end_mails(stores.database, f"not sent {why}: it may have been before", now),
        readers=active_readers(stores.database),
    )
    log.warning("held after restoring", editions=[edition for edition, _ in held.editions], mails=held.mails)
    return held


def _settled(runtime: Runtime, row: StoredEdition) -> int:
    """Settle the letters of an edition that was being sent, by the journals. Return how many left, or may have left.

    An edition at which this fails is refused when the operator resumes it.
    """
    ledger = Deliveries(runtime.stores.database, row.id)
    before = ledger.counts().of(*LEFT)
    with suppress(DatabaseOlder):
        settle_left(runtime, row)
    settle(runtime, ledger)
    return ledger.counts().of(*LEFT) - before


def _paused(runtime: Runtime, why: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Pause the editions that were being sent, and yield each with the command that continues it.

    Expired ones are left alone: the next run ends them without sending.
    """
    editions = runtime.stores.editions
    for row in editions.latest(MOST, {EditionState.SENDING}):
        if now < row.expires and editions.move(row.id, Move.PAUSE, now, reason=why):
            yield str(row.key), f"digest resume {row.key}"


def _closed(runtime: Runtime, why: str, now: datetime) -> Iterator[tuple[str, str]]:
    editions = runtime.stores.editions
    for row in (*editions.latest(MOST, UNSENT), *_unplanned(runtime, now)):
        if row.due <= now and editions.move(row.id, Move.MISS, now, reason=f"not sent {why}: it may have been before"):
            yield str(row.key), f"digest send --edition {row.key.name} --date {row.key.date} --late"


def _unplanned(runtime: Runtime, now: datetime) -> Iterator[StoredEdition]:
    """Plan the editions that would be sent automatically now and that have no row in the backup; yield their rows."""
    for name, plan in runtime.settings.editions.items():
        for due in due_now(name, plan, now):
            if runtime.stores.editions.get(due.key) is None:
                yield runtime.stores.editions.plan(due.key, due.due, due.expires, now)

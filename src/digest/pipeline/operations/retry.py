"""Lets items in quarantine be tried again, at the operator's command."""

from __future__ import annotations

from contextlib import suppress

from digest.model.delivery import DeliveryState
from digest.model.ids import EditionKey, ReaderId
from digest.model.life import Move
from digest.model.quarantine import ItemKind, SetAside
from digest.pipeline.runtime import Runtime
from digest.storage.deliveries import Deliveries


def retry(runtime: Runtime, item: SetAside) -> None:
    """Release an item, so that the next run tries it again. A letter or mail that failed with it is queued again."""
    runtime.stores.quarantine.release(item.kind, item.key)
    with suppress(ValueError):  # a shortened key cannot be parsed
        if item.kind is ItemKind.LETTER:
            _queue_letter(runtime, item.key)
        elif item.kind is ItemKind.MAIL:
            runtime.stores.outbox.requeue(int(item.key.rpartition("/")[2]), runtime.clock())


def _queue_letter(runtime: Runtime, key: str) -> None:
    """Queue one reader's letter of an edition that has not expired; ``key`` has the form ``morning/2026-11-23/7``."""
    reference, _, reader = key.rpartition("/")
    name, _, day = reference.partition("/")
    row, now = runtime.stores.editions.get(EditionKey.read(name, day)), runtime.clock()
    if row is None or now >= row.expires or not row.may(Move.RESEND):
        return
    ledger = Deliveries(runtime.stores.database, row.id)
    if ledger.resend(now, DeliveryState.REJECTED, reader=ReaderId(int(reader))):
        runtime.stores.editions.move(row.id, Move.REOPEN, now)

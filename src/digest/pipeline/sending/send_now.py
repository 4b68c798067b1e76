"""Begins to send an edition at once, for a caller who does not wait until its letters have left.

The edition is composed from what is stored, if needed, and frozen. Then `digest serve` delivers it: it continues every
edition that is frozen.
"""

from __future__ import annotations

import threading

from digest.errors import EditionClosed
from digest.model.ids import EditionKey
from digest.model.life import Cause
from digest.pipeline.editions.composing import named_edition
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import Progress, unseen
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import Posted
from digest.pipeline.sending.send import Request, SendReport, send_edition
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

NOTHING_NEW = GatherReport(sources=(), articles=0, pages=())


def send_now(runtime: Runtime, key: EditionKey) -> SendReport:
    """Freeze an edition before it is due; `digest serve` delivers it within seconds. A second call changes nothing.

    Nothing is fetched. Raises UnknownEdition, EditionClosed, TooLate, Unapproved, and NothingToTell without stories.
    """
    named_edition(runtime, key)
    request = Request(name=key.name, day=key.date, now=True)
    report = send_edition(runtime, request, lambda: NOTHING_NEW, unseen, deliver=_left_to_the_clock)
    row = report.row
    if report.posted is None:
        why = f"is {row.state.value}" if row.cause is Cause.NONE else row.in_words
        raise EditionClosed(f"{key} cannot go: it {why}")
    return report


def _left_to_the_clock(
    runtime: Runtime, row: StoredEdition, *, progress: Progress, stop: threading.Event | None
) -> Posted:
    """Return how many letters are in each state, and send none: `digest serve` does it."""
    del progress, stop
    counts = Deliveries(runtime.stores.database, row.id).counts()
    return Posted(counts=counts, sent_now=0, recovered=0, stopped="", error=None, next_attempt=None)

"""The edition that an operator names: ``morning``, or ``morning/2026-11-23``."""

from __future__ import annotations

from datetime import datetime

from digest.errors import UnknownEdition
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition


def find_edition(runtime: Runtime, reference: str) -> StoredEdition:
    """Return the edition that ``morning/2026-11-23`` names, or the newest of ``morning`` that is worth a report.

    Raises UnknownEdition.
    """
    name, _, day = reference.partition("/")
    if day:
        try:
            row = runtime.stores.editions.get(EditionKey.read(name, day))
        except ValueError:
            raise UnknownEdition(f"{reference!r}: expected a name and a date, such as morning/2026-11-23") from None
    else:
        rows, now = runtime.stores.editions.latest(limit=100), runtime.clock()
        row = next((row for row in rows if row.key.name == name and _is_told_of(row, now)), None)
    if row is None:
        raise UnknownEdition(f"no edition {reference!r} was composed yet: digest compose --edition {name}")
    return row


def _is_told_of(row: StoredEdition, now: datetime) -> bool:
    """Return whether an edition is worth a report: one that was skipped before it was due is not."""
    return bool(row.seen or (row.reason and (row.state is EditionState.HELD or row.due <= now)))

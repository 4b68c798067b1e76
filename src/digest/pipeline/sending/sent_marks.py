"""Marks: files outside the database that say how many letters were sent. They show what a restored database lacks.

There is one file for each edition, in the folder of the journals. It contains the number of letters that relays have
accepted. Which letters these were is only in the journals of runs that were killed, or that ended during a backup; see
``settling``.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from digest.model.delivery import DeliveryState
from digest.model.ids import EditionKey
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.settling import folder_of, label, older, settle, settle_left
from digest.private_files import make_folder, write_private
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

KEPT = timedelta(days=30)
"""How long marks are kept. No edition is sent this long after it was due."""


def hold_if_older(runtime: Runtime, row: StoredEdition) -> None:
    """Settle letters by the journals. Raise DatabaseOlder when the mark counts more sent letters than the database.

    The mark is read before the database, since another run may be sending.
    """
    folder, ledger = folder_of(runtime), Deliveries(runtime.stores.database, row.id)
    marked = _marked(folder, row.key)
    settle_left(runtime, row)
    if marked and marked > _accepted(ledger):
        settle(runtime, ledger)
        if marked > (known := _accepted(ledger)):
            raise older(row.key, marked, known, _mark(folder, row.key))


def _accepted(ledger: Deliveries) -> int:
    return ledger.counts().of(DeliveryState.ACCEPTED)


def _marked(folder: Path, key: EditionKey) -> int:
    """Return the number of letters in an edition's mark; 0 when there is no mark, or when it cannot be read."""
    try:
        return int(_mark(folder, key).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def note(folder: Path, key: EditionKey, known: int, now: datetime) -> None:
    """Write into the mark how many letters of an edition were sent. A write error does not stop the sending."""
    if not known:
        return
    mark = _mark(folder, key)
    with suppress(OSError):
        make_folder(folder)
        write_private(mark, f"{known}\n".encode("ascii"))
        for old in folder.glob("*.sent"):
            if old.stat().st_mtime < (now - KEPT).timestamp():
                old.unlink(missing_ok=True)


def _mark(folder: Path, key: EditionKey) -> Path:
    return folder / f"{label(key)}.sent"

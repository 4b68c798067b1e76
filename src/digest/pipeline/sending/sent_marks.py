"""Marks of sent letters, kept outside the database: after restoring a backup, they show what the database lacks.

A mark is one file for each edition in the folder of the journals. It contains how many letters relays accepted in all.
The journal of a run that was killed shows the same of that run.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from digest.bookkeeping import Counts
from digest.deliver.ledger.journal import accepted
from digest.errors import DatabaseOlder
from digest.model.delivery import DeliveryState
from digest.model.ids import EditionKey
from digest.private_files import make_folder, write_private

KEPT = timedelta(days=30)
"""How long marks are kept; no edition is sent this late."""


def label(key: EditionKey) -> str:
    """Return what the names of an edition's mark and journals begin with."""
    return f"{key.name}-{key.day}"


def hold_if_older(folder: Path, key: EditionKey, count: Callable[[], Counts]) -> None:
    """Raise DatabaseOlder when more letters of an edition were sent than the database contains.

    The mark counts the letters of runs that ended, the journals those of runs that were killed. ``count`` reads the
    database; it is called after both were read, since another run may be sending.
    """
    marked, journalled = _marked(folder, key), accepted(folder, label(key))
    if not marked and not journalled:
        return
    counts = count()
    known = counts.of(DeliveryState.ACCEPTED)
    tried = counts.of(DeliveryState.ACCEPTED, DeliveryState.ATTEMPTING, DeliveryState.UNCERTAIN)
    if marked > known or journalled > tried:
        words = f"{max(marked, journalled)} letters left already, and the database knows of {known}"
        files = _mark(folder, key) if marked > known else folder / f"{label(key)}.*.journal"
        again = f"To send them again all the same, delete {files}; `digest cancel` sends none"
        raise DatabaseOlder(f"{key}: {words}: was it restored from a backup? {again}")


def _marked(folder: Path, key: EditionKey) -> int:
    """Return the number in an edition's mark; 0 without one, or when it cannot be read."""
    try:
        return int(_mark(folder, key).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def note(folder: Path, key: EditionKey, known: int, now: datetime) -> None:
    """Store how many letters of an edition were sent; a write error does not stop the sending."""
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

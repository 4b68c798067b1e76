"""Marks of sent letters, kept outside the database: after restoring a backup, they show what the database lacks.

A mark is one file for each edition in the folder of the journals. It contains how many letters relays accepted in all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from digest.errors import DatabaseOlder
from digest.model.ids import EditionKey
from digest.private_files import make_folder, write_private

KEPT = timedelta(days=30)
"""How long marks are kept; no edition is sent this late."""


def hold_if_older(folder: Path, key: EditionKey, count: Callable[[], int]) -> None:
    """Raise DatabaseOlder when more letters of an edition were sent than the database contains.

    ``count`` reads the database; it is called after the mark was read, since another run may be sending.
    """
    mark = _mark(folder, key)
    try:
        left = int(mark.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if left > (known := count()):
        words = f"{key}: {left} letters left already, and the database knows of {known}: was it restored from a backup?"
        raise DatabaseOlder(f"{words} To send them again all the same, delete {mark}; `digest cancel` sends none")


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
    return folder / f"{key.name}-{key.day}.sent"

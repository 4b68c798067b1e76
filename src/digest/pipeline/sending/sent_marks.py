"""What left, noted outside the database: one that was restored from a backup does not know it, and the file does.

A mark is a file for each edition in the folder of the journals. It says how many letters relays took in all.
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
"""How long marks are kept; no edition is sent so late."""


def hold_if_older(folder: Path, key: EditionKey, count: Callable[[], int]) -> None:
    """Raise DatabaseOlder when more letters of an edition left than the database knows of.

    ``count`` asks the database; it is asked after the mark was read, since another run may be sending.
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
    """Note how many letters of an edition left; what cannot be written is no reason to stop a sending."""
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

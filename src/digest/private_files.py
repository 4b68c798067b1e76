"""Files and folders for their owner alone: letters, readers, keys and journals tell what others must not read.

Modes are given when a file is made, so that it is never readable in between. What exists keeps its mode: an operator
may have opened it to a group on purpose.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FILE = 0o600
FOLDER = 0o700


AFRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
"""Only a file that is not there yet."""


def private(path: str | Path, flags: int = AFRESH) -> int:
    """Return a descriptor of a file; one that is made can be read and written by its owner alone."""
    return os.open(path, flags, FILE)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the owner alone (0700); OSError names what cannot be."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):  # another process was faster
            each.mkdir(mode=FOLDER)
    if not folder.is_dir():
        folder.mkdir(mode=FOLDER)  # raises what is in the way


def write_private(file: Path, data: bytes) -> None:
    """Write a file, whole or not at all, in place of an earlier one."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(private(draft), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power failure as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

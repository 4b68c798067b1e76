"""Files and folders that only their owner can read: letters, readers, keys and journals are private.

The mode is set when a file is created, so that it is never readable by others. Existing files keep their mode: an
operator may have opened them to a group on purpose.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from digest.errors import NoTemporaryFolder

FILE = 0o600
FOLDER = 0o700


AFRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
"""Opens only a file that does not exist yet."""


def private(path: str | Path, flags: int = AFRESH) -> int:
    """Open a file and return its file descriptor. A new file can be read and written by its owner only."""
    return os.open(path, flags, FILE)


def temporary_folder() -> Path:
    """Return the folder for temporary files. Processes that read pages and mails exchange their data there.

    Raises NoTemporaryFolder when none of the usual folders can be written.
    """
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        words = "no folder for temporary files can be written: set TMPDIR to one that can"
        raise NoTemporaryFolder(f"{words} ({error.strerror})") from error


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents for the owner only (0700). Raises OSError with the path that failed."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):  # another process created it first
            each.mkdir(mode=FOLDER)
    if not folder.is_dir():
        folder.mkdir(mode=FOLDER)  # raises an error that names what is in the way


def write_private(file: Path, data: bytes) -> None:
    """Write a file that only its owner can read. The whole file replaces an earlier one at once."""
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
    """Write a folder to the disk, so that the names of its files survive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

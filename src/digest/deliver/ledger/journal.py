"""The hand-over journal: which letters a killed run had handed over, and which replies it got.

It is an append-only local file without fsync, one for each run. ``B id relay`` is written before a letter's final dot
can reach the kernel, ``R id fate words`` after the reply. The kernel keeps both when the process is killed. The owner
locks the file as long as it lives, so a process that finds the file can see whether the owner has ended.

After a power failure the end of the file may be missing: the records in a journal of an earlier boot are proof, but
a missing record proves nothing.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from digest.deliver.protocol.replies import Fate
from digest.errors import JournalUnwritable
from digest.logs import get_logger
from digest.private_files import make_folder, private

log = get_logger()


@dataclass(frozen=True, slots=True)
class Mark:
    """The last record of one letter; ``fate`` is None when it was handed over and no reply was written."""

    fate: Fate | None
    words: str = ""
    relay: str = ""


class Owner(Enum):
    """What is known of the run that wrote a journal."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"
    """There is no such journal here: it is on another machine or disk, or it was deleted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a journal proves; if ``whole``, a letter without a mark was never handed over."""

    owner: Owner
    whole: bool = False
    marks: dict[int, Mark] = field(default_factory=dict)


@cache
def here() -> str:
    """Return this machine's name and boot: the ``journal_host`` of a run that starts now."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}/{boot.read_text().strip() if boot.exists() else 'unknown'}"


class Journal:
    """The journal that this run writes; as a context manager it keeps the file after an error."""

    def __init__(self, folder: Path, label: str = "") -> None:
        """Create this run's journal in ``folder``; its name begins with ``label``. Raises JournalUnwritable."""
        self.path = folder / ".".join(filter(None, (label, uuid4().hex, "journal")))
        try:
            make_folder(folder)
            self._file = private(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalUnwritable(f"{folder}: no journal can be written there ({error.strerror})") from error
        self._broken = False
        self._append(f"J {here()}\n")

    def begun(self, letter: int, relay: str) -> None:
        """Note that ``relay`` is about to have the whole ``letter``; if this raises, the letter must not leave."""
        self._append(f"B {letter} {relay}\n")

    def replied(self, letter: int, fate: Fate, words: str) -> None:
        """Note what became of a letter for which ``begun`` was called."""
        self._append(f"R {letter} {fate.value} {words}\n")

    def close(self, *, remove: bool) -> None:
        """Close the file; ``remove`` it when the ledger holds everything in it."""
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(remove=kind is None and not self._broken)

    def _append(self, record: str) -> None:
        data = record.encode("utf-8", "replace")
        try:
            whole = not self._broken and os.write(self._file, data) == len(data)
        except OSError as error:
            self._broken = True
            raise JournalUnwritable(f"{self.path}: {error.strerror}") from error
        if not whole:  # a torn record: nothing may be appended to it
            self._broken = True
            raise JournalUnwritable(f"{self.path}: no room left on the disk")


def read(folder: Path, host: str, name: str) -> Evidence:
    """Return what the journal ``name`` of the run on ``host`` proves, if it is in ``folder``.

    A journal with a record that digest did not write proves nothing: its letters are uncertain, and none is sent twice.
    """
    if Path(name).name != name:
        return Evidence(Owner.UNKNOWN)
    try:
        with (folder / name).open("rb") as file:
            if not _lockable(file.fileno()):
                return Evidence(Owner.ALIVE)
            return _evidence(file.read(), host)
    except OSError:
        return Evidence(Owner.UNKNOWN)
    except ValueError:
        log.error("journal cannot be read", journal=name)  # noqa: TRY400 - the record that is wrong is in the file
        return Evidence(Owner.UNKNOWN)


def finished(folder: Path, before: float) -> Iterator[Path]:
    """Yield the journals last written before a time (seconds since 1970), of runs that have ended."""
    for path in sorted(folder.glob("*.journal")):
        with suppress(OSError), path.open("rb") as file:
            if os.fstat(file.fileno()).st_mtime < before and _lockable(file.fileno()):
                yield path


def accepted(folder: Path, label: str) -> int:
    """Return how many letters relays accepted, by the journals of ended runs that were made with ``label``.

    A run that ends in good order deletes its journal, so these are runs that were killed.
    """
    found: set[int] = set()
    for path in folder.glob(f"{escape(label)}.*.journal"):
        if path.stem.rpartition(".")[0] != label:
            continue
        with suppress(OSError, ValueError), path.open("rb") as file:
            if os.fstat(file.fileno()).st_size and _lockable(file.fileno()):  # an empty one is about to be locked
                marks = _evidence(file.read(), "").marks
                found |= {letter for letter, mark in marks.items() if mark.fate is Fate.ACCEPTED}
    return len(found)


def _lockable(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _evidence(data: bytes, host: str) -> Evidence:
    """Parse the records. A torn last record does not count: the dot is sent only after the whole record was written."""
    lines = data.decode("utf-8", "replace").split("\n")[:-1]
    same_boot = bool(lines) and lines[0] == f"J {host}" and host.rpartition("/")[2] == here().rpartition("/")[2]
    marks: dict[int, Mark] = {}
    for line in lines[1:]:
        kind, _, rest = line.partition(" ")
        letter, _, rest = rest.partition(" ")
        if kind == "B":
            marks[int(letter)] = Mark(None, relay=rest)
        else:
            fate, _, words = rest.partition(" ")
            marks[int(letter)] = Mark(Fate(fate), words, marks.get(int(letter), Mark(None)).relay)
    return Evidence(Owner.GONE, same_boot, marks)

"""The hand-over journal: which letters a killed run had handed over, and which replies it got.

It is an append-only local file without fsync, one for each run. It begins with ``J host`` and ``S time``, the start of
the run. ``A id attempts relay`` is written before a letter's final dot can reach the kernel, with the number of
earlier attempts, and ``R id fate words`` after the reply. Journals of version 0.1.0 have ``B id relay`` in place of A,
and no S. The kernel keeps all when the process is killed. The owner locks the file as long as it lives, so a process
that finds the file can see whether the owner has ended.

After a power failure the end of the file may be missing: the records in a journal of an earlier boot are proof, but
a missing record proves nothing.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from digest.bookkeeping import EndedRun, LeftLetter
from digest.deliver.protocol.replies import Fate
from digest.errors import JournalUnwritable
from digest.logs import get_logger
from digest.model.ids import ReaderId
from digest.private_files import make_folder, private

log = get_logger()

KEEP = ".keep"
"""Suffix of a locked file beside the journals.

While a process copies the journals it holds the lock, and no run deletes a journal.
"""
UNANSWERED = "the run that sent it ended before a reply was noted"


@dataclass(frozen=True, slots=True)
class Mark:
    """The last record of one letter in a journal.

    ``fate`` is None when the letter was handed over and no reply was written.
    """

    fate: Fate | None
    words: str = ""
    relay: str = ""
    attempts: int = -1
    """Number of attempts before this one; -1 when it is unknown."""

    @property
    def left(self) -> bool:
        """Whether the letter left, or may have left: the relay accepted it, or no reply was written."""
        return self.fate is None or self.fate is Fate.ACCEPTED


class Owner(Enum):
    """Whether the run that wrote a journal still works on it."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"
    """The journal is not here: it is on another machine or disk, or it was deleted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a journal proves. If ``whole``, a letter that is not in ``marks`` was never handed over."""

    owner: Owner
    whole: bool = False
    marks: dict[int, Mark] = field(default_factory=dict)
    begun_at: datetime | None = None
    """When the run began, by its clock; None when it is unknown."""


@cache
def here() -> str:
    """Return the name and the boot of this machine, as ``journal_host`` of a run that starts now."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()}/{boot.read_text().strip() if boot.exists() else 'unknown'}"


class Journal:
    """The journal that this run writes. As a context manager, it keeps the file when an error leaves the block."""

    def __init__(self, folder: Path, label: str = "", begun_at: datetime | None = None) -> None:
        """Create the journal of a run that begins now; its name begins with ``label``. Raises JournalUnwritable."""
        self.path = folder / ".".join(filter(None, (label, uuid4().hex, "journal")))
        try:
            make_folder(folder)
            self._file = private(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalUnwritable(f"{folder}: no journal can be written there ({error.strerror})") from error
        self._broken = False
        self._append(f"J {here()}\n" + (f"S {begun_at.isoformat()}\n" if begun_at else ""))

    def begun(self, letter: int, relay: str, attempts: int = 0) -> None:
        """Note that the whole ``letter`` is about to be handed to ``relay``. If this raises, the letter must not leave.

        ``attempts`` is the number of earlier attempts.
        """
        self._append(f"A {letter} {attempts} {relay}\n")

    def replied(self, letter: int, fate: Fate, words: str) -> None:
        """Note what became of a letter for which ``begun`` was called."""
        self._append(f"R {letter} {fate.value} {words}\n")

    def close(self, *, remove: bool) -> None:
        """Close the file.

        ``remove`` deletes it, since the ledger holds everything in it, unless journals are being copied.
        """
        if remove and not any(_is_locked(path) for path in self.path.parent.glob(f"*{KEEP}")):
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
    """Return what the journal file ``name`` proves about the run on ``host``; nothing if ``folder`` lacks the file.

    A journal with a record that digest did not write proves nothing. Then its letters are uncertain, and none is sent
    twice.
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


def has_ended(folder: Path, label: str) -> bool:
    """Return whether ``folder`` has a journal of an ended run that was made with ``label``, or without any."""
    return any(not _is_locked(path) for path in (*_labelled(folder, label), *_labelled(folder, "")))


def _labelled(folder: Path, label: str) -> list[Path]:
    """Return the journals of runs with that label, in the order of their names."""
    names = f"{escape(label)}.*.journal" if label else "*.journal"
    return sorted(path for path in folder.glob(names) if path.stem.rpartition(".")[0] == label)


def left(folder: Path, label: str) -> Iterator[EndedRun]:
    """Yield the journals of ended runs whose names begin with ``label``, each with the letters that left.

    A run that ends normally deletes its journal, so these are runs that were killed, or that ended during a backup.
    """
    for path in _labelled(folder, label):
        with suppress(OSError, ValueError), path.open("rb") as file:
            if os.fstat(file.fileno()).st_size and _lockable(file.fileno()):  # an empty one is about to be locked
                found = _evidence(file.read(), "")
                yield EndedRun(path.stem, path.name, found.begun_at, _left(found.marks))


def _left(marks: Mapping[int, Mark]) -> tuple[LeftLetter, ...]:
    return tuple(
        LeftLetter(ReaderId(letter), mark.fate is not None, mark.words or UNANSWERED, mark.relay, mark.attempts)
        for letter, mark in marks.items()
        if mark.left
    )


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Keep the journals in ``folder`` while the block runs, also those of runs that end: a backup copies them last."""
    make_folder(folder)
    for old in folder.glob(f"*{KEEP}"):
        if not _is_locked(old):  # left by a killed process
            old.unlink(missing_ok=True)
    path = folder / f"{uuid4().hex}{KEEP}"
    handle = private(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _is_locked(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return not _lockable(file.fileno())
    return False


def _lockable(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _evidence(data: bytes, host: str) -> Evidence:
    """Parse the records.

    An incomplete last record does not count: the final dot is sent only after the whole record was written.
    """
    lines = data.decode("utf-8", "replace").split("\n")[:-1]
    same_boot = bool(lines) and lines[0] == f"J {host}" and host.rpartition("/")[2] == here().rpartition("/")[2]
    begun_at: datetime | None = None
    marks: dict[int, Mark] = {}
    for line in lines[1:]:
        kind, _, rest = line.partition(" ")
        if kind == "S":
            begun_at = datetime.fromisoformat(rest)
            continue
        letter, _, rest = rest.partition(" ")
        marks[int(letter)] = _mark(kind, rest, marks.get(int(letter), Mark(None)))
    return Evidence(Owner.GONE, same_boot, marks, begun_at)


def _mark(kind: str, rest: str, before: Mark) -> Mark:
    """Return the mark of a letter after one more record. ``rest`` is the record without its kind and number.

    ``before`` is the letter's mark until then.
    """
    if kind == "A":
        attempts, _, relay = rest.partition(" ")
        return Mark(None, relay=relay, attempts=int(attempts))
    if kind == "B":
        return Mark(None, relay=rest)
    fate, _, words = rest.partition(" ")
    return Mark(Fate(fate), words, before.relay, before.attempts)

"""A log of the items that this process works on; it shows the next process which item crashed this one.

It is an append-only local file without fsync, one for each process: ``B item`` before the work on an item, ``E item``
after it, each with its thread. When items are nested, the innermost one is the suspect. The kernel keeps both lines
when the process is killed. The owner locks the file as long as it lives.

Two writes take some microseconds. A transaction for each item would take as long as storing the item.

An item may also freeze its thread. When a process with a frozen item is asked to stop, it leaves its file behind.
While it runs, it can list the items that take too long.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from digest.model.quarantine import ItemKind, short_key
from digest.private_files import make_folder, private

SUFFIX = ".attempts"
FROZEN_SECONDS = 300.0
"""After this time the item has frozen its thread: no step of the work on one item takes a minute."""
MOST_BYTES = 1_000_000
"""A longer file is emptied as soon as no item is in progress."""

Named = tuple[ItemKind, str]
"""Kind and key of an item."""


class AttemptLog:
    """The items that this process works on; safe to share between threads."""

    def __init__(self, folder: Path, seconds: Callable[[], float] = time.monotonic) -> None:
        """Use a separate file in ``folder``, created with the first item; ``seconds`` is the clock."""
        self._folder = folder
        self._seconds = seconds
        self._begun: dict[Named, float] = {}
        self._path = folder / f"{uuid4().hex}{SUFFIX}"
        self._file: int | None = None
        self._open: Counter[Named] = Counter()
        self._lock = threading.Lock()

    def begin(self, item: Named) -> None:
        """Record that work on an item begins; when the disk is full, nothing is recorded."""
        with self._lock:
            self._open[item] += 1
            self._begun.setdefault(item, self._seconds())
            self._append("B", item)

    def end(self, item: Named) -> None:
        """Record that work on an item has ended."""
        with self._lock:
            self._append("E", item)
            self._open[item] -= 1
            if self._open[item] <= 0:
                del self._open[item]
                del self._begun[item]
            if not self._open and self._file is not None and os.fstat(self._file).st_size > MOST_BYTES:
                os.ftruncate(self._file, 0)

    def frozen(self) -> tuple[Named, ...]:
        """Return the items that a thread of this process has worked on for longer than FROZEN_SECONDS."""
        before = self._seconds() - FROZEN_SECONDS
        with self._lock:
            return tuple(item for item, begun in self._begun.items() if begun < before)

    def left_by_the_dead(self) -> tuple[Named, ...]:
        """Return the items at which earlier processes died, each once, and remove their files."""
        found: list[Named] = []
        with self._lock:
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                if path != self._path:
                    found += _unfinished(path)
        return tuple(found)

    def close(self) -> None:
        """Remove the file: this process ends properly.

        The file stays when a thread still works on an item: that may be why the process was asked to stop.
        """
        with self._lock:
            if self._file is not None:
                if not self._open:
                    self._path.unlink(missing_ok=True)
                os.close(self._file)
                self._file = None

    def _append(self, mark: str, item: Named) -> None:
        with suppress(OSError):
            if self._file is None:
                self._file = self._made()
            record = json.dumps([mark, item[0].value, short_key(item[1]), threading.get_ident()]) + "\n"
            os.write(self._file, record.encode())

    def _made(self) -> int:
        make_folder(self._folder)
        file = private(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file


def _unfinished(path: Path) -> tuple[Named, ...]:
    """Return the innermost unfinished item of each thread of a dead process, and remove its file.

    Empty while the process is alive.
    """
    try:
        with path.open("rb") as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            lines = file.read().split(b"\n")
            path.unlink(missing_ok=True)
    except OSError:  # alive, or another process was faster
        return ()
    begun: dict[int, list[Named]] = {}
    for mark, item, thread in _records(lines):
        within = begun.setdefault(thread, [])
        if mark == "B":
            within.append(item)
        elif item in within:
            within.remove(item)
    return tuple(dict.fromkeys(within[-1] for within in begun.values() if within))


def _records(lines: list[bytes]) -> Iterator[tuple[str, Named, int]]:
    """Yield the records of a file; an incomplete last line is skipped."""
    for line in lines:
        with suppress(ValueError):
            mark, kind, key, thread = json.loads(line)
            yield mark, (ItemKind(kind), key), thread

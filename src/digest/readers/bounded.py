"""Reads mails in a separate process with limits of time and memory, because anybody can send a mail.

The process is started from a fork server, so it inherits no sockets and no locks. It ends when this process ends.
"""

from __future__ import annotations

import ctypes
import math
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from digest.errors import Mishandled
from digest.private_files import temporary_folder
from digest.readers.bounces import Returned, read_bounce

MOST_SECONDS = 10.0
"""Time limit for one mail, in seconds. A mail of MOST_BYTES takes a tenth of a second (measured)."""
MOST_MB = 512
MAILS_PER_PROCESS = 2_000
_DIE_WITH_PARENT = 1


class BoundedReader:
    """Reads mails one by one in a separate process, which starts with the first mail. Use it as a context manager."""

    def __init__(self, seconds: float = MOST_SECONDS, read: Callable[[bytes], Returned] = read_bounce) -> None:
        """Read each mail with ``read``, which gets ``seconds`` for it and must be a function of a module."""
        self._seconds = seconds
        self._read = read
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

    def __call__(self, raw: bytes) -> Returned:
        """Return what a mail says about the letters of its recipients.

        Raises Mishandled if reading it fails or exceeds its time or memory, and NoTemporaryFolder if no process can be
        started.
        """
        self._pool = self._pool or _pool()
        try:
            found: Returned = self._pool.schedule(
                _bounded, args=(self._read, raw, self._seconds), timeout=self._seconds
            ).result()
        except FutureTimeoutError:
            raise Mishandled(f"not read in {self._seconds:g} s") from None
        except ProcessExpired as error:
            raise Mishandled(f"the process died reading it (exit code {error.exitcode})") from None
        except Exception as error:
            raise Mishandled("reading the mail failed") from error
        return found


def _pool() -> ProcessPool:
    temporary_folder()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["digest.readers.bounded"])
    return ProcessPool(max_workers=1, max_tasks=MAILS_PER_PROCESS, initializer=_prepare, context=context)


def _prepare() -> None:
    """Make the process end with its parent, and limit its memory."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MB << 20, MOST_MB << 20))


def _bounded(read: Callable[[bytes], Returned], raw: bytes, seconds: float) -> Returned:
    """Read one mail with at most ``seconds`` of CPU time. Only the separate process calls this."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + seconds), hard))
    return read(raw)

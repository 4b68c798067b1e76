"""Logs a lost database once, and once more when it is back; in between the jobs retry without logging."""

from __future__ import annotations

import threading
from collections.abc import Callable

from digest.errors import InOtherHands, RefusedValue, StorageError
from digest.logs import get_logger

log = get_logger()


def is_outage(error: BaseException) -> bool:
    """Return whether an error means that the whole database is unavailable."""
    return isinstance(error, StorageError) and not isinstance(error, RefusedValue | InOtherHands)


class Outage:
    """Runs the jobs of one process, and logs for all of them when the database is lost and when it is back.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: set[str] = set()
        """The jobs that failed in the present outage; empty while the database is available."""

    def run(self, name: str, work: Callable[[], object]) -> None:
        """Run a job. If the database is lost, the job ends, and is tried again on its schedule."""
        try:
            work()
        except StorageError as error:
            if not is_outage(error):
                raise
            self._met(name, error)
        else:
            self._done(name)

    def _met(self, name: str, error: StorageError) -> None:
        with self._lock:
            told = bool(self._failed)
            self._failed.add(name)
        if not told:
            log.error("database lost, tried again until it is back", why=str(error))

    def _done(self, name: str) -> None:
        """Log that the database is back when a job succeeds that had failed: other jobs may not have used it."""
        with self._lock:
            back = name in self._failed
            if back:
                self._failed.clear()
        if back:
            log.info("database back")

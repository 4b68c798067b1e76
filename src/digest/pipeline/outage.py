"""A database that is lost is logged once, and once more when it is back; meanwhile the jobs try in silence."""

from __future__ import annotations

import threading
from collections.abc import Callable

from digest.errors import InOtherHands, RefusedValue, StorageError
from digest.logs import get_logger

log = get_logger()


def is_outage(error: BaseException) -> bool:
    """Tell whether an error says that the database cannot be used, whatever is asked of it."""
    return isinstance(error, StorageError) and not isinstance(error, RefusedValue | InOtherHands)


class Outage:
    """Runs the jobs of one process, and tells of the database for all of them; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: set[str] = set()
        """The jobs that met it; empty while the database is there."""

    def run(self, name: str, work: Callable[[], object]) -> None:
        """Do a job; one that meets a lost database ends, to be tried in its time."""
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
        """Tell that it is back when a job that met it ends well: another may have had nothing to ask."""
        with self._lock:
            back = name in self._failed
            if back:
                self._failed.clear()
        if back:
            log.info("database back")

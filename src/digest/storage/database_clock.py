"""The clock of the database, shared by all machines: each compares its own times with those of the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from digest.storage.engine import Database

TIMES = 3
"""Number of measurements; the quickest answer counts, since it is the most exact."""


class DatabaseClock:
    """Returns the machine's time corrected to PostgreSQL's; safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Correct ``clock``; before ``measure`` the correction is 0."""
        self._database = database
        self._clock = clock
        self.offset = timedelta()
        """The correction that is added to the machine's time."""

    def __call__(self) -> datetime:
        """Return the corrected present time."""
        return self._clock() + self.offset

    def measure(self) -> None:
        """Ask the database for its time. Raises StorageError; the last correction then stays."""
        answers = []
        with self._database.read() as connection:
            for _ in range(TIMES):
                before = self._clock()
                there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                took = self._clock() - before
                answers.append((took, there - (before + took / 2)))
        self.offset = min(answers)[1]

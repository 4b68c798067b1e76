"""The clock of the database, which machines that share it go by: what one writes the others compare with their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from digest.storage.engine import Database

TIMES = 3
"""The quickest of so many answers counts: it is the most exact."""


class DatabaseClock:
    """Gives the machine's time, corrected by its distance from PostgreSQL's; safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Correct ``clock``; nothing is asked before ``measure``."""
        self._database = database
        self._clock = clock
        self.offset = timedelta()
        """What is added to the machine's time."""

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self._clock() + self.offset

    def measure(self) -> None:
        """Ask the database what time it is. Raises StorageError; then the last answer stays."""
        answers = []
        with self._database.read() as connection:
            for _ in range(TIMES):
                before = self._clock()
                there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                took = self._clock() - before
                answers.append((took, there - (before + took / 2)))
        self.offset = min(answers)[1]

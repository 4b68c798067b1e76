"""Reports of commands and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from digest.storage.engine import Database
from digest.storage.schema.work import runs


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """One run: ``kind`` is what ran (fetch, compose, send), ``report`` its result as plain values."""

    id: int
    kind: str
    started: datetime
    ended: datetime
    report: Mapping[str, Any]


class Runs:
    """Reads and writes the reports of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, kind: str, started: datetime, ended: datetime, report: Mapping[str, Any]) -> None:
        """Store the report of a finished run."""
        values = {"kind": kind, "started": started, "ended": ended, "report": dict(report)}
        with self._database.write() as connection:
            connection.execute(insert(runs).values(values))

    def take(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        """Delete the reports of a kind, and return them."""
        with self._database.write() as connection:
            found = connection.execute(delete(runs).where(runs.c.kind == kind).returning(runs.c.id, runs.c.report))
            return tuple(row.report for row in sorted(found, key=lambda row: row.id))

    def last(self, kind: str) -> datetime | None:
        """Return when the last run of this kind ended; None when there was none."""
        with self._database.read() as connection:
            ended: datetime | None = connection.scalar(select(func.max(runs.c.ended)).where(runs.c.kind == kind))
            return ended

    def latest(self, limit: int = 20) -> tuple[StoredRun, ...]:
        """Return the newest runs first."""
        with self._database.read() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit))
            return tuple(
                StoredRun(id=row.id, kind=row.kind, started=row.started, ended=row.ended, report=row.report)
                for row in rows
            )

"""The audit log: who did what at the desk, when, and from where. Rows are added and, when old, go; none changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, delete, func, select

from digest.model.desk_session import AuditEntry
from digest.model.user import UserId
from digest.storage.engine import Database
from digest.storage.schema.users import audit

BATCH = 500
"""Rows that one transaction takes out."""


class Audit:
    """Adds to the log, and reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Store what somebody did."""
        row = {
            "at": entry.at,
            "user_id": entry.user_id,
            "who": entry.who,
            "what": entry.what,
            "about": dict(entry.about),
            "client": entry.client,
            "refused": entry.refused,
        }
        with self._database.write() as connection:
            connection.execute(audit.insert(), [row])

    def entries(self, *, since: datetime | None = None, who: str = "", most: int = 1000) -> tuple[AuditEntry, ...]:
        """Return the newest entries, the newest first, since then, of ``who`` alone when it is not empty."""
        a = audit.c
        query = select(audit).order_by(a.id.desc()).limit(most)
        if since is not None:
            query = query.where(a.at >= since)
        if who:
            query = query.where(func.lower(a.who) == who.lower())
        with self._database.read() as connection:
            return tuple(
                AuditEntry(
                    at=row.at,
                    who=row.who,
                    what=row.what,
                    user_id=None if row.user_id is None else UserId(row.user_id),
                    about=row.about,
                    client=row.client,
                    refused=row.refused,
                )
                for row in connection.execute(query)
            )

    def prune(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Take out what is older in batches, and yield how many each had; with ``dry`` count only."""
        old = audit.c.at < before
        if dry:
            with self._database.read() as connection:
                yield int(connection.execute(select(func.count()).select_from(audit).where(old)).scalar_one())
            return
        some = select(audit.c.id).where(old).order_by(audit.c.id).limit(BATCH)
        while True:
            with self._database.write() as connection:
                gone = connection.execute(delete(audit).where(and_(old, audit.c.id.in_(some)))).rowcount
            if not gone:
                return
            yield gone

"""The audit log: who did what at the desk, when, and from where. Rows never change; old ones are deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, select

from digest.model.desk_session import AuditEntry
from digest.model.user import UserId
from digest.storage.engine import Database
from digest.storage.schema.users import audit

BATCH = 500
"""Rows that one transaction deletes."""


class Audit:
    """Adds entries to the audit log and reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Store an entry."""
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
        """Return entries, the newest first: those since ``since``, and only those of ``who`` unless it is empty."""
        a = audit.c
        query = select(audit).order_by(a.id.desc()).limit(most)
        if since is not None:
            query = query.where(a.at >= since)
        if who:
            query = query.where(func.lower(a.who) == who.lower())
        with self._database.read() as connection:
            return tuple(map(_entry, connection.execute(query)))

    def of_edition(self, edition: str, what: Collection[str], since: datetime) -> tuple[AuditEntry, ...]:
        """Return the entries since ``since`` of what was done to an edition, the oldest first; not what was refused."""
        a = audit.c
        here = and_(a.at >= since, a.what.in_(what), a.refused.is_(False), a.about["edition"].as_string() == edition)
        with self._database.read() as connection:
            return tuple(map(_entry, connection.execute(select(audit).where(here).order_by(a.id))))

    def prune(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete older entries in batches; yield the number of each batch; with ``dry`` only count."""
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


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        who=row.who,
        what=row.what,
        user_id=None if row.user_id is None else UserId(row.user_id),
        about=row.about,
        client=row.client,
        refused=row.refused,
    )

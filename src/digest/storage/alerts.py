"""Stored alerts: what is wrong, since when, and which channels were notified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from digest.model.alert import Alert, AlertKind, Phase, StoredAlert
from digest.storage.engine import Database
from digest.storage.schema.watch import alerts


class Alerts:
    """Reads and writes alerts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, since: datetime) -> tuple[StoredAlert, ...]:
        """Return the current alerts, and those raised or over at ``since`` or later; the oldest first."""
        a = alerts.c
        query = select(alerts).where(or_(a.cleared_at.is_(None), a.raised_at >= since, a.cleared_at >= since))
        return self._database.rows(query.order_by(a.id), a.id, _stored)

    def change(self, raised: Sequence[Alert], cleared: Sequence[int], now: datetime) -> None:
        """Store new alerts, and the end of others."""
        rows: list[dict[str, Any]] = [
            {"key": one.key, "kind": one.kind.value, "words": one.words, "over": one.over, "raised_at": now, "told": {}}
            for one in raised
        ]
        with self._database.write() as connection:
            if rows:
                connection.execute(insert(alerts), rows)
            over = alerts.c.id.in_(list(cleared)) & alerts.c.cleared_at.is_(None)
            connection.execute(update(alerts).where(over).values(cleared_at=now))

    def note_told(self, alert: StoredAlert, channel: str, phase: Phase) -> None:
        """Store that a channel was sent a phase of an alert."""
        with self._database.write() as connection:
            told: dict[str, str] = connection.scalar(select(alerts.c.told).where(alerts.c.id == alert.id)) or {}
            values = {"told": {**told, channel: phase.value}}
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(values))

    def purge(self, before: datetime) -> int:
        """Delete alerts that were over before; return how many."""
        with self._database.write() as connection:
            return connection.execute(delete(alerts).where(alerts.c.cleared_at < before)).rowcount


def _stored(row: Row[Any]) -> StoredAlert:
    return StoredAlert(
        id=row.id,
        key=row.key,
        kind=AlertKind(row.kind),
        words=row.words,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
        over=row.over,
        told={channel: Phase(phase) for channel, phase in row.told.items()},
    )

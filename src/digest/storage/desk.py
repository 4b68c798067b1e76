"""The editor's acts: stored with the edition, apart from the computed data, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from digest.storage.editions import EditionId
from digest.storage.engine import Database
from digest.storage.schema.editions import desk


class Desk:
    """Stores the editor's acts on an edition and reads them back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, edition_id: EditionId, act: Mapping[str, Any], now: datetime) -> None:
        """Store an act on an edition, after its earlier acts."""
        with self._database.write() as connection:
            connection.execute(insert(desk), [{"edition_id": edition_id, "act": dict(act), "at": now}])

    def acts(self, edition_id: EditionId) -> tuple[dict[str, Any], ...]:
        """Return the acts on an edition, the oldest first."""
        query = select(desk.c.act).where(desk.c.edition_id == edition_id).order_by(desk.c.id)
        with self._database.read() as connection:
            return tuple(connection.scalars(query))

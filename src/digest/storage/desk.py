"""The editor's acts: stored with the edition, apart from the computed data, and never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from digest.model.life import Move, may
from digest.storage.editions import EditionId, StoredEdition, locked
from digest.storage.engine import Database
from digest.storage.schema.editions import desk, letters


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAct:
    """An act as stored; ids increase over all editions."""

    id: int
    act: Mapping[str, Any]
    author: str
    at: datetime


Judge = Callable[[StoredEdition, Sequence[StoredAct]], None]
"""Called with an edition and its acts before new acts are added; raises an error to reject these."""


class Desk:
    """Stores the editor's acts on an edition and reads them back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        edition_id: EditionId,
        acts: Sequence[Mapping[str, Any]],
        now: datetime,
        *,
        author: str = "",
        judge: Judge | None = None,
    ) -> bool:
        """Store acts on an edition, all or none, after its earlier acts; return False when it is closed.

        Acts of two editors are stored one after the other: ``judge`` gets all acts that were stored before.
        """
        rows = [{"edition_id": edition_id, "act": dict(act), "at": now, "author": author} for act in acts]
        with self._database.write() as connection:
            edition = locked(connection, edition_id)
            if not any(may(move, edition.state, edition.cause) for move in (Move.EDIT, Move.AMEND)):
                return False
            if judge is not None:
                judge(edition, _acts(connection, edition_id))
            if rows:
                connection.execute(insert(desk), rows)
            return True

    def acts(self, edition_id: EditionId) -> tuple[StoredAct, ...]:
        """Return the acts on an edition, the oldest first."""
        with self._database.read() as connection:
            return _acts(connection, edition_id)

    def last(self, edition_id: EditionId) -> int:
        """Return the id of the newest act on an edition; 0 when there is none."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(desk.c.id)).where(desk.c.edition_id == edition_id)) or 0

    def frozen_at(self, edition_id: EditionId) -> datetime | None:
        """Return when the letter of an edition was fixed to be sent; None before."""
        with self._database.read() as connection:
            query = select(func.min(letters.c.frozen_at)).where(letters.c.edition_id == edition_id)
            found: datetime | None = connection.scalar(query)
            return found


def _acts(connection: Connection, edition_id: EditionId) -> tuple[StoredAct, ...]:
    rows = connection.execute(select(desk).where(desk.c.edition_id == edition_id).order_by(desk.c.id))
    return tuple(StoredAct(id=row.id, act=row.act, author=row.author, at=row.at) for row in rows)

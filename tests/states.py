"""Bring an edition into any state, whatever the table of moves says: where a test begins."""

from __future__ import annotations

from sqlalchemy import update

from digest.model.edition import EditionState
from digest.model.life import Cause
from digest.storage.engine import Database
from digest.storage.schema.editions import editions


def put(database: Database, edition_id: int, state: EditionState, cause: Cause = Cause.NONE, reason: str = "") -> None:
    """Write a state into an edition's row, with its cause and its reason."""
    values = {"state": state.value, "cause": cause.value, "reason": reason}
    with database.write() as connection:
        connection.execute(update(editions).where(editions.c.id == edition_id).values(values))

"""Prepare a restored database, so that it does not resend what was sent after its backup."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from digest.bookkeeping import Change, sources
from digest.model.delivery import DeliveryState
from digest.storage.engine import Database
from digest.storage.outbox import ASKED
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import readers
from digest.storage.schema.work import leases

S = DeliveryState


def end_mails(database: Database, why: str, now: datetime) -> int:
    """End all unfinished personal mails and requests for them; return their number.

    They may have been sent after the backup, and whoever still wants one can ask again. A mail that a relay may have
    had at that time becomes uncertain, and no run sends it.
    """
    o = outbox.c
    ended = {"reply": why, "next_attempt": None, "worker": None, "lease_until": None, "updated_at": now}
    waiting = (*sources(Change.EXPIRE), S.CLAIMED.value)
    ends = {
        S.SUPPRESSED: o.state == ASKED,
        S.EXPIRED: o.state.in_(waiting),
        S.UNCERTAIN: and_(o.state.in_([S.ATTEMPTING.value, S.UNCERTAIN.value]), o.worker.is_not(None)),
    }
    with database.write() as connection:
        return sum(
            connection.execute(update(outbox).where(where).values(ended | {"state": state.value})).rowcount
            for state, where in ends.items()
        )


def forget_leases(database: Database) -> None:
    """Delete all leases: their processes no longer exist."""
    with database.write() as connection:
        connection.execute(delete(leases))


def active_readers(database: Database) -> int:
    """Return the number of active readers."""
    with database.read() as connection:
        query = select(func.count()).select_from(readers).where(readers.c.state == "active")
        return connection.scalar(query) or 0

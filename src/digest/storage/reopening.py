"""What a database that was restored from a backup must not do by itself: send what may have left meanwhile."""

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
    """End every mail to one person, and every request for one, that was under way; return how many.

    They may have gone since: whoever still wants one asks again. One that a relay may have had at the time is of
    unknown fate, and no run takes it up.
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
    """Take work out of the hands of processes that are not there."""
    with database.write() as connection:
        connection.execute(delete(leases))


def active_readers(database: Database) -> int:
    """Return how many readers get letters."""
    with database.read() as connection:
        query = select(func.count()).select_from(readers).where(readers.c.state == "active")
        return connection.scalar(query) or 0

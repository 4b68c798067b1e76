"""What signing in leaves behind: tickets that are used once, known devices, and tries that failed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, text

from digest.model.desk_session import Failures
from digest.model.user import UserId
from digest.storage.engine import Database
from digest.storage.schema.users import devices, tickets, tries
from digest.storage.upsert import insert

_TURN = text("SELECT pg_advisory_xact_lock(hashtext('digest sign-in tries'))")
"""PostgreSQL lets two count at once, each blind to the other; SQLite's writers queue anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a step of a longer walk left for the next: a challenge, a state, a link that was given to somebody."""

    purpose: str
    data: Mapping[str, Any]
    expires: datetime
    user_id: UserId | None = None


class SignIn:
    """Stores what signing in needs between two requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, ticket_hash: str, ticket: Ticket, now: datetime) -> None:
        """Store a ticket under the hash of its token; those that have expired go, so that a flood leaves few."""
        row = {
            "hash": ticket_hash,
            "purpose": ticket.purpose,
            "user_id": ticket.user_id,
            "data": dict(ticket.data),
            "expires": ticket.expires,
        }
        with self._database.write() as connection:
            connection.execute(delete(tickets).where(tickets.c.expires <= now))
            connection.execute(tickets.insert(), [row])

    def look(self, ticket_hash: str, purpose: str, now: datetime) -> Ticket | None:
        """Return a ticket that is still good, and leave it."""
        with self._database.read() as connection:
            row = connection.execute(select(tickets).where(_good(ticket_hash, purpose, now))).one_or_none()
        return None if row is None else _ticket(row)

    def take(self, ticket_hash: str, purpose: str, now: datetime) -> Ticket | None:
        """Use a ticket up: one of two who take it at once gets it."""
        gone = delete(tickets).where(_good(ticket_hash, purpose, now)).returning(*tickets.c)
        with self._database.write() as connection:
            row = connection.execute(gone).one_or_none()
        return None if row is None else _ticket(row)

    def withdraw(self, user_id: UserId, purpose: str) -> None:
        """Take back a user's tickets of a purpose."""
        with self._database.write() as connection:
            connection.execute(delete(tickets).where(tickets.c.user_id == user_id, tickets.c.purpose == purpose))

    def is_known(self, device_hash: str, user_id: UserId) -> bool:
        """Tell whether the user has signed in on that device."""
        d = devices.c
        query = select(d.hash).where(d.hash == device_hash, d.user_id == user_id)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def know(self, device_hash: str, user_id: UserId, now: datetime, replaced: str = "") -> None:
        """Remember that the user has signed in on a device; it had the hash ``replaced`` before."""
        d = devices.c
        row = {"hash": device_hash, "user_id": user_id, "seen_at": now}
        with self._database.write() as connection:
            connection.execute(delete(devices).where(d.hash == replaced, d.user_id == user_id))
            known = insert(connection, devices).values(row)
            connection.execute(known.on_conflict_do_update(index_elements=["hash", "user_id"], set_={"seen_at": now}))

    def count(
        self,
        scopes: Collection[str],
        decide: Callable[[Mapping[str, Failures]], Mapping[str, Failures]],
    ) -> None:
        """Store what ``decide`` makes of the tries of ``scopes``; nobody else's change comes between."""
        with self._database.write() as connection:
            if not self._database.is_sqlite:
                connection.execute(_TURN)
            query = select(tries).where(tries.c.scope.in_(list(scopes)))
            known = {row.scope: Failures(number=row.number, last_at=row.last_at) for row in connection.execute(query)}
            for scope, found in decide(known).items():
                row = {"scope": scope, "number": found.number, "last_at": found.last_at}
                statement = insert(connection, tries).values(row)
                changed = {"number": found.number, "last_at": found.last_at}
                connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=changed))

    def forgive(self, scopes: Collection[str]) -> None:
        """Forget the failed tries of scopes."""
        with self._database.write() as connection:
            connection.execute(delete(tries).where(tries.c.scope.in_(list(scopes))))

    def purge(self, now: datetime, tries_before: datetime, devices_before: datetime) -> int:
        """Take out tickets that have expired, and tries and devices that are older; return how many rows that were."""
        old = (
            (tickets, tickets.c.expires <= now),
            (tries, tries.c.last_at < tries_before),
            (devices, devices.c.seen_at < devices_before),
        )
        with self._database.write() as connection:
            return sum(connection.execute(delete(table).where(which)).rowcount for table, which in old)


def _good(ticket_hash: str, purpose: str, now: datetime) -> Any:  # noqa: ANN401 - a condition
    return and_(tickets.c.hash == ticket_hash, tickets.c.purpose == purpose, tickets.c.expires > now)


def _ticket(row: Any) -> Ticket:  # noqa: ANN401 - a row
    user_id = None if row.user_id is None else UserId(row.user_id)
    return Ticket(purpose=row.purpose, data=row.data, expires=row.expires, user_id=user_id)

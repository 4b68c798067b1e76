"""Stored data of sign-ins: tickets that are used once, known devices, and failed attempts."""

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
"""A lock for PostgreSQL: two transactions could count at once without seeing each other. SQLite's writers queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Data that one step of a sign-in leaves for the next: a challenge, a state, or a link."""

    purpose: str
    data: Mapping[str, Any]
    expires: datetime
    user_id: UserId | None = None


class SignIn:
    """Stores the data that sign-ins need between two requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, ticket_hash: str, ticket: Ticket, now: datetime) -> None:
        """Store a ticket by its token's hash; delete expired tickets, so that a flood of requests leaves few."""
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
        """Return a valid ticket without using it up; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(tickets).where(_good(ticket_hash, purpose, now))).one_or_none()
        return None if row is None else _ticket(row)

    def take(self, ticket_hash: str, purpose: str, now: datetime) -> Ticket | None:
        """Use up a ticket and return it; of two simultaneous calls only one gets it, the other gets None."""
        gone = delete(tickets).where(_good(ticket_hash, purpose, now)).returning(*tickets.c)
        with self._database.write() as connection:
            row = connection.execute(gone).one_or_none()
        return None if row is None else _ticket(row)

    def withdraw(self, user_id: UserId, purpose: str) -> None:
        """Delete a user's tickets for a purpose."""
        with self._database.write() as connection:
            connection.execute(delete(tickets).where(tickets.c.user_id == user_id, tickets.c.purpose == purpose))

    def is_known(self, device_hash: str, user_id: UserId) -> bool:
        """Return whether the user has signed in on that device."""
        d = devices.c
        query = select(d.hash).where(d.hash == device_hash, d.user_id == user_id)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def know(self, device_hash: str, user_id: UserId, now: datetime, replaced: str = "") -> None:
        """Store that the user has signed in on a device; ``replaced`` is its earlier hash."""
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
        """Store the result of ``decide`` for the attempts of ``scopes``; no other change happens in between."""
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
        """Delete the failed attempts of these scopes."""
        with self._database.write() as connection:
            connection.execute(delete(tries).where(tries.c.scope.in_(list(scopes))))

    def purge(self, now: datetime, tries_before: datetime, devices_before: datetime) -> int:
        """Delete expired tickets, and older attempts and devices; return the number of rows."""
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

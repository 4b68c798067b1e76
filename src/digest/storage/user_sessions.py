"""The sessions of the desk's users in their browsers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, or_, select, update

from digest.model.desk_session import Origin, Session
from digest.model.user import User, UserId
from digest.storage.engine import Database
from digest.storage.schema.users import sessions, users
from digest.storage.users import user_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A new session, stored by the hash of its token."""

    hash: str
    user_id: UserId
    ends_at: datetime
    how: str
    origin: Origin


class UserSessions:
    """Reads and changes sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, new: NewSession, now: datetime, replaced: str = "") -> int:
        """Store a session, end the one with the hash ``replaced``, and return the new one's number."""
        row = {
            "hash": new.hash,
            "user_id": new.user_id,
            "made_at": now,
            "seen_at": now,
            "proved_at": now,
            "ends_at": new.ends_at,
            "how": new.how,
            "client": new.origin.client,
            "agent": new.origin.agent,
        }
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == replaced))
            return int(connection.execute(sessions.insert().values(row).returning(sessions.c.id)).scalar_one())

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session, even an expired one, with its user; None when there is none."""
        query = (
            select(users, *(column.label(f"session_{column.name}") for column in sessions.c))
            .join_from(sessions, users)
            .where(sessions.c.hash == token_hash)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (_session(row, "session_"), user_of(row))

    def of(self, user_id: UserId) -> tuple[Session, ...]:
        """Return a user's sessions, the most recently used first."""
        query = select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.seen_at.desc(), sessions.c.id)
        with self._database.read() as connection:
            return tuple(_session(row) for row in connection.execute(query))

    def see(self, session_id: int, now: datetime) -> None:
        """Store the time of a session's last use."""
        with self._database.write() as connection:
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))

    def renew(self, session_id: int, token_hash: str, now: datetime | None = None) -> bool:
        """Give a session a new token; with ``now``, store that the user proved their identity again.

        Return False when the session has ended in the meantime.
        """
        values: dict[str, object] = {"hash": token_hash} | ({"proved_at": now} if now is not None else {})
        with self._database.write() as connection:
            changed = update(sessions).where(sessions.c.id == session_id).values(values)
            return connection.execute(changed).rowcount == 1

    def end(self, user_id: UserId, session_id: int) -> bool:
        """End one session of a user; return whether there was one."""
        its = and_(sessions.c.id == session_id, sessions.c.user_id == user_id)
        with self._database.write() as connection:
            return connection.execute(delete(sessions).where(its)).rowcount == 1

    def end_all(self, user_id: UserId) -> int:
        """End all sessions of a user; return their number."""
        with self._database.write() as connection:
            return connection.execute(delete(sessions).where(sessions.c.user_id == user_id)).rowcount

    def purge(self, now: datetime, idle_since: datetime) -> int:
        """Delete sessions that have ended by ``now`` or were not used since ``idle_since``; return their number."""
        over = or_(sessions.c.ends_at <= now, sessions.c.seen_at <= idle_since)
        with self._database.write() as connection:
            return connection.execute(delete(sessions).where(over)).rowcount


def _session(row: Row[Any], prefix: str = "") -> Session:
    def of(name: str) -> Any:  # noqa: ANN401 - a column's value
        return getattr(row, prefix + name)

    return Session(
        id=of("id"),
        user_id=UserId(of("user_id")),
        made_at=of("made_at"),
        seen_at=of("seen_at"),
        proved_at=of("proved_at"),
        ends_at=of("ends_at"),
        how=of("how"),
        client=of("client"),
        agent=of("agent"),
    )

"""The users of the desk, and their means of sign-in."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, select, update

from digest.model.user import Role, User, UserId
from digest.storage.engine import Database
from digest.storage.schema.users import devices, passkeys, recovery_codes, sessions, tickets, users
from digest.storage.upsert import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUser:
    """A user with the stored means of sign-in."""

    user: User
    handle: str
    """The id of the user for passkeys: 64 hexadecimal digits."""
    password: str | None
    """Argon2id hash; None when no password was chosen yet, or after a reset."""
    totp: str | None
    """The encrypted secret of the second factor."""
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A user to be added; ``identity`` is the same for all spellings of one mailbox."""

    name: str
    email: str
    identity: str
    role: Role


class Users:
    """Reads and changes users."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def exist(self) -> bool:
        """Return whether there is any user."""
        with self._database.read() as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is not None

    def all(self) -> tuple[StoredUser, ...]:
        """Return all users, ordered by name."""
        with self._database.read() as connection:
            return tuple(_stored(row) for row in connection.execute(select(users).order_by(users.c.name, users.c.id)))

    def get(self, user_id: UserId) -> StoredUser | None:
        """Return the user with that number; None when there is none."""
        return self._one(users.c.id == user_id)

    def find(self, identity: str) -> StoredUser | None:
        """Return the user with that identity of an address; None when there is none."""
        return self._one(users.c.identity == identity)

    def add(self, new: NewUser, now: datetime) -> UserId | None:
        """Store a user; return None when the address already has one."""
        row = {
            "name": new.name,
            "email": new.email,
            "identity": new.identity,
            "role": new.role.name.lower(),
            "handle": secrets.token_hex(32),
            "added_at": now,
        }
        with self._database.write() as connection:
            added = insert(connection, users).values(row).on_conflict_do_nothing().returning(users.c.id)
            found = connection.scalar(added)
        return None if found is None else UserId(found)

    def set_role(self, user_id: UserId, role: Role) -> None:
        """Change a user's role, and end the user's sessions."""
        with self._database.write() as connection:
            _change(connection, user_id, role=role.name.lower())
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def disable(self, user_id: UserId, now: datetime | None) -> None:
        """Disable a user from ``now`` on, or enable the user when it is None; end all sessions."""
        with self._database.write() as connection:
            _change(connection, user_id, disabled_at=now)
            _end(connection, user_id)

    def other_admins(self, user_id: UserId) -> bool:
        """Return whether there is another enabled admin."""
        u = users.c
        others = and_(u.id != user_id, u.role == Role.ADMIN.name.lower(), u.disabled_at.is_(None))
        with self._database.read() as connection:
            return connection.execute(select(u.id).where(others).limit(1)).first() is not None

    def set_password(self, user_id: UserId, password: str, keep: int | None = None) -> None:
        """Store a new password's hash; end all sessions except ``keep``, and delete links to choose a password."""
        with self._database.write() as connection:
            _change(connection, user_id, password=password)
            _end(connection, user_id, keep)

    def rehash(self, user_id: UserId, before: str, after: str) -> None:
        """Store another hash of the same password, unless the password was changed in the meantime."""
        same = and_(users.c.id == user_id, users.c.password == before)
        with self._database.write() as connection:
            connection.execute(update(users).where(same).values(password=after))

    def reset(self, user_id: UserId, *, second_factor: bool) -> None:
        """Delete the password and end all sessions; with ``second_factor``, also delete codes and passkeys."""
        with self._database.write() as connection:
            _change(connection, user_id, password=None)
            _end(connection, user_id)
            connection.execute(delete(devices).where(devices.c.user_id == user_id))
            if second_factor:
                _change(connection, user_id, totp=None)
                for table in (recovery_codes, passkeys):
                    connection.execute(delete(table).where(table.c.user_id == user_id))

    def set_totp(self, user_id: UserId, sealed: str | None, step: int, hashes: Collection[str]) -> None:
        """Store the secret of the second factor, its last step, and new recovery codes; None deletes the secret."""
        with self._database.write() as connection:
            _change(connection, user_id, totp=sealed, totp_step=step)
            self._set_codes(connection, user_id, hashes)

    def set_recovery_codes(self, user_id: UserId, hashes: Collection[str]) -> None:
        """Replace the recovery codes."""
        with self._database.write() as connection:
            self._set_codes(connection, user_id, hashes)

    def spend_step(self, user_id: UserId, step: int) -> bool:
        """Store that a code of that step was used; return False when that step or a later one was used before."""
        fresh = and_(users.c.id == user_id, users.c.totp_step < step)
        with self._database.write() as connection:
            return connection.execute(update(users).where(fresh).values(totp_step=step)).rowcount == 1

    def spend_recovery_code(self, user_id: UserId, code_hash: str, now: datetime) -> bool:
        """Use up a recovery code; return whether it was valid."""
        c = recovery_codes.c
        good = and_(c.hash == code_hash, c.user_id == user_id, c.used_at.is_(None))
        with self._database.write() as connection:
            return connection.execute(update(recovery_codes).where(good).values(used_at=now)).rowcount == 1

    def recovery_codes_left(self, user_id: UserId) -> int:
        """Return how many recovery codes are left."""
        c = recovery_codes.c
        query = select(func.count()).where(c.user_id == user_id, c.used_at.is_(None))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def _set_codes(self, connection: Connection, user_id: UserId, hashes: Collection[str]) -> None:
        connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        if hashes:
            connection.execute(recovery_codes.insert(), [{"hash": each, "user_id": user_id} for each in hashes])

    def _one(self, which: Any) -> StoredUser | None:  # noqa: ANN401 - a condition
        with self._database.read() as connection:
            row = connection.execute(select(users).where(which)).one_or_none()
        return None if row is None else _stored(row)


def user_of(row: Row[Any]) -> User:
    """Return the user in a row of the table."""
    return User(
        id=UserId(row.id),
        name=row.name,
        email=row.email,
        role=Role[row.role.upper()],
        disabled=row.disabled_at is not None,
    )


def _stored(row: Row[Any]) -> StoredUser:
    return StoredUser(user=user_of(row), handle=row.handle, password=row.password, totp=row.totp, added_at=row.added_at)


def _change(connection: Connection, user_id: UserId, **values: object) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(values))


def _end(connection: Connection, user_id: UserId, keep: int | None = None) -> None:
    """End a user's sessions except ``keep``, and delete all tickets."""
    others = sessions.c.user_id == user_id
    connection.execute(delete(sessions).where(others if keep is None else and_(others, sessions.c.id != keep)))
    connection.execute(delete(tickets).where(tickets.c.user_id == user_id))

"""The public keys that users registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, select, update

from digest.model.desk_session import Passkey
from digest.model.user import UserId
from digest.storage.engine import Database
from digest.storage.schema.users import passkeys
from digest.storage.upsert import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """A passkey to be stored."""

    user_id: UserId
    credential: str
    public_key: bytes
    count: int
    name: str


class Passkeys:
    """Reads and changes passkeys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewPasskey, now: datetime) -> bool:
        """Store a passkey; return False when it is already registered."""
        row = {
            "user_id": new.user_id,
            "credential": new.credential,
            "public_key": new.public_key,
            "count": new.count,
            "name": new.name,
            "added_at": now,
        }
        with self._database.write() as connection:
            added = insert(connection, passkeys).values(row).on_conflict_do_nothing().returning(passkeys.c.id)
            return connection.scalar(added) is not None

    def of(self, user_id: UserId) -> tuple[Passkey, ...]:
        """Return a user's passkeys, the oldest first."""
        query = select(passkeys).where(passkeys.c.user_id == user_id).order_by(passkeys.c.id)
        with self._database.read() as connection:
            return tuple(_passkey(row) for row in connection.execute(query))

    def find(self, credential: str) -> Passkey | None:
        """Return the passkey with that id; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(passkeys).where(passkeys.c.credential == credential)).one_or_none()
        return None if row is None else _passkey(row)

    def use(self, passkey: Passkey, count: int, now: datetime) -> bool:
        """Store a use of a passkey; return False when another use was stored in between."""
        same = and_(passkeys.c.id == passkey.id, passkeys.c.count == passkey.count)
        with self._database.write() as connection:
            return connection.execute(update(passkeys).where(same).values(count=count, used_at=now)).rowcount == 1

    def remove(self, user_id: UserId, passkey_id: int) -> bool:
        """Delete a user's passkey; return whether there was one."""
        its = and_(passkeys.c.id == passkey_id, passkeys.c.user_id == user_id)
        with self._database.write() as connection:
            return connection.execute(delete(passkeys).where(its)).rowcount == 1


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        user_id=UserId(row.user_id),
        credential=row.credential,
        public_key=row.public_key,
        count=row._mapping["count"],  # noqa: SLF001 - a row has a method of that name
        name=row.name,
        added_at=row.added_at,
        used_at=row.used_at,
    )

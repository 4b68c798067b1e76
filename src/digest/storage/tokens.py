"""The tokens of mailed links: stored as hashes, one purpose each, used once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, select, update

from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.schema.people import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token, stored by its hash."""

    hash: str
    purpose: str
    expires: datetime
    reader_id: ReaderId | None = None
    grant: Mapping[str, Any]
    """What the token allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """A stored token."""

    purpose: str
    reader_id: ReaderId | None
    grant: Mapping[str, Any]
    expires: datetime
    used_at: datetime | None


class Tokens:
    """Reads and deletes tokens; ``spend`` uses one up in the transaction of its change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, token_hash: str) -> StoredToken | None:
        """Return the token with that hash, used or not; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(tokens).where(tokens.c.hash == token_hash)).one_or_none()
        if row is None:
            return None
        return StoredToken(
            purpose=row.purpose,
            reader_id=row.reader_id,
            grant=row.grant,
            expires=row.expires,
            used_at=row.used_at,
        )

    def purge(self, before: datetime) -> int:
        """Delete the tokens that expired before that time, used or not; return their number."""
        with self._database.write() as connection:
            return connection.execute(delete(tokens).where(tokens.c.expires < before)).rowcount


def keep(connection: Connection, new: NewToken, now: datetime) -> None:
    """Store a token."""
    row = {
        "hash": new.hash,
        "purpose": new.purpose,
        "reader_id": new.reader_id,
        "grant": dict(new.grant),
        "made_at": now,
        "expires": new.expires,
    }
    connection.execute(tokens.insert(), [row])


def spend(
    connection: Connection, token_hash: str, purpose: str, now: datetime, left: Mapping[str, Any] | None = None
) -> bool:
    """Use up a token and replace its grant by ``left``; return whether it was still valid."""
    good = and_(
        tokens.c.hash == token_hash, tokens.c.purpose == purpose, tokens.c.used_at.is_(None), tokens.c.expires > now
    )
    return connection.execute(update(tokens).where(good).values(used_at=now, grant=dict(left or {}))).rowcount == 1


def tie(connection: Connection, token_hash: str, reader_id: ReaderId) -> None:
    """Store the reader of a token once known, so that a second press of its button can show the result."""
    connection.execute(update(tokens).where(tokens.c.hash == token_hash).values(reader_id=reader_id))

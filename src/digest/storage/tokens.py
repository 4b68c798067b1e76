"""What mailed links may do: hashes of tokens, one purpose each, used once."""

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
    """A token as it is stored: by its hash."""

    hash: str
    purpose: str
    expires: datetime
    reader_id: ReaderId | None = None
    grant: Mapping[str, Any]
    """What it allows to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """What is known of a token."""

    purpose: str
    reader_id: ReaderId | None
    grant: Mapping[str, Any]
    expires: datetime
    used_at: datetime | None


class Tokens:
    """Reads and writes tokens; they are used up where their work is done, in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, token_hash: str) -> StoredToken | None:
        """Return the token with that hash, whatever became of it; None when there is none."""
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
        """Take out what expired before that, used or not; return how many tokens that were."""
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
    """Use a token up, and keep ``left`` in place of what it allowed; return whether it was still good."""
    good = and_(
        tokens.c.hash == token_hash, tokens.c.purpose == purpose, tokens.c.used_at.is_(None), tokens.c.expires > now
    )
    return connection.execute(update(tokens).where(good).values(used_at=now, grant=dict(left or {}))).rowcount == 1


def tie(connection: Connection, token_hash: str, reader_id: ReaderId) -> None:
    """Note whose a token is, once that is known: who presses its button again is told what came of it."""
    connection.execute(update(tokens).where(tokens.c.hash == token_hash).values(reader_id=reader_id))

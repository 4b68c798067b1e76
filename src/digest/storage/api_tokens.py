"""The tokens of the API. Rows stay when a token is revoked: the audit log names tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from digest.model.api_token import ApiToken, Scope
from digest.storage.engine import Database
from digest.storage.schema.api import api_tokens
from digest.storage.upsert import insert

_KNOWN = frozenset(scope.value for scope in Scope)


class ApiTokens:
    """Reads and writes tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, token_hash: str, scopes: Collection[Scope], now: datetime, expires_at: datetime | None
    ) -> ApiToken | None:
        """Store a token by its hash and return it; None when the name is taken, also by a revoked token."""
        row = {
            "name": name,
            "hash": token_hash,
            "scopes": sorted(scope.value for scope in scopes),
            "made_at": now,
            "expires_at": expires_at,
        }
        with self._database.write() as connection:
            made = insert(connection, api_tokens).values(row).on_conflict_do_nothing().returning(api_tokens)
            stored = connection.execute(made).one_or_none()
        return None if stored is None else _token(stored)

    def find(self, token_hash: str) -> ApiToken | None:
        """Return the token with this hash, even one that no longer works; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(api_tokens).where(api_tokens.c.hash == token_hash)).one_or_none()
        return None if row is None else _token(row)

    def exist(self) -> bool:
        """Return whether a token was ever made."""
        with self._database.read() as connection:
            return connection.execute(select(api_tokens.c.id).limit(1)).first() is not None

    def all(self) -> tuple[ApiToken, ...]:
        """Return all tokens, also revoked ones, ordered by name."""
        with self._database.read() as connection:
            return tuple(_token(row) for row in connection.execute(select(api_tokens).order_by(api_tokens.c.name)))

    def revoke(self, name: str, now: datetime) -> bool | None:
        """Revoke a token; return whether it was not revoked before, None when no token has that name."""
        t = api_tokens.c
        with self._database.write() as connection:
            if connection.execute(select(t.id).where(t.name == name)).first() is None:
                return None
            here = update(api_tokens).where(t.name == name, t.revoked_at.is_(None)).values(revoked_at=now)
            return connection.execute(here).rowcount == 1

    def see(self, token_id: int, now: datetime) -> None:
        """Store the time of a token's last use."""
        with self._database.write() as connection:
            connection.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(used_at=now))


def _token(row: Row[Any]) -> ApiToken:
    """Return a token. A scope that this version does not know allows nothing, and is left out."""
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(name) for name in row.scopes if name in _KNOWN),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )

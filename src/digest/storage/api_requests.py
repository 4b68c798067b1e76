"""Requests with an Idempotency-Key, and their answers: a request that is repeated gets the first answer again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update

from digest.storage.engine import Database
from digest.storage.schema.api import api_requests
from digest.storage.upsert import insert

TRIES = 3
"""How often a key is claimed again that another request freed between two statements. After that it is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRequest:
    """A request by the token and the hash of its key; ``fingerprint`` is a hash of everything that it asks for."""

    token_id: int
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What is stored under a key. ``status`` is None while the first request is answered."""

    fingerprint: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes


class ApiRequests:
    """Reads and writes requests with a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, request: KeyedRequest, now: datetime, old: datetime, stuck: datetime) -> KeptAnswer | None:
        """Claim a key for a request and return None; if the key is in use, return what is stored under it.

        A key that was claimed before ``old`` is free again. So is one without an answer since ``stuck``: the process
        that answered it has ended.
        """
        r = api_requests.c
        here = and_(r.token_id == request.token_id, r.key == request.key)
        row = {"token_id": request.token_id, "key": request.key, "fingerprint": request.fingerprint, "at": now}
        over = (r.at < old) | (r.status.is_(None) & (r.at < stuck))
        with self._database.write() as connection:
            connection.execute(delete(api_requests).where(here, over))
            made = insert(connection, api_requests).values(row | {"headers": {}, "body": b""})
            for _ in range(TRIES):
                if connection.execute(made.on_conflict_do_nothing().returning(r.token_id)).first() is not None:
                    return None
                kept = connection.execute(select(r.fingerprint, r.status, r.headers, r.body).where(here)).one_or_none()
                if kept is not None:
                    return KeptAnswer(
                        fingerprint=kept.fingerprint, status=kept.status, headers=kept.headers, body=kept.body
                    )
        return KeptAnswer(fingerprint=request.fingerprint, status=None, headers={}, body=b"")

    def keep(self, request: KeyedRequest, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Store the answer to a request that has claimed its key."""
        r = api_requests.c
        answer = {"status": status, "headers": dict(headers), "body": body}
        here = and_(r.token_id == request.token_id, r.key == request.key)
        with self._database.write() as connection:
            connection.execute(update(api_requests).where(here).values(answer))

    def release(self, request: KeyedRequest) -> None:
        """Free a key whose request failed without an answer worth keeping."""
        r = api_requests.c
        with self._database.write() as connection:
            connection.execute(delete(api_requests).where(r.token_id == request.token_id, r.key == request.key))

    def purge(self, before: datetime) -> int:
        """Delete requests from before that time; return their number."""
        with self._database.write() as connection:
            return connection.execute(delete(api_requests).where(api_requests.c.at < before)).rowcount

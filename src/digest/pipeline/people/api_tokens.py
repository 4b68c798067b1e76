"""Tokens of the API: made and revoked by the operator, and checked at each request."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from digest.errors import ApiTokenError
from digest.model.api_token import ApiToken, Scope
from digest.people.api_tokens import is_well_formed, new_api_token
from digest.people.tokens import token_hash
from digest.pipeline.people.audit import By, note
from digest.pipeline.runtime import Runtime

SEEN_EVERY = timedelta(minutes=1)
"""The last use of a token is stored at most once in this time."""
KEPT = timedelta(hours=24)
"""How long the answer to a request with an Idempotency-Key is kept."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)


def add_token(
    runtime: Runtime, name: str, scopes: Collection[Scope], expires: timedelta | None, by: By
) -> tuple[ApiToken, str]:
    """Make a token, and return it with its secret text, which is stored nowhere.

    Raises ApiTokenError when the name is taken, or has other characters than letters, digits, dot, hyphen and
    underscore.
    """
    if _NAME.fullmatch(name) is None:
        raise ApiTokenError(f"{name!r}: a token's name has letters, digits, '.', '-' and '_', at most 60 of them")
    text, now = new_api_token(), runtime.clock()
    made = runtime.stores.api_tokens.add(name, token_hash(text), scopes, now, now + expires if expires else None)
    if made is None:
        raise ApiTokenError(f"there is a token {name!r} already, perhaps a revoked one: choose another name")
    told = {"token": name, "scopes": " ".join(sorted(scope.value for scope in scopes))}
    note(runtime, by.who, "API token added", told, client=by.client)
    return made, text


def revoke_token(runtime: Runtime, name: str, by: By) -> bool:
    """Revoke a token from now on. Return False if it was revoked before. Raises ApiTokenError when there is none."""
    done = runtime.stores.api_tokens.revoke(name, runtime.clock())
    if done is None:
        raise ApiTokenError(f"no token is called {name!r}: digest tokens list")
    if done:
        note(runtime, by.who, "API token revoked", {"token": name}, client=by.client)
    return done


def token_of(runtime: Runtime, text: str) -> ApiToken | None:
    """Return the token with that secret text; None when there is none, or it is expired or revoked.

    The last use is stored at most once in SEEN_EVERY.
    """
    found = runtime.stores.api_tokens.find(token_hash(text)) if is_well_formed(text) else None
    now = runtime.clock()
    if found is None or not found.works(now):
        return None
    if found.used_at is None or not timedelta() <= now - found.used_at < SEEN_EVERY:
        runtime.stores.api_tokens.see(found.id, now)
    return found


def forget_requests(runtime: Runtime) -> None:
    """Delete the stored answers to API requests that are older than KEPT."""
    runtime.stores.api_requests.purge(runtime.clock() - KEPT)

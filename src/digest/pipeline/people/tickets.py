"""Tickets: data that one step of a process stores for the next, under a token that only the page or link has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from digest.model.user import UserId
from digest.people.tokens import new_token, token_hash
from digest.pipeline.runtime import Runtime
from digest.storage.sign_in import Ticket

WELCOME = "welcome"
"""A link to choose a password."""
SECOND = "second factor"
"""The password was right, and the code is still missing."""
PASSKEY = "passkey"
"""A challenge for a passkey, to sign in or to authenticate again."""
NEW_PASSKEY = "new passkey"
NEW_TOTP = "new second factor"
OIDC = "oidc"
"""A redirect to the provider and back."""
STEP = timedelta(minutes=10)
"""Maximum pause between two steps."""


def give(
    runtime: Runtime, purpose: str, data: Mapping[str, Any], user_id: UserId | None = None, lasts: timedelta = STEP
) -> str:
    """Store ``data`` for the next step, and return the token of the ticket."""
    token = new_token()
    now = runtime.clock()
    ticket = Ticket(purpose=purpose, data=data, user_id=user_id, expires=now + lasts)
    runtime.stores.sign_in.give(token_hash(token), ticket, now)
    return token


def look(runtime: Runtime, purpose: str, token: str) -> Ticket | None:
    """Return the ticket with this token without using it up; None when it is unknown, used or expired."""
    return runtime.stores.sign_in.look(token_hash(token), purpose, runtime.clock())


def take(runtime: Runtime, purpose: str, token: str) -> Ticket | None:
    """Use up the ticket with this token and return it; None when it is unknown, used or expired."""
    return runtime.stores.sign_in.take(token_hash(token), purpose, runtime.clock())

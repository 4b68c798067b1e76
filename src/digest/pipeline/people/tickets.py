"""Tickets: what one step of a walk leaves for the next, under a token that only the page or link has."""

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
"""A right password that waits for its code."""
PASSKEY = "passkey"
"""A challenge for a passkey that signs in, or proves again who it is."""
NEW_PASSKEY = "new passkey"
NEW_TOTP = "new second factor"
OIDC = "oidc"
"""A walk to the provider and back."""
STEP = timedelta(minutes=10)
"""How long a walk may pause between two steps."""


def give(
    runtime: Runtime, purpose: str, data: Mapping[str, Any], user_id: UserId | None = None, lasts: timedelta = STEP
) -> str:
    """Store a ticket and return its token."""
    token = new_token()
    now = runtime.clock()
    ticket = Ticket(purpose=purpose, data=data, user_id=user_id, expires=now + lasts)
    runtime.stores.sign_in.give(token_hash(token), ticket, now)
    return token


def look(runtime: Runtime, purpose: str, token: str) -> Ticket | None:
    """Return the ticket of a token and leave it; None when it is none, or was used, or is too old."""
    return runtime.stores.sign_in.look(token_hash(token), purpose, runtime.clock())


def take(runtime: Runtime, purpose: str, token: str) -> Ticket | None:
    """Use the ticket of a token up and return it; None as above."""
    return runtime.stores.sign_in.take(token_hash(token), purpose, runtime.clock())

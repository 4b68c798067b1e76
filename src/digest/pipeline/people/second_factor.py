"""A user's second factor: set up with an app, confirmed by a first code, and removed."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.user import User
from digest.people.codes import app_address, new_secret, qr_drawing, recovery_codes, recovery_hash, step_of
from digest.people.sealing import seal, unseal
from digest.pipeline.people import tickets
from digest.pipeline.people.audit import note
from digest.pipeline.runtime import Runtime
from digest.storage.users import StoredUser


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTotp:
    """What an authenticator app needs, and the ticket that the page sends back with the app's first code."""

    ticket: str
    secret: str
    qr_svg: str


def begin(runtime: Runtime, found: StoredUser) -> NewTotp:
    """Create a secret for an authenticator app; it has no effect before its first code is confirmed."""
    secret = new_secret()
    data = {"sealed": seal(runtime.settings.keys, found.handle, secret)}
    return _shown(runtime, found, tickets.give(runtime, tickets.NEW_TOTP, data, found.user.id), secret)


def again(runtime: Runtime, found: StoredUser, ticket: str) -> NewTotp | None:
    """Return an unfinished setup, to be shown again after a wrong code; None when it has expired."""
    secret = _begun(runtime, found, ticket)
    return None if secret is None else _shown(runtime, found, ticket, secret)


def confirm(runtime: Runtime, found: StoredUser, ticket: str, code: str, client: str) -> tuple[str, ...] | None:
    """Enable a second factor by its first code; return its recovery codes, or None when the code is wrong."""
    secret = _begun(runtime, found, ticket)
    step = step_of(secret, code, runtime.clock()) if secret is not None else None
    if secret is None or step is None or tickets.take(runtime, tickets.NEW_TOTP, ticket) is None:
        return None
    codes = recovery_codes()
    sealed = seal(runtime.settings.keys, found.handle, secret)
    runtime.stores.users.set_totp(found.user.id, sealed, step, [recovery_hash(each) for each in codes])
    note(runtime, found.user, "second factor added", client=client)
    return codes


def remove(runtime: Runtime, user: User, client: str) -> None:
    """Remove the second factor and its recovery codes."""
    runtime.stores.users.set_totp(user.id, None, 0, ())
    note(runtime, user, "second factor removed", client=client)


def new_recovery_codes(runtime: Runtime, user: User, client: str) -> tuple[str, ...]:
    """Create new recovery codes; the old ones become invalid."""
    codes = recovery_codes()
    runtime.stores.users.set_recovery_codes(user.id, [recovery_hash(each) for each in codes])
    note(runtime, user, "recovery codes made", client=client)
    return codes


def _begun(runtime: Runtime, found: StoredUser, ticket: str) -> str | None:
    waiting = tickets.look(runtime, tickets.NEW_TOTP, ticket)
    if waiting is None or waiting.user_id != found.user.id:
        return None
    return unseal(runtime.settings.keys, found.handle, waiting.data["sealed"])


def _shown(runtime: Runtime, found: StoredUser, ticket: str, secret: str) -> NewTotp:
    address = app_address(secret, found.user.email, runtime.settings.site.name)
    return NewTotp(ticket=ticket, secret=secret, qr_svg=qr_drawing(address))

"""Signing in at a provider: the browser is redirected there and back. It must be the same browser at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from digest.errors import BadAddress, UserExists
from digest.model.user import Role, User
from digest.people.oidc import Provider, Secrets, Vouched, new_secrets
from digest.people.tokens import token_hash
from digest.pipeline.people import tickets
from digest.pipeline.people.accounts import add_user
from digest.pipeline.people.audit import NOBODY, By, note
from digest.pipeline.people.signing_in import Browser, account_of
from digest.pipeline.runtime import Runtime

RECENT = timedelta(minutes=5)
"""Most age of the sign-in at the provider, when a user must prove their identity again."""
BY = By(who="single sign-on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A user who came back from the provider, and the page (``target``) to which they wanted."""

    user: User
    target: str
    fields: tuple[tuple[str, str], ...] = ()
    """Fields of the form that waits, when the user had to prove their identity again."""
    session_id: int | None = None
    """The session in which that form was sent."""


def set_out(
    runtime: Runtime, provider: Provider, back: str, device: str, target: str, waiting: Returned | None = None
) -> str:
    """Return the URL at the provider to which the browser is redirected. Raises ProviderError.

    ``back`` is the URL to return to, ``target`` the page that the user wants, ``waiting`` the form that waits until the
    user has proved their identity.
    """
    kept = new_secrets()
    data: dict[str, object] = {
        "nonce": kept.nonce,
        "verifier": kept.verifier,
        "device": token_hash(device),
        "target": target,
        "fields": [list(pair) for pair in waiting.fields] if waiting else [],
        "session": waiting.session_id if waiting else None,
    }
    state = tickets.give(runtime, tickets.OIDC, data, waiting.user.id if waiting else None)
    return provider.way(back, state, kept, runtime.clock(), again=waiting is not None)


def come_back(
    runtime: Runtime, provider: Provider, back: str, answer: Mapping[str, str], browser: Browser
) -> Returned | None:
    """Return the user who returned with the provider's ``answer``; None when the answer is not valid here.

    The state is valid once, and only in the browser that started. Raises ProviderError.
    """
    ticket = tickets.take(runtime, tickets.OIDC, answer.get("state", ""))
    if ticket is None or ticket.data["device"] != token_hash(browser.device) or not answer.get("code"):
        return None
    kept = Secrets(nonce=ticket.data["nonce"], verifier=ticket.data["verifier"])
    vouched = provider.vouched(back, answer["code"], kept, runtime.clock())
    user = _user(runtime, vouched)
    again = ticket.user_id is not None
    if user is None or user.disabled or (again and not (user.id == ticket.user_id and _is_anew(runtime, vouched))):
        note(runtime, user or NOBODY, "sign-in", {"wrong": "oidc"}, client=browser.origin.client, refused=True)
        return None
    fields = tuple((name, value) for name, value in ticket.data["fields"])
    return Returned(user=user, target=ticket.data["target"], fields=fields, session_id=ticket.data["session"])


def _is_anew(runtime: Runtime, vouched: Vouched) -> bool:
    return vouched.signed_in_at is not None and runtime.clock() - vouched.signed_in_at < RECENT


def _user(runtime: Runtime, vouched: Vouched) -> User | None:
    """Return the user with the verified e-mail address. A missing one is created where the settings allow it."""
    found = runtime.stores.users.find(account_of(vouched.email))
    if found is not None:
        return found.user
    settings = runtime.settings.desk.oidc
    domain = vouched.email.rpartition("@")[2].lower()
    if settings.new_users == "no" or (settings.domains and domain not in map(str.lower, settings.domains)):
        return None
    try:
        return add_user(runtime, vouched.name, vouched.email, Role[settings.new_users.upper()], BY)
    except (BadAddress, UserExists):
        return None

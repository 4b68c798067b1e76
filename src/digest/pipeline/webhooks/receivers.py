"""Adds receivers of webhooks, and changes them: URL, types of events, secret."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from digest.errors import WebhookError
from digest.fetch.address_guard import destination
from digest.model.webhook import EventType
from digest.people.sealing import seal, unseal
from digest.pipeline.runtime import Runtime
from digest.storage.webhooks import Endpoint, NewEndpoint
from digest.webhooks.signing import SECRET_BYTES, secret_key, secret_text

MOST_ENDPOINTS = 50
"""Most receivers: each may use one thread of its own."""
ROTATION = timedelta(hours=24)
"""How long the old secret also signs after a change, unless the operator says otherwise."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A receiver to be added. Without ``events`` it gets all types, without a ``secret`` one is made."""

    name: str
    url: str
    events: Sequence[str] = ()
    secret: str = ""
    allow_private: bool = False
    with_addresses: bool = False


def add(runtime: Runtime, wanted: Wanted) -> str:
    """Add a receiver; return its secret, which can be read only this time.

    Raises:
        WebhookError: the name, the URL, a type of events or the secret is wrong, or the name is taken.
        RefusedAddress: the URL can never be reached.
        SettingsError: there is no secret key to encrypt the secret with.
    """
    if not _NAME.fullmatch(wanted.name):
        raise WebhookError(f"{wanted.name} is no name: use up to 60 of a-z, 0-9, dot, hyphen and underscore")
    if len(runtime.stores.webhooks.all()) >= MOST_ENDPOINTS:
        raise WebhookError(f"there are {MOST_ENDPOINTS} receivers already: remove one first")
    secret = wanted.secret or secret_text(secrets.token_bytes(SECRET_BYTES))
    secret_key(secret)
    new = NewEndpoint(
        name=wanted.name,
        url=_checked(wanted.url, private=wanted.allow_private),
        secret=seal(runtime.settings.keys, _owner(wanted.name), secret),
        pseudonym_key=secrets.token_bytes(SECRET_BYTES),
        events=_types(wanted.events),
        allow_private=wanted.allow_private,
        with_addresses=wanted.with_addresses,
    )
    if not runtime.stores.webhooks.add(new, runtime.clock()):
        raise WebhookError(f"there is a receiver {wanted.name} already: digest webhooks list")
    return secret


def rotate(runtime: Runtime, name: str, given: str = "", both_for: timedelta = ROTATION) -> str:
    """Give a receiver a new secret and return it. The old one also signs for ``both_for``. Raises WebhookError."""
    secret = given or secret_text(secrets.token_bytes(SECRET_BYTES))
    secret_key(secret)
    sealed = seal(runtime.settings.keys, _owner(name), secret)
    if not runtime.stores.webhooks.rotate(name, sealed, runtime.clock() + both_for):
        raise unknown(name)
    return secret


def found(runtime: Runtime, name: str) -> Endpoint:
    """Return the receiver with that name. Raises WebhookError when there is none."""
    endpoint = runtime.stores.webhooks.get(name)
    if endpoint is None:
        raise unknown(name)
    return endpoint


def unknown(name: str) -> WebhookError:
    """Return the error for a name that no receiver has."""
    return WebhookError(f"there is no receiver {name}: digest webhooks list")


def secrets_of(runtime: Runtime, endpoint: Endpoint) -> tuple[str, ...]:
    """Return the secrets that sign now, the newest first. Raises WebhookError when the key of the newest is lost."""
    keys, owner = runtime.settings.keys, _owner(endpoint.name)
    newest = unseal(keys, owner, endpoint.secret)
    if newest is None:
        raise WebhookError(f"the key of its secret is not in keys.ring: digest webhooks rotate {endpoint.name}")
    still = endpoint.former_secret and endpoint.former_until and runtime.clock() < endpoint.former_until
    former = unseal(keys, owner, endpoint.former_secret) if still else None
    return (newest, former) if former else (newest,)


def _checked(url: str, *, private: bool) -> str:
    """Return the URL in its normal spelling; plain http is allowed only inside a private network."""
    there = destination(url)
    if there.scheme != "https" and not private:
        raise WebhookError(f"{url}: use https, so that nobody on the way reads or changes the messages")
    if urlsplit(url).fragment:
        raise WebhookError(f"{url}: a receiver never sees what follows the #")
    return there.url


def _types(names: Sequence[str]) -> tuple[str, ...] | None:
    known = [each.value for each in EventType]
    for name in names:
        if name not in known:
            raise WebhookError(f"{name} is no type of events; there are: {', '.join(known)}")
    return tuple(name for name in known if name in names) if names else None


def _owner(name: str) -> str:
    return f"webhook {name}"

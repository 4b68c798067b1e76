"""What is known of somebody who signed in at the desk, and of what was done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from digest.model.user import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which a user signed in."""

    id: int
    user_id: UserId
    made_at: datetime
    seen_at: datetime
    """The last request, to the minute."""
    proved_at: datetime
    """The last time that the user gave a password, a passkey or a provider's word."""
    ends_at: datetime
    """When it ends, however busy it is."""
    how: str
    """``password``, ``passkey`` or ``oidc``."""
    client: str
    """The address of the user's machine, as far as trusted proxies tell."""
    agent: str
    """What the browser calls itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from."""

    client: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did, or was refused."""

    at: datetime
    who: str
    """The e-mail address of the user at that time; ``command line`` for the operator's commands."""
    what: str
    """A constant phrase, or the path of a form."""
    user_id: UserId | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    client: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A public key that a user registered; ``credential`` is its id in base64url."""

    id: int
    user_id: UserId
    credential: str
    public_key: bytes
    count: int
    """How often the authenticator says it was used; 0 where it does not count."""
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failed tries in a row, and when the last one was."""

    number: int
    last_at: datetime

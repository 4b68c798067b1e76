"""The values of the editors' desk: sessions, passkeys, failed sign-ins and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from digest.model.user import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which a user has signed in at the desk."""

    id: int
    user_id: UserId
    made_at: datetime
    seen_at: datetime
    """The time of the last request, to the minute."""
    proved_at: datetime
    """When the user last gave a password or a passkey, or signed in through the provider."""
    ends_at: datetime
    """When it ends, even if it is in use."""
    how: str
    """``password``, ``passkey`` or ``oidc``."""
    client: str
    """The IP address of the user's machine, as far as trusted proxies report it."""
    agent: str
    """The browser's User-Agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The origin of a request: address and User-Agent."""

    client: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One action of a user, or one that was refused."""

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
    """The authenticator's signature counter; 0 when it does not count."""
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """The number of failed attempts in a row, and the time of the last one."""

    number: int
    last_at: datetime

"""Tokens that come in a mail of their own: good for one thing, once, for a while.

A token is HMAC-SHA-256 over what it is for and the row of its mail, with the key that was current when the mail was
decided on: 256 bits, in 43 characters. So a mail that is tried again is the same mail, though the token is stored
nowhere: the database has its hash, and whoever reads the database opens nothing.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from digest.errors import Refusal, SettingsError
from digest.readers.mac import keyed
from digest.settings import KeySettings

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SPELLED = re.compile(rf"[^\w-]*({TOKEN.pattern})(?:[^\w-].{{0,20}})?", re.DOTALL)
"""A token with what mail programs leave around it."""


class TokenPurpose(Enum):
    """What a mailed token is good for."""

    CONFIRM = "confirm"
    CHOOSE = "choose"
    """See and change what is known of a reader."""
    ADDRESS = "address"
    """Take over the address that it was mailed to."""


LIFE = {
    TokenPurpose.CONFIRM: timedelta(hours=48),
    TokenPurpose.CHOOSE: timedelta(hours=24),
    TokenPurpose.ADDRESS: timedelta(hours=24),
}
"""How long a mailed token is good, from when its mail is decided on."""
SITTING = timedelta(hours=1)
"""How long the token is good that the page after a change carries."""


def mailed_token(keys: KeySettings, key_id: str, token_purpose: TokenPurpose, mail: int, nonce: str) -> str:
    """Return the token of a mail, the same at every try; SettingsError when the key has left the ring."""
    key = keys.ring.get(key_id, "")
    if not key:
        raise SettingsError((f"keys.ring: the key {key_id!r} is gone, and mails under way need it",))
    return _text(keyed(bytes.fromhex(key), f"mailed {token_purpose.value}", str(mail), nonce))


def fresh_token() -> str:
    """Return a token that is handed to who just proved to be the reader."""
    return _text(secrets.token_bytes(32))


def token_hash(token: str) -> str:
    """Return what the database knows of a token; of what cannot be one, the hash of nothing.

    What a mail program left around it (a bracket, a stop, a blank) is no part of it.
    """
    spelled = _SPELLED.fullmatch(token)
    return sha256(spelled[1].encode() if spelled else b"").hexdigest()


def refusal(
    purpose: str, expires: datetime, used_at: datetime | None, token_purpose: TokenPurpose, now: datetime
) -> Refusal | None:
    """Return why a stored token is not good for this purpose; None when it does."""
    if purpose != token_purpose.value:
        return Refusal.UNKNOWN
    if used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if expires <= now else None


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")

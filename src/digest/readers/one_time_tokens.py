"""Tokens in mails to one person. Each is valid for one purpose, once, for a limited time.

A token is HMAC-SHA-256 over its purpose and the database row of its mail, made with the key that was current when the
mail was stored: 256 bits in 43 characters. So a repeated mail has the same token, although the token is not stored. The
database contains only its hash, so nobody can use a token by reading the database.
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
"""A token with the characters that mail programs leave around it."""


class TokenPurpose(Enum):
    """What the holder of a mailed token may do."""

    CONFIRM = "confirm"
    CHOOSE = "choose"
    """See and change one's own data."""
    ADDRESS = "address"
    """Get the letters at the address to which it was mailed."""


LIFE = {
    TokenPurpose.CONFIRM: timedelta(hours=48),
    TokenPurpose.CHOOSE: timedelta(hours=24),
    TokenPurpose.ADDRESS: timedelta(hours=24),
}
"""How long a mailed token is valid, counted from the decision to send its mail."""
SITTING = timedelta(hours=1)
"""How long the token is valid that a page contains after a change, for the next change."""


def mailed_token(keys: KeySettings, key_id: str, token_purpose: TokenPurpose, mail: int, nonce: str) -> str:
    """Return the token for a mail. It is the same for every attempt to send the mail.

    ``key_id`` names the key of the ring that makes it, ``mail`` is the number of the mail's row. Raises SettingsError
    if the key is no longer in the ring.
    """
    key = keys.ring.get(key_id, "")
    if not key:
        raise SettingsError((f"keys.ring: the key {key_id!r} is missing, but unsent mails need it",))
    return _text(keyed(bytes.fromhex(key), f"mailed {token_purpose.value}", str(mail), nonce))


def fresh_token() -> str:
    """Return a random token for the next page of a person who has just proved to be the reader."""
    return _text(secrets.token_bytes(32))


def token_hash(token: str) -> str:
    """Return the hash under which the database stores a token. For any other text, return the hash of the empty text.

    Characters that a mail program left around the token (a bracket, a full stop, a blank) are ignored.
    """
    spelled = _SPELLED.fullmatch(token)
    return sha256(spelled[1].encode() if spelled else b"").hexdigest()


def refusal(
    purpose: str, expires: datetime, used_at: datetime | None, token_purpose: TokenPurpose, now: datetime
) -> Refusal | None:
    """Return why a stored token cannot be used for ``token_purpose``; None if it can.

    ``purpose``, ``expires`` and ``used_at`` are what is stored about the token.
    """
    if purpose != token_purpose.value:
        return Refusal.UNKNOWN
    if used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if expires <= now else None


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")

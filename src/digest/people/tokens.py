"""Tokens that only a browser or a link holds, and their hashes and form tokens."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

TOKEN_BYTES = 32
_FORM = b"digest desk form"


def new_token() -> str:
    """Return an unguessable token: 256 random bits in base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return the stored hash of a token: SHA-256, in hexadecimal digits. The token has enough bits for a fast hash."""
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return the token of a form, which shows that the form is from this browser.

    It is a MAC made with the cookie's token, and does not reveal it.
    """
    return urlsafe_b64encode(hmac.digest(token.encode(), _FORM, sha256)).decode().rstrip("=")


def is_form_of(told: str, token: str) -> bool:
    """Return whether a form carries the form token of ``token``. Always false for an empty token."""
    return bool(token) and hmac.compare_digest(told.encode("utf-8", "replace"), form_token(token).encode())

"""Tokens that only a browser or a link has, and what is stored or shown in their place."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

TOKEN_BYTES = 32
_FORM = b"digest desk form"


def new_token() -> str:
    """Return a token that nobody can guess: 256 random bits in base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is stored of a token: SHA-256, in hexadecimal digits. It has enough bits for a fast hash."""
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return what a form carries to show that it is of this browser: a MAC by the cookie's token, which it hides."""
    return urlsafe_b64encode(hmac.digest(token.encode(), _FORM, sha256)).decode().rstrip("=")


def is_form_of(told: str, token: str) -> bool:
    """Tell whether a form carries the form token of ``token``; an empty token has no forms."""
    return bool(token) and hmac.compare_digest(told.encode("utf-8", "replace"), form_token(token).encode())

"""Random tokens in cookies and links, the hashes by which they are stored, and the tokens of forms."""

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
    """Return the hash by which a token is stored: SHA-256 in hexadecimal. A fast hash is enough for a random token."""
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return the token that a form carries to prove that it was made for the browser whose cookie holds ``token``.

    It is a MAC made with the cookie's token, and does not reveal it.
    """
    return urlsafe_b64encode(hmac.digest(token.encode(), _FORM, sha256)).decode().rstrip("=")


def is_form_of(told: str, token: str) -> bool:
    """Return whether ``told``, from a sent form, is the form token for the cookie's ``token``.

    False for an empty token.
    """
    return bool(token) and hmac.compare_digest(told.encode("utf-8", "replace"), form_token(token).encode())

"""Encrypts secrets that must be readable later, with the secret key.

A copy of the database alone reveals none of them.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from digest.errors import SettingsError
from digest.settings import KeySettings

NONCE_BYTES = 12
_USE = b"digest desk second factor"


def seal(keys: KeySettings, owner: str, secret: str) -> str:
    """Return a secret encrypted with AES-256-GCM, as ``<key id>.<nonce and encrypted secret in base64url>``.

    The key is derived for this use only. The result can be decrypted only for the same ``owner``.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(keys, keys.current)).encrypt(nonce, secret.encode(), owner.encode())
    return f"{keys.current}.{urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(keys: KeySettings, owner: str, sealed: str) -> str | None:
    """Return the secret in a result of ``seal``.

    None when its key was deleted, or it was encrypted for another owner.
    """
    name, _, text = sealed.partition(".")
    raw = urlsafe_b64decode(text)
    if name not in keys.ring:
        return None
    try:
        return AESGCM(_key(keys, name)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode()).decode()
    except InvalidTag:
        return None


def _key(keys: KeySettings, name: str) -> bytes:
    key = keys.ring.get(name, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return HKDF(SHA256(), 32, None, _USE).derive(bytes.fromhex(key))

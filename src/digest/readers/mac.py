"""Keyed hashes: what only who has the secret key can make, or compare.

Every use has a name of its own that goes into the hash, so that one can never stand for another.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from digest.errors import SettingsError
from digest.settings import KeySettings

FINGERPRINT = 32
"""Hexadecimal digits of a fingerprint: 128 bits, so that no two addresses share one."""


def current_key(keys: KeySettings) -> bytes:
    """Return the key that signs; raise SettingsError when there is none."""
    key = keys.ring.get(keys.current, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return bytes.fromhex(key)


def keyed(key: bytes, use: str, *parts: str) -> bytes:
    """Return HMAC-SHA-256 (RFC 2104) over the name of the use and the parts, a line each; 32 bytes."""
    return hmac.digest(key, "\n".join((use, *parts)).encode("utf-8", "replace"), sha256)


def fingerprint(keys: KeySettings, use: str, *parts: str) -> str:
    """Return what stands for ``parts`` where they must not be stored; the same for the same current key."""
    return keyed(current_key(keys), use, *parts).hex()[:FINGERPRINT]

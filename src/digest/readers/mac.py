"""Keyed hashes. Only the holder of the secret key can make or verify them.

Every use has its own name, which is part of the hash, so that a hash for one use is never valid for another.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from digest.errors import SettingsError
from digest.settings import KeySettings

FINGERPRINT = 32
"""Hexadecimal digits of a fingerprint: 128 bits, enough for a different one for each address."""


def current_key(keys: KeySettings) -> bytes:
    """Return the key that signs. Raises SettingsError when there is none."""
    key = keys.ring.get(keys.current, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return bytes.fromhex(key)


def keyed(key: bytes, use: str, *parts: str) -> bytes:
    """Return the HMAC-SHA-256 (RFC 2104) of the use's name and the parts, one per line; 32 bytes."""
    return hmac.digest(key, "\n".join((use, *parts)).encode("utf-8", "replace"), sha256)


def former_fingerprints(keys: KeySettings, use: str, *parts: str) -> tuple[str, ...]:
    """Return the same hash by each other key of the ring: what ``fingerprint`` returned before the key was changed."""
    others = (bytes.fromhex(key) for name, key in keys.ring.items() if name != keys.current)
    return tuple(keyed(key, use, *parts).hex()[:FINGERPRINT] for key in others)


def fingerprint(keys: KeySettings, use: str, *parts: str) -> str:
    """Return a hash that replaces ``parts`` where they must not be stored. It depends on the current key."""
    return keyed(current_key(keys), use, *parts).hex()[:FINGERPRINT]

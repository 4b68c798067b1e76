"""Keyed hashes (HMAC). Only the holder of the secret key can make or verify them.

Each use of a hash has a name, which is part of the hash. So a hash for one use is never valid for another.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from digest.errors import SettingsError
from digest.settings import KeySettings

FINGERPRINT = 32
"""Number of hexadecimal digits of a fingerprint: 128 bits, so that no two addresses have the same one."""


def current_key(keys: KeySettings) -> bytes:
    """Return the secret key that signs at present. Raises SettingsError when there is none."""
    key = keys.ring.get(keys.current, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return bytes.fromhex(key)


def keyed(key: bytes, use: str, *parts: str) -> bytes:
    """Return the HMAC-SHA-256 (RFC 2104, 32 bytes) of the name of the use and the parts, one per line."""
    return hmac.digest(key, "\n".join((use, *parts)).encode("utf-8", "replace"), sha256)


def former_fingerprints(keys: KeySettings, use: str, *parts: str) -> tuple[str, ...]:
    """Return what ``fingerprint`` gave for these parts with earlier keys: one hash for each other key of the ring."""
    others = (bytes.fromhex(key) for name, key in keys.ring.items() if name != keys.current)
    return tuple(keyed(key, use, *parts).hex()[:FINGERPRINT] for key in others)


def fingerprint(keys: KeySettings, use: str, *parts: str) -> str:
    """Return a hash that is stored instead of ``parts``, such as an address. ``use`` names its use.

    The hash changes when the current key is changed.
    """
    return keyed(current_key(keys), use, *parts).hex()[:FINGERPRINT]

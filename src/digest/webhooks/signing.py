"""Signs messages as Standard Webhooks 1.0 says: HMAC-SHA-256 over id, timestamp and body.

Two secrets may be valid at a time. A message then has a signature of each, so that a receiver can change to the new
secret at any time in between.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from digest.errors import WebhookError

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Size of the secrets that we make."""
_SMALLEST, _LARGEST = 24, 64
"""Sizes that Standard Webhooks allows, in bytes."""


def secret_text(raw: bytes) -> str:
    """Return a secret as it is shown: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(raw).decode()


def secret_key(secret: str) -> bytes:
    """Return the key in a secret: 24 to 64 bytes.

    Raises:
        WebhookError: The text is not ``whsec_`` followed by the base64 of so many bytes.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if not secret.startswith(PREFIX) or not _SMALLEST <= len(key) <= _LARGEST:
        raise WebhookError(f"a secret is {PREFIX} followed by the base64 of {_SMALLEST} to {_LARGEST} random bytes")
    return key


def signature(secret: str, name: str, timestamp: int, body: bytes) -> str:
    """Return one signature, ``v1,`` and base64. Raises WebhookError for a malformed secret."""
    signed = b".".join((name.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(secret_key(secret), signed, sha256)).decode()}"


def headers(secrets: Sequence[str], name: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """Return the headers of a message that is sent now, with a signature of each secret."""
    timestamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, name, timestamp, body) for secret in secrets),
    }

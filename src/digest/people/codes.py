"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

import pyotp
import segno

STEP_SECONDS = 30
WINDOW = 1
"""Steps before and after the present one whose codes count: clocks differ, and people type slowly (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits, 16 characters in base 32: enough that a fast hash of it cannot be searched."""
_BLANKS = re.compile(r"[\s-]+")


def new_secret() -> str:
    """Return a secret for an app: 160 bits in base 32, as RFC 4226, section 4, recommends."""
    return pyotp.random_base32(32)


def app_address(secret: str, email: str, site: str) -> str:
    """Return the ``otpauth:`` address that apps read."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=site)


def qr_drawing(address: str) -> str:
    """Return an address as a QR code: an SVG to stand in a page, without style of its own, black on white."""
    return segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step (of 30 s since 1970) whose code that is; None when it is none of the present ones."""
    told = _BLANKS.sub("", code).encode("utf-8", "replace")
    app, present = pyotp.TOTP(secret, interval=STEP_SECONDS), int(now.timestamp()) // STEP_SECONDS
    steps = range(present - WINDOW, present + WINDOW + 1)
    return next((step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), told)), None)


def recovery_codes() -> tuple[str, ...]:
    """Return new recovery codes as people copy them: ``abcd-efgh-ijkl-mnop``."""
    return tuple(_grouped(b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """Return what is stored of a recovery code, however it is typed."""
    return sha256(_BLANKS.sub("", code).lower().encode("utf-8", "replace")).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code.lower()[at : at + 4] for at in range(0, len(code), 4))

"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost app."""

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
"""Steps before and after the present one whose codes are accepted too: clocks differ, and people type slowly.

RFC 6238, section 5.2, recommends one step.
"""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""Random bytes of a recovery code: 80 bits, 16 characters in base 32. Too many to guess, even with a fast hash."""
_BLANKS = re.compile(r"[\s-]+")


def new_secret() -> str:
    """Return a secret for an authenticator app: 160 bits in base 32, as RFC 4226, section 4, recommends."""
    return pyotp.random_base32(32)


def app_address(secret: str, email: str, site: str) -> str:
    """Return the ``otpauth:`` URL that adds an account to an authenticator app.

    The app shows ``email`` and ``site``.
    """
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=site)


def qr_drawing(address: str) -> str:
    """Return a QR code of the URL ``address`` as an SVG to embed in a page: black on white, without a style."""
    return segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the 30-second step (counted from 1970) to which ``code`` belongs; None for a wrong code.

    A code is also wrong when its step is more than WINDOW steps from the present one.
    """
    told = _BLANKS.sub("", code).encode("utf-8", "replace")
    app, present = pyotp.TOTP(secret, interval=STEP_SECONDS), int(now.timestamp()) // STEP_SECONDS
    steps = range(present - WINDOW, present + WINDOW + 1)
    return next((step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), told)), None)


def recovery_codes() -> tuple[str, ...]:
    """Return RECOVERY_CODES new recovery codes, each in the form ``abcd-efgh-ijkl-mnop``."""
    return tuple(_grouped(b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """Return the hash by which a recovery code is stored.

    Blanks, hyphens and capitals in ``code`` make no difference.
    """
    return sha256(_BLANKS.sub("", code).lower().encode("utf-8", "replace")).hexdigest()


def _grouped(code: str) -> str:
    return "-".join(code.lower()[at : at + 4] for at in range(0, len(code), 4))

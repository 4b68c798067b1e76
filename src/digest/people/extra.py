"""Check that the libraries which the desk needs are installed (the optional dependencies ``digest[desk]``)."""

from __future__ import annotations

import importlib.util

LIBRARIES = ("argon2", "authlib", "pyotp", "segno", "webauthn")


def missing_libraries() -> tuple[str, ...]:
    """Return the names of the desk's libraries that are not installed. No library is imported."""
    return tuple(name for name in LIBRARIES if importlib.util.find_spec(name) is None)

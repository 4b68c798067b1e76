"""Check that the libraries of the desk are installed (the extra ``desk``)."""

from __future__ import annotations

import importlib.util

LIBRARIES = ("argon2", "authlib", "pyotp", "segno", "webauthn")


def missing_libraries() -> tuple[str, ...]:
    """Return the desk's libraries that are not installed. Loads none of them."""
    return tuple(name for name in LIBRARIES if importlib.util.find_spec(name) is None)

"""Whether the libraries of the desk are installed: the extra ``desk``."""

from __future__ import annotations

import importlib.util

LIBRARIES = ("argon2", "authlib", "pyotp", "segno", "webauthn")


def missing_libraries() -> tuple[str, ...]:
    """Return which of the desk's libraries are not installed; nothing is loaded."""
    return tuple(name for name in LIBRARIES if importlib.util.find_spec(name) is None)

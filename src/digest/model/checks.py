"""Checks that values run when they are built, so that no invalid value exists."""

from __future__ import annotations

from datetime import datetime


def aware(name: str, value: datetime | None) -> None:
    """Raise ValueError when the field ``name`` holds a time without a zone."""
    if value is not None and value.utcoffset() is None:
        raise ValueError(f"{name} must be an aware datetime, not {value!r}")


def absolute(name: str, value: str) -> None:
    """Raise ValueError when the field ``name`` holds no absolute http(s) URL."""
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{name} must be an absolute http(s) URL, not {value!r:.200}")

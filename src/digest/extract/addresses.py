"""URLs in the markup of pages, which may be invalid."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_and_path(url: str) -> tuple[str, str] | None:
    """Return host (lower case, without ``www.``) and path of an absolute http(s) URL, or None for anything else."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return (host, parts.path) if parts.scheme in {"http", "https"} and host else None

"""Origins of other sites: which text is one, and which page may be returned to. An origin is scheme, host and port."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(?P<port>[1-9][0-9]{0,4}))?"
)
"""An origin as browsers send it (RFC 6454, 6.2): lower case, ASCII, without a path."""
DEFAULT_PORTS = {"http": "80", "https": "443"}
HIGHEST_PORT = 65535
PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without blanks and backslashes. Browsers drop line breaks in URLs, and read ``\\`` as ``/``."""
LONGEST = 2000
"""Maximum length of the address of a page, in characters."""


def is_origin(text: str) -> bool:
    """Return whether a text is an origin exactly as browsers write it; they leave out the default port."""
    found = ORIGIN.fullmatch(text)
    if found is None:
        return False
    port = found["port"]
    return port is None or (port != DEFAULT_PORTS[found["scheme"]] and int(port) <= HIGHEST_PORT)


def page_to_return_to(url: str, origins: Collection[str]) -> str:
    """Return the URL if it is a page of one of the origins; else an empty text.

    Everything that browsers may read differently than this program is refused: so no URL leads elsewhere.
    """
    if len(url) > LONGEST or not PLAIN.fullmatch(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    begins_so = url.startswith((f"{origin}/", f"{origin}?", f"{origin}#")) or url == origin
    return url if begins_so and is_origin(origin) and origin in origins else ""

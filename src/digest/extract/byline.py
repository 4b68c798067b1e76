"""Reads authors' names from bylines and other texts that contain them."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_AUTHORS = 20
LONGEST_NAME = 80

_LEAD_IN = re.compile(
    r"\A(?:(?:written |posted |reported |words |text )?by|von|par|por|di|door|av|af|autore?|author|från|fra)\b[\s:]+",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:[;|,、/]|\s(?:and|und|et|e|y|og|och|en|&)\s|\s+[·•–—-]\s+)\s*",  # noqa: RUF001 - dashes are what is meant
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|@")
_NOT_A_NAME = re.compile(r"[<>{}\[\]=:]|\d\d|\A\W*\Z|\A(?:admin|administrator|webmaster)\Z", re.IGNORECASE)
_PLAIN = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return the key by which names are compared: letters and digits, case-folded."""
    return _PLAIN.sub("", name).casefold()


def people(given: Iterable[str], site_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the authors' names in order, each once, without lead-ins ("By") and without the site's own names.

    A text may hold several names ("A, B and C"). Addresses, links and handles are left out.
    """
    sites = {plain(name) for name in site_names if name}
    found: dict[str, str] = {}
    for text in given:
        for name in _split(text):
            found.setdefault(plain(name), name)
    return tuple(name for key, name in found.items() if key not in sites)[:MOST_AUTHORS]


def _split(text: str) -> list[str]:
    if _ADDRESS.search(text):
        return []
    bare = _LEAD_IN.sub("", " ".join(text.split()))
    pieces = (_LEAD_IN.sub("", piece).strip(" .*") for piece in _SEPARATOR.split(bare))
    return [p for p in pieces if p and len(p) <= LONGEST_NAME and not _NOT_A_NAME.search(p)]

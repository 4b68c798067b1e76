"""Reads a site's file of reservations from text and data mining (W3C community report TDMRep, section 6).

The file is ``/.well-known/tdmrep.json``: a list of rules. Each rule has a ``location`` (a path pattern as in
robots.txt, with ``*`` and a final ``$``) and ``tdm-reservation``, 1 or 0. The first rule that matches a path counts.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

PATH = "/.well-known/tdmrep.json"
MOST_BYTES = 64_000
MOST_RULES = 500
LONGEST_PATTERN = 500
"""Longest pattern, in characters. Each star may need another search through the path."""


def reserves(text: str, url: str) -> bool:
    """Return whether the file with this text reserves ``url``. An invalid file reserves nothing."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return next((value for pattern, value in _rules(text) if _matches(pattern, path)), False)


def _rules(text: str) -> list[tuple[str, bool]]:
    """Return the rules of a file in order: a pattern, and whether matching paths are reserved."""
    try:
        listed = json.loads(text.lstrip("\ufeff")) if text else []
    except (ValueError, RecursionError):
        return []
    rules = [rule for rule in listed[:MOST_RULES] if isinstance(rule, dict)] if isinstance(listed, list) else []
    return [
        (location, str(rule.get("tdm-reservation")).strip() == "1")
        for rule in rules
        if isinstance(location := rule.get("location"), str) and len(location) <= LONGEST_PATTERN
    ]


def _matches(pattern: str, path: str) -> bool:
    """Return whether a path matches a pattern (RFC 9309, section 2.2.3). ``*`` matches anything, ``$`` means the end.

    Each piece between stars is searched from the end of the piece before it. So even a hostile pattern costs only a few
    searches.
    """
    start = pattern if pattern.startswith(("/", "*")) else f"/{pattern}"
    first, *pieces = start.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    whole = start.endswith("$")
    if whole and not pieces:
        return path == first
    last, at = pieces.pop() if whole else "", len(first)
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(path) - len(last) >= at and path.endswith(last)

"""A site's own file of what it reserves from text and data mining (W3C community report TDMRep, section 6).

It stands at ``/.well-known/tdmrep.json``: a list of rules, each with a ``location`` (a pattern of paths as in
robots.txt, with ``*`` and a final ``$``) and ``tdm-reservation``, 1 or 0. The first rule that matches a path counts.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

PATH = "/.well-known/tdmrep.json"
MOST_BYTES = 64_000
MOST_RULES = 500
LONGEST_PATTERN = 500
"""Characters of one pattern: each star in it may cost another walk over a path."""


def reserves(text: str, url: str) -> bool:
    """Tell whether the file with this text reserves what stands at ``url``; what is no such file reserves nothing."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return next((value for pattern, value in _rules(text) if _matches(pattern, path)), False)


def _rules(text: str) -> list[tuple[str, bool]]:
    """Return the rules of a file in order: a pattern, and whether what matches it is reserved."""
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
    """Tell whether a path begins as a pattern says (RFC 9309, section 2.2.3): ``*`` stands for anything, ``$`` ends it.

    Each piece between stars is looked for where the one before ends: the time is that of a few searches, whatever a
    stranger wrote.
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

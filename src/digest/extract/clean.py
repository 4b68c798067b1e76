"""What is not the article: lines that an extractor leaves in."""

from __future__ import annotations

import re

from digest.extract.furniture import fingerprint

_GLUED_CREDIT = re.compile(
    r"(?<=[.!?…”\"'’])\s*(?:\((?:photo|foto|image|bild)s?\b[^)]*\)|[A-Z][\w.' -]{2,40}(?:\s*/\s*[A-Z][\w.' -]{1,40}){1,3})\s*\Z",
    re.IGNORECASE,
)
_PROMO = re.compile(r"\b(?:newsletters?|sign up|subscribe|(?:give|leave|post|add) a comment)\b", re.IGNORECASE)


def clean(lines: list[str], title: str, furniture: frozenset[str] = frozenset()) -> list[str]:
    """Return the lines that are the article's own, in order."""
    known = furniture | {fingerprint(title)}
    kept = [line for line in lines if fingerprint(line) not in known]
    while kept and _PROMO.search(kept[-1]):
        kept.pop()
    if kept and _GLUED_CREDIT.search(kept[0]):
        kept.pop(0)
    return kept

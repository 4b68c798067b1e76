"""Finds lines that repeat on many pages of one host. They belong to the site, not to an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

FEWEST_PAGES = 3
"""A line on this many pages of a host is removed. On two pages it may be a wire copy or a correction."""
LONGEST_LINE = 400
"""Characters. A longer line that repeats is a syndicated paragraph, not a promotion."""

_NOISE = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=1024)
def fingerprint(line: str) -> str:
    """Return the form in which lines are compared: letters only, case-folded. Different numbers do not matter."""
    return _NOISE.sub(" ", line).strip().casefold()


def furniture(pages: Iterable[str], fewest: int = FEWEST_PAGES) -> frozenset[str]:
    """Return the fingerprints of lines that are on at least ``fewest`` pages of one host.

    Pass only the newest version of each article, because two versions of one article count as two pages. Lines without
    letters are never returned.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({fingerprint(line) for line in page.splitlines() if 0 < len(line) <= LONGEST_LINE})
    return frozenset(line for line, count in counts.items() if line and count >= fewest)

"""Furniture: lines that stand on many pages of one host and so belong to the site, not to an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

FEWEST_PAGES = 3
"""A line on so many pages of a host is furniture; twice may be a wire copy or a correction."""
LONGEST_LINE = 400
"""Characters; a longer line that repeats is a syndicated paragraph rather than a promo."""

_NOISE = re.compile(r"[\W\d_]+")


def fingerprint(line: str) -> str:
    """Return the form in which lines are compared: letters only, case-folded, so that counters do not differ."""
    return _NOISE.sub(" ", line).strip().casefold()


def furniture(pages: Iterable[str], fewest: int = FEWEST_PAGES) -> frozenset[str]:
    """Return the fingerprints of the lines that stand on at least ``fewest`` of one host's different texts.

    A text that is given twice (two versions, or two links to one article) counts once for each of its openings, so
    pass the newest version of each article only. Lines without letters are never furniture.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({fingerprint(line) for line in page.splitlines() if 0 < len(line) <= LONGEST_LINE})
    return frozenset(line for line, count in counts.items() if line and count >= fewest)

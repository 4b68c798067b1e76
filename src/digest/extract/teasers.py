"""Finds lines below a heading of further articles (``More from ...``), in a part of the page with nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from digest.extract.blocks import Context
from digest.extract.candidates import Line
from digest.extract.vocabulary import said

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


def teasers(lines: Sequence[Line]) -> frozenset[Line]:
    """Return the lines below a heading of further articles, in an element that begins with this heading."""
    found: set[Line] = set()
    held: set[Context] = set()
    parts: set[Context] = set()
    for line in lines:
        if line.block is None:
            continue
        around = tuple(line.block.context.lineage())
        if not parts.isdisjoint(around):
            found.add(line)
        elif around[0].tag in _HEADINGS and "opens related short" in said(line.text):
            fresh = [context for context in around[1:] if context not in held]
            parts.update(fresh[-1:])  # the outermost element without earlier content
        held.update(around)
    return frozenset(found)

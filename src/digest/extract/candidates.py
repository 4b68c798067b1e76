"""Candidates for the text: what the extractor took, and what it passed over but might have taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from digest.extract.blocks import Block, Context, align, spaceless

Signature: TypeAlias = tuple[tuple[str, str], ...]
"""Tags and names of an element and of the three around it."""

LONG = 80
"""Characters from which a line counts when the text's place in the markup is looked for."""
SHORTEST_PASSED = 40
"""Characters; a shorter block that the extractor passed over is not taken up."""
_MAJOR = 0.1
"""Share of the long lines from which a signature is one of the text's own."""
_NEVER = frozenset({"nav", "footer", "form", "button", "figcaption", "address", "pre"})
"""Elements in which no running text is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate; ``taken`` when the extractor took it, otherwise it is a block that it passed over."""

    text: str
    block: Block | None
    taken: bool = True


def signature(context: Context) -> Signature:
    """Return what the paragraphs of one text have in common."""
    return tuple((c.tag, c.names) for c in islice(context.lineage(), 4))


def signatures(lines: Sequence[Line]) -> frozenset[Signature]:
    """Return the signatures in which most of the taken text is set."""
    sizes: Counter[Signature] = Counter()
    for line in lines:
        if line.taken and line.block is not None and len(line.text) > LONG:
            sizes[signature(line.block.context)] += len(line.text)
    least = _MAJOR * sizes.total()
    return frozenset(found for found, size in sizes.items() if size > least)


def candidates(lines: Sequence[str], blocks: Sequence[Block]) -> list[Line]:
    """Return the extractor's lines and, where they would stand, the blocks that it passed over.

    Those are the running text between the heading and the last line, and wherever on the page a block is set exactly
    as most of the text is. Extractors lose paragraphs behind an advertisement, and the standfirst above them.
    """
    taken = [Line(text, block) for text, block in zip(lines, align(lines, blocks), strict=True)]
    places = [line.block.index for line in taken if line.block]
    if not places:
        return taken
    own = signatures(taken)
    everything = "\n".join(spaceless(line.replace("|", "")) for line in lines)  # a table's cells stand between bars
    first, last = min(places), max(places)
    start = max((b.index for b in blocks[: first + 1] if b.context.tag == "h1"), default=first)
    passed = [
        Line(block.text, block, taken=False)
        for block in blocks
        if len(block.text) >= SHORTEST_PASSED
        and not block.context.around & _NEVER
        and block.linked < len(block.text) / 2
        and (start < block.index < last or signature(block.context) in own)
        and block.key.replace("|", "") not in everything
    ]
    return _merged(taken, passed)


def _merged(taken: list[Line], passed: list[Line]) -> list[Line]:
    merged: list[Line] = []
    waiting = iter([*passed, None])
    following = next(waiting)
    for line in taken:
        while following and line.block and following.block and following.block.index < line.block.index:
            merged.append(following)
            following = next(waiting)
        merged.append(line)
    if following:
        merged += [following, *(line for line in waiting if line)]
    return merged

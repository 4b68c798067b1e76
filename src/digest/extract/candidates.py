"""Candidates for the text: what the extractor took, and what it passed over but might have taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
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
_SAID = 0.6
"""Share of the runs of words, of a block's and of the lines', from which it is those lines in another form."""
_FEWEST_WORDS = 6
_WORD = re.compile(r"\w+")
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
    return _merged(*_reconciled(taken, passed))


def _reconciled(taken: Sequence[Line], passed: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return lines and blocks without the blocks that say what some of the lines say.

    Those are paragraphs in which the extractor lost a few words, or which it tore: the block takes the lines' place
    when it says more. A block that repeats a part of a longer line stays: a pulled quotation, which the weights judge.
    So does one that differs from a line by words of both: a table or a list in sentences.
    """
    if not passed:
        return list(taken), []
    words = [frozenset(_WORD.findall(line.text)) for line in taken]
    runs = [_runs(line.text) for line in taken]
    lines: list[Line | None] = list(taken)
    unsaid = []
    for block in passed:
        own, said = _runs(block.text), frozenset(_WORD.findall(block.text))
        near = (n for n, run in enumerate(runs) if run and len(own & run) >= _SAID * len(run))
        same = [n for n in near if words[n] <= said or len(words[n]) < _FEWEST_WORDS]
        if sum(len(own & runs[n]) for n in same) < _SAID * len(own):
            unsaid.append(block)
        elif len(block.text) > sum(len(taken[n].text) for n in same):
            for n in same:
                lines[n] = None
            lines[same[0]] = Line(block.text, block.block)
    return [line for line in lines if line], unsaid


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words of a text; of two characters each in scripts that set no blanks."""
    words = text.split()
    if len(words) < _FEWEST_WORDS:
        return set(pairwise(text))
    return set(zip(words, words[1:], words[2:], strict=False))


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

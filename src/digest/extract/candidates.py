"""Lists the candidate lines of the article's text: what the extractor took, and similar blocks that it skipped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TypeAlias

from digest.extract.blocks import Block, Context, align, spaceless

Signature: TypeAlias = tuple[tuple[str, str], ...]
"""Tags and names of an element and of its three nearest ancestors."""

LONG = 80
"""Only lines longer than this many characters count when the text's place in the markup is determined."""
SHORTEST_PASSED = 40
"""Characters. A skipped block must have at least this length to become a candidate."""
_MAJOR = 0.1
"""A signature belongs to the text if it has more than this share of the long lines' characters."""
_SAID = 0.6
"""A block repeats lines if this share of the word runs is common to both, of the block and of the lines."""
_FEWEST_WORDS = 6
_WORD = re.compile(r"\w+")
_NEVER = frozenset({"nav", "footer", "form", "button", "figcaption", "address", "pre"})
"""Elements whose blocks never become candidates."""


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate line. ``taken``: the extractor took it; otherwise it is a block that the extractor skipped."""

    text: str
    block: Block | None
    taken: bool = True


def signature(context: Context) -> Signature:
    """Return tag, class and id of an element and of its three nearest ancestors; a text's paragraphs agree in it."""
    return tuple((c.tag, c.names) for c in islice(context.lineage(), 4))


def signatures(lines: Sequence[Line]) -> frozenset[Signature]:
    """Return the signatures that hold most of the taken text."""
    sizes: Counter[Signature] = Counter()
    for line in lines:
        if line.taken and line.block is not None and len(line.text) > LONG:
            sizes[signature(line.block.context)] += len(line.text)
    least = _MAJOR * sizes.total()
    return frozenset(found for found, size in sizes.items() if size > least)


def candidates(lines: Sequence[str], blocks: Sequence[Block]) -> list[Line]:
    """Return the extractor's lines and the blocks that it skipped, in page order.

    Skipped blocks are candidates if they are running text between the heading and the last line, or if they have a
    signature of the text, anywhere on the page. Extractors lose paragraphs behind an advertisement, and the standfirst.
    """
    taken = [Line(text, block) for text, block in zip(lines, align(lines, blocks), strict=True)]
    places = [line.block.index for line in taken if line.block]
    if not places:
        return taken
    own = signatures(taken)
    everything = "\n".join(spaceless(line.replace("|", "")) for line in lines)  # bars separate a table's cells
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
    """Return lines and blocks without duplicates of each other.

    The extractor may drop words of a paragraph or split it. Then the block replaces the lines if it is longer;
    otherwise the block is dropped. A block that repeats only a part of a longer line stays: it is a pull quote, which
    the weights judge. A block also stays if it and the line each have words that the other lacks: a table or a list in
    sentences.
    """
    if not passed:
        return list(taken), []
    runs = [_runs(line.text) for line in taken]
    runs_passed = [_runs(block.text) for block in passed]
    places = _places(runs, set().union(*runs_passed))
    lines: list[Line | None] = list(taken)
    unsaid = []
    for block, own in zip(passed, runs_passed, strict=True):
        said = frozenset(_WORD.findall(block.text))
        common = Counter(n for words in own for n in places.get(words, ()))
        near = (n for n in sorted(common) if common[n] >= _SAID * len(runs[n]))
        same = [n for n in near if (own_words := _words(taken[n])) <= said or len(own_words) < _FEWEST_WORDS]
        if sum(common[n] for n in same) < _SAID * len(own):
            unsaid.append(block)
        elif len(block.text) > sum(len(taken[n].text) for n in same):
            for n in same:
                lines[n] = None
            lines[same[0]] = Line(block.text, block.block)
    return [line for line in lines if line], unsaid


def _places(runs: Sequence[set[tuple[str, ...]]], wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Return for each of the wanted runs the indexes of the lines that have it."""
    places = defaultdict[tuple[str, ...], list[int]](list)
    for n, run in enumerate(runs):
        for words in run & wanted:
            places[words].append(n)
    return places


def _words(line: Line) -> frozenset[str]:
    return frozenset(_WORD.findall(line.text))


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words of a text; of two characters if its script uses no spaces."""
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

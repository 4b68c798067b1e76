"""The words of standing in a list that are not known: what the operator is asked before anything is imported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digest.readers.roster import Line, UnknownLine

MOST_WORDS = 1000
"""Different words that are kept. More of them are no words of standing: the column holds something else."""
MOST_EXAMPLES = 3
"""Lines that are named for each word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """A word that is not known in a column that speaks of standing."""

    column: str
    word: str
    count: int
    """On how many lines it is."""
    lines: tuple[int, ...]
    """The first of these lines, from 1."""


def unknown_words(lines: Iterable[Line]) -> tuple[UnknownWord, ...]:
    """Return the words of standing that are not known, the most frequent first."""
    found: dict[tuple[str, str], list[int]] = {}
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        if isinstance(line, UnknownLine):
            key = line.column, line.word.casefold()
            if key not in found and len(found) == MOST_WORDS:
                continue
            counts[key] = counts.get(key, 0) + 1
            examples = found.setdefault(key, [])
            if len(examples) < MOST_EXAMPLES:
                examples.append(line.number)
    words = (
        UnknownWord(column=column, word=word, count=counts[column, word], lines=tuple(examples))
        for (column, word), examples in found.items()
    )
    return tuple(sorted(words, key=lambda unknown: (-unknown.count, unknown.lines)))

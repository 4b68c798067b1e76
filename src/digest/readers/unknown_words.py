"""Collects the unknown status words of an imported file. The operator is asked about them before the import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digest.readers.roster import Line, UnknownLine

MOST_WORDS = 1000
"""Most different words that are kept. A column with more contains something else than a status."""
MOST_EXAMPLES = 3
"""How many line numbers are kept for each word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """An unknown word in a status column of an imported file."""

    column: str
    word: str
    count: int
    """Number of lines with this word."""
    lines: tuple[int, ...]
    """The numbers of the first such lines, from 1."""


def unknown_words(lines: Iterable[Line]) -> tuple[UnknownWord, ...]:
    """Return the unknown status words of a file's lines, the most frequent first."""
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

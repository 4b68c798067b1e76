"""The sentence of a text that shows why a search found it, with the words of the search marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from digest.text.folding import folded_words
from digest.text.glyphs import cut, shown

LONGEST = 240
"""Length of a snippet, in characters; a longer sentence is cut around its first marked word."""
BEFORE = 80
"""Most characters before the first marked word of a cut sentence."""
PIECE = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
APART = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Scripts without spaces between words. Their words in a search are pairs of characters."""


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A part of a snippet, and whether the search has it."""

    text: str
    is_marked: bool


Span = tuple[int, int]


def snippet(sentences: Iterable[str], words: Sequence[str]) -> tuple[SnippetPart, ...]:
    """Return the sentence with the most of the folded ``words``, the first of several; empty when none has any."""
    best: tuple[int, str, list[Span]] = (0, "", [])
    for sentence in map(shown, sentences):
        found = _found(sentence, words)
        if len(found) > best[0]:
            best = len(found), sentence, sorted(span for spans in found.values() for span in spans)
    _, sentence, spans = best
    return _parts(sentence, spans) if spans else ()


def _found(sentence: str, words: Sequence[str]) -> dict[str, list[Span]]:
    """Return where each word is found. A word is found where a word of the sentence begins with it."""
    found: dict[str, list[Span]] = {}
    for start, end, piece in _pieces(sentence):
        for word in words:
            if any(each.startswith(word) for each in folded_words(piece)):
                found.setdefault(word, []).append((start, end))
    return found


def _pieces(sentence: str) -> Iterable[tuple[int, int, str]]:
    """Yield the words of a sentence with their places; in scripts without spaces, each two characters."""
    for match in PIECE.finditer(sentence):
        start, end = match.span()
        if not APART.search(match[0]):
            yield start, end, match[0]
            continue
        for at in range(start, max(end - 1, start + 1)):
            yield at, min(at + 2, end), sentence[at : at + 2]


def _parts(sentence: str, spans: Sequence[Span]) -> tuple[SnippetPart, ...]:
    marked = {at for start, end in spans for at in range(start, end)}
    first = min(marked)
    begin = 0
    if len(sentence) > LONGEST and first > BEFORE:
        begin = sentence.find(" ", first - BEFORE, first) + 1 or first - BEFORE
    kept = cut(sentence[begin:], LONGEST)
    groups = groupby(range(len(kept)), key=lambda at: at + begin in marked and kept[at] == sentence[at + begin])
    parts = tuple(SnippetPart("".join(kept[at] for at in places), is_marked) for is_marked, places in groups)
    return (SnippetPart("…", is_marked=False), *parts) if begin else parts

"""How words are spelt: inside the sentences of a text, and generally in English news."""
# ruff: noqa: RUF001 - apostrophes, dashes and quotation marks are the subject here

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’](?:s|S)?\Z")
_READ = 12_000
"""The number of characters of a text that are read."""
_HEADING = 0.5
"""A line with this share of capitals is a heading and shows nothing about spelling."""
_HEADING_WORDS = 2
_SHORTEST_STEM = 3
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))
CALENDAR = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february april june july august september
        october november december christmas easter"""
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a text spells its words inside sentences: lower case, one capital, all capitals, and next to which words."""

    forms: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    pairs: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    """Pairs of neighbours; the first is empty where the second opens a sentence."""
    alone: Counter[str] = field(default_factory=Counter)
    """Words with a capital whose neighbours have no capital."""
    first: Counter[str] = field(default_factory=Counter)
    """Words with a capital at the start of a sentence or a quotation."""

    def small(self, word: str) -> int:
        """Return how often a word is in lower case."""
        return sum(count for form, count in self.forms.get(word, Counter()).items() if form.islower())

    def capital(self, word: str) -> int:
        """Return how often a word has a capital."""
        return sum(count for form, count in self.forms.get(word, Counter()).items() if not form.islower())

    def commonest(self, word: str) -> str:
        """Return a word's commonest form, if possible one that is not all in capitals; empty without any form."""
        return _commonest(self.forms.get(word, Counter()))

    def beside(self, words: Sequence[str], place: int) -> Iterator[str]:
        """Yield a word's commonest form after the previous word, then its commonest form before the next word."""
        for first in (place - 1, place):
            if 0 <= first < len(words) - 1:
                pairs = self.pairs.get((words[first].casefold(), words[first + 1].casefold()), Counter())
                forms: Counter[str] = Counter()
                for pair, count in pairs.items():
                    forms[pair[place - first]] += count
                if form := _commonest(forms):
                    yield form


def _commonest(forms: Counter[str]) -> str:
    ranked = [form for form, _ in forms.most_common() if form]
    return next((form for form in ranked if len(form) == 1 or not form.isupper()), ranked[0] if ranked else "")


@lru_cache(maxsize=16)
def spelling(text: str) -> Spelling:
    """Return how a text spells its words; the first words of sentences and headings are ignored."""
    found = Spelling()
    for line in text[:_READ].split("\n"):
        words = line.split()
        if sum(word[:1].isupper() for word in words) > _HEADING * len(words) and len(words) >= _HEADING_WORDS:
            continue
        _read(line, found)
    return found


def _read(line: str, found: Spelling) -> None:
    tokens = [(match.start(), match.group()) for match in WORD.finditer(line)]
    inside = [_continues(line, at) for at, _ in tokens]
    bare = [POSSESSIVE.sub("", word) if "'" in word or "’" in word else word for _, word in tokens]
    keys = [word.casefold() for word in bare]
    capitals = [False, *(word[:1].isupper() for word in bare), False]
    for place, (word, key) in enumerate(zip(bare, keys, strict=True)):
        if inside[place] or word.islower():
            found.forms[key][word] += 1
            found.alone[key] += capitals[place + 1] and not capitals[place] and not capitals[place + 2]
        else:
            found.first[key] += 1
        if place and inside[place]:
            before = bare[place - 1] if inside[place - 1] or bare[place - 1].islower() else ""
            found.pairs[keys[place - 1], key][before, word] += 1


def _continues(line: str, at: int) -> bool:
    """Return whether a word is inside a sentence: after a word, a comma or a joining mark."""
    if not at or line[at - 1] in "\"“„«‘'":
        return False
    while at and line[at - 1] in " (":
        at -= 1
    return at > 0 and (line[at - 1].isalnum() or line[at - 1] in ",;%)’'\"”-–—&/")


@cache
def listed() -> dict[str, frozenset[str]]:
    """Return how English news spells its words, by section; see ``bench/small_words.py``."""
    sections: dict[str, list[str]] = {}
    for line in files("digest.summarise").joinpath("small_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            held = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            held.extend(line.split())
    return {name: frozenset(held) - CALENDAR for name, held in sections.items()}


def small_words() -> frozenset[str]:
    """Return English words that news writes in lower case."""
    return listed()["small"]


def relatives(word: str) -> list[str]:
    """Return other forms of an English word: noun and verb, plural, past."""
    stems = {word}
    for ending, put in _ENDINGS:
        stem = word.removesuffix(ending)
        if word.endswith(ending) and len(stem) >= _SHORTEST_STEM:
            stems.add(stem + put)
            if stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    forms = {form for stem in stems for form in (stem, *(stem + ending for ending in ("s", "es", "ed", "d", "ing")))}
    forms |= {stem[:-1] + "ing" for stem in stems if stem.endswith("e")}
    return sorted(form for form in forms - {word} if len(form) >= _SHORTEST_STEM)

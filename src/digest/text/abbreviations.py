"""Abbreviations and first words by language. They show whether a full stop ends a sentence or only a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from digest.text.words import STOP_WORDS

_FILE = Path(__file__).with_name("abbreviations.txt")
_EVERYWHERE = "*"
_SHORTEST_SHOUTED = 3
"""Longer abbreviations also occur in capitals. Shorter ones do not: BP and SEC are not Bp. and Sec."""
_KINDS = ("open", "small", "may", "unit", "number", "word", "start", "name")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """A language's abbreviations without their last full stop, in every form in which they occur.

    The kinds are those of ``abbreviations.txt``. ``open`` includes the kind ``small``.
    """

    open: frozenset[str]
    may: frozenset[str]
    unit: frozenset[str]
    number: frozenset[str]
    word: frozenset[str]
    name: frozenset[str]
    """Last words of names that end in a mark (``Yahoo!``), with the next word if the name goes on (``Panic!_At``)."""
    start: frozenset[str]
    """First words in small letters. With a capital they begin a sentence."""


@lru_cache(maxsize=64)
def abbreviations(language: str) -> Abbreviations:
    """Return the abbreviations of a language, by its BCP 47 primary tag, including those of all languages.

    A language without a table has only those of all languages, and no first words.
    """
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for line in _lines(language):
        for kind, words in line.items():
            found[kind].update(words)
    return Abbreviations(
        open=_written(found["open"]) | found["small"],
        may=_written(found["may"]),
        unit=_written(found["unit"]),
        number=_written(found["number"]),
        word=frozenset(found["word"]),
        name=frozenset(found["name"]),
        start=STOP_WORDS.get(language, frozenset()) | found["start"],
    )


def _written(words: Iterable[str]) -> frozenset[str]:
    """Return words in all their forms: with a capital, and in capitals if they are long (short ones mean others)."""
    return frozenset(
        form
        for word in words
        for form in (word, word.capitalize(), word.title(), word.upper() if len(word) > _SHORTEST_SHOUTED else word)
    )


def _lines(language: str) -> Iterator[dict[str, list[str]]]:
    """Yield the table's lines for all languages, for this one, and for those that it includes by ``like``."""
    table = _table()
    names = [_EVERYWHERE, language]
    for name in names:
        line = table.get(name, {})
        names += line.get("like", ())
        yield {kind: words for kind, words in line.items() if kind != "like"}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        head, _, words = line.partition(":")
        if words and not line.startswith("#"):
            language, kind = head.split()
            table.setdefault(language, {}).setdefault(kind, []).extend(words.split())
    return table

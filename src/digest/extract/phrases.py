"""The usual phrases of notices around a text: the patterns of ``phrases.txt``, by kind."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_PAIR = " … "
_OPTIONAL_END = re.compile(r".\?\Z")
_SHORT = 4
"""A word up to this many letters matches only as a whole word."""


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """Return the patterns of one kind. Each matches the opening of a sentence in small letters."""
    return tuple(_read()[kind])


def syndicated() -> tuple[tuple[str, str], ...]:
    """Return pairs of patterns for "appeared first on" notices of feeds: the opening, and the text after the title."""
    pairs = (line.partition(_PAIR) for line in phrases("syndicated"))
    return tuple((opening, phrase) for opening, _, phrase in pairs)


def consent() -> tuple[re.Pattern[str], ...]:
    """Return patterns for consent placeholders, which match all of them: short words, or beginnings of longer words."""
    return tuple(re.compile(rf"(?<!\w)(?:{'|'.join(map(_word, line.split()))})") for line in phrases("consent"))


def consent_words() -> tuple[str, ...]:
    """Return texts, quick to find: each text that the first pattern of ``consent`` matches contains one of them."""
    return tuple(_OPTIONAL_END.sub("", word) for word in phrases("consent")[0].split())


def _word(word: str) -> str:
    return word if len(word) > _SHORT else rf"{word}(?!\w)"


@cache
def _read() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in resources.files("digest.extract").joinpath("phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            kind = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            kind.append(line)
    return found

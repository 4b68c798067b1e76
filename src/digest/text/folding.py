"""Folds text for searching: no case, no accents, words separated by one space."""

from __future__ import annotations

import unicodedata

from digest.text.words import MARKS, words


def folded_words(text: str) -> list[str]:
    """Return the words of a text in order, without case and accents, in compatibility form (NFKD)."""
    for mark in MARKS:
        text = text.replace(mark, " ")
    if text.isascii():
        return words(text)
    plain = unicodedata.normalize("NFKD", text.casefold())
    accents = list(filter(unicodedata.combining, set(plain)))
    return words(plain.translate(dict.fromkeys(map(ord, accents))) if accents else plain)


def folded(text: str) -> str:
    """Return the folded words of a text, each after a space. So ``" bar"`` finds words that begin with "bar"."""
    return "".join(f" {word}" for word in folded_words(text))

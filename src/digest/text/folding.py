"""Text folded for searching: no case, no accents, words parted by one space."""

from __future__ import annotations

import unicodedata

from digest.text.words import words


def folded_words(text: str) -> list[str]:
    """Return the words of a text in order, without case and accents, compatible forms made one (NFKD)."""
    if text.isascii():
        return words(text)
    plain = unicodedata.normalize("NFKD", text.casefold())
    accents = filter(unicodedata.combining, set(plain))
    return words(plain.translate(dict.fromkeys(map(ord, accents))))


def folded(text: str) -> str:
    """Return the folded words of a text, each with a space before it: so ``" bar"`` stands where a word begins so."""
    return "".join(f" {word}" for word in folded_words(text))

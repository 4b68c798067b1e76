"""Texts that run against the direction of the letter around them."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

CLASSES = {"L": "ltr", "R": "rtl", "AL": "rtl"}
"""Strong bidirectional classes -> the direction of a text that begins with one (Unicode UAX 9, rule P2)."""


def turned(text: str, direction: str) -> str:
    """Return a ``dir`` attribute for an element whose text runs against ``direction``; empty for other texts.

    The attribute isolates the element, so its punctuation stays on its own side.
    """
    found = next((CLASSES[kind] for char in text if (kind := unicodedata.bidirectional(char)) in CLASSES), direction)
    return Markup("") if found == direction else Markup(' dir="{}"').format(found)

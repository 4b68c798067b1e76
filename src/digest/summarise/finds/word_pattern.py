"""Patterns of whole words, from the tables of the finders."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import re
from functools import lru_cache

from digest.text.patterns import compiled


@lru_cache(maxsize=128)
def pattern(words: str) -> re.Pattern[str]:
    """Return a pattern that finds these words as whole words, in any case."""
    return compiled(rf"(?<![\w'’])(?:{words})(?!\w)", re.IGNORECASE)

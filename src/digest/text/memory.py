"""A cache for a function of one word. ``map`` reads it in C, several times as fast as an lru_cache.

The words of a day's articles repeat, so nearly all of them are found in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Memory(dict[str, Answer]):
    """Results by word. An unknown word is computed. The cache is cleared when it has ``most`` words."""

    def __init__(self, answer: Callable[[str], Answer], most: int) -> None:
        super().__init__()
        self._answer, self._most = answer, most

    def __missing__(self, word: str) -> Answer:
        if len(self) >= self._most:
            self.clear()
        found = self[word] = self._answer(word)
        return found

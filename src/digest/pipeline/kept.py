"""A small cache in this process: the newest few values of each kind. The key of a value is what it was made from."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from functools import partial
from typing import Any

MOST = 4
"""Most cached values of one kind: a morning and an evening edition, and older ones that somebody looks at."""


class Kept:
    """Values by keys that need not be hashable; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._turn = threading.Lock()
        self._held: defaultdict[str, deque[tuple[object, Any]]] = defaultdict(partial(deque, maxlen=most))

    def get(self, kind: str, key: object) -> Any:  # noqa: ANN401 - whoever put it knows what it is
        """Return the value of a kind that was stored under an equal key; None when it is missing."""
        with self._turn:
            held = tuple(self._held[kind])
        return next((value for known, value in held if known == key), None)

    def put(self, kind: str, key: object, value: object) -> None:
        """Store a value; the oldest of its kind is removed when there are too many."""
        with self._turn:
            self._held[kind].appendleft((key, value))

    def held(self, kind: str) -> tuple[Any, ...]:
        """Return the cached values of a kind, the newest first."""
        with self._turn:
            return tuple(value for _, value in self._held[kind])

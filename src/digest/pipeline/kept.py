"""What was made lately and may be wanted again in this process: the newest few of a kind, by what they follow from."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from functools import partial
from typing import Any

MOST = 4
"""Values of one kind: a house has a morning and an evening edition, and somebody who looks at yesterday's."""


class Kept:
    """Values by keys that need not be hashable; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._turn = threading.Lock()
        self._held: defaultdict[str, deque[tuple[object, Any]]] = defaultdict(partial(deque, maxlen=most))

    def get(self, kind: str, key: object) -> Any:  # noqa: ANN401 - whoever put it knows what it is
        """Return the value of a kind that was put under an equal key; None when there is none."""
        with self._turn:
            held = tuple(self._held[kind])
        return next((value for known, value in held if known == key), None)

    def put(self, kind: str, key: object, value: object) -> None:
        """Keep a value; the oldest of its kind goes when there are too many."""
        with self._turn:
            self._held[kind].appendleft((key, value))

    def held(self, kind: str) -> tuple[Any, ...]:
        """Return what is kept of a kind, the newest first."""
        with self._turn:
            return tuple(value for _, value in self._held[kind])

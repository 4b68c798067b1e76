"""What was made lately and may be wanted again in this process: the newest few, known by what they follow from."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

MOST = 4
"""A house has a morning and an evening edition, and somebody who looks at yesterday's."""


class Kept:
    """Values by keys that need not be hashable; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._turn = threading.Lock()
        self._held: deque[tuple[object, Any]] = deque(maxlen=most)

    def get(self, key: object) -> Any:  # noqa: ANN401 - whoever put it knows what it is
        """Return the value that was put under an equal key; None when there is none."""
        with self._turn:
            return next((value for known, value in self._held if known == key), None)

    def put(self, key: object, value: object) -> None:
        """Keep a value; the oldest goes when there are too many."""
        with self._turn:
            self._held.appendleft((key, value))

"""How many requests a token may make in a minute, and the headers that say how many are left.

Headers as in draft-ietf-httpapi-ratelimit-headers-10. Each process counts for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

WINDOW_SECONDS = 60
MOST_TOKENS = 10_000
"""Windows in memory; when there are more, those that have ended are deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The state of a token's window after a request."""

    quota: int
    left: int
    """Requests that are left. -1 when this one is too many."""
    seconds: int
    """Seconds until the next window."""

    @property
    def is_too_much(self) -> bool:
        """Whether the request is refused."""
        return self.left < 0

    def headers(self) -> Mapping[str, str]:
        """Return the headers of the answer."""
        found = {
            "RateLimit-Policy": f'"minute";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={max(self.left, 0)};t={self.seconds}',
        }
        return found | ({"Retry-After": str(self.seconds)} if self.is_too_much else {})


class Budgets:
    """Counts the requests of each token in windows of a minute. Threads may share it."""

    def __init__(self, quota: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._quota = quota
        self._seconds = seconds
        self._turn = threading.Lock()
        self._windows: dict[int, tuple[float, int]] = {}

    def spend(self, token_id: int) -> Spent:
        """Count a request of a token."""
        now = self._seconds()
        with self._turn:
            began, used = self._windows.get(token_id, (now, 0))
            if now - began >= WINDOW_SECONDS:
                began, used = now, 0
            used = min(used + 1, self._quota + 1)
            self._windows[token_id] = began, used
            if len(self._windows) > MOST_TOKENS:
                self._windows = {k: v for k, v in self._windows.items() if now - v[0] < WINDOW_SECONDS}
        left = max(1, math.ceil(began + WINDOW_SECONDS - now))
        return Spent(quota=self._quota, left=self._quota - used, seconds=left)

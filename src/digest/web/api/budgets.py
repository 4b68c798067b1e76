"""How many requests each token may make in a minute, and the headers that say how many are left.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. Each process counts for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

WINDOW_SECONDS = 60
MOST_TOKENS = 10_000
"""Most tokens whose counts are kept in memory. When there are more, counts of past minutes are deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How many requests a token has left in the present minute, after one of its requests."""

    quota: int
    left: int
    """Requests that the token has left in this minute; -1 when this request was one too many."""
    seconds: int
    """Seconds until the token's next minute begins."""

    @property
    def is_too_much(self) -> bool:
        """Whether the request is refused because the token has none left."""
        return self.left < 0

    def headers(self) -> Mapping[str, str]:
        """Return the headers that tell the caller how many requests are left."""
        found = {
            "RateLimit-Policy": f'"minute";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={max(self.left, 0)};t={self.seconds}',
        }
        return found | ({"Retry-After": str(self.seconds)} if self.is_too_much else {})


class Budgets:
    """Counts the requests of each token, minute by minute. One object may be shared by threads."""

    def __init__(self, quota: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self._quota = quota
        self._seconds = seconds
        self._turn = threading.Lock()
        self._windows: dict[int, tuple[float, int]] = {}

    def spend(self, token_id: int) -> Spent:
        """Count one request of a token, and return how many are left."""
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

"""How fast a relay lets us send, learned from its own words: additive increase, multiplicative decrease.

A relay that says "too fast" has just shown what it takes: what it accepted in the last second. From there the pace
creeps up again, and falls a little at each further word. Times are seconds that never go back.
"""

from __future__ import annotations

from collections import deque
from math import inf

WINDOW = 1.0
"""Seconds over which accepted letters are counted."""
FALL = 0.97
"""What a complaint leaves of the pace."""
CLIMB = 0.02
"""By what share the pace grows in the first second without complaint; in the next by twice as much, and so on."""
MOST_CLIMB = 0.2
FORGIVEN = 0.5
"""Seconds in which further complaints are of the same haste."""
_FIRST_REST = 0.25
_LONGEST_REST = 8.0
MOST_RESTS = 6
"""After so many rests (16 seconds) without an accepted letter, the relay is not too slow: it takes none."""
_MOST_PATIENCE = 300.0
"""Seconds until one more connection is tried, at most."""
_AT_LEAST = 0.2
"""Letters a second; slower is no pace but a limit of minutes, for which one rests."""
_BURST = 1.5
"""Letters that may leave at once."""


class Throttle:
    """The pace for one relay; there is none until it complains."""

    def __init__(self) -> None:
        self.pace = inf
        """Letters a second."""
        self._accepted: deque[float] = deque()
        self._tokens = 0.0
        self._at = 0.0
        self._complained = -inf
        self._learning_until = -inf
        self._rest = 0.0
        self._rests = 0
        self._rests_until = -inf

    @property
    def exhausted(self) -> bool:
        """Whether the relay takes nothing however long we rest."""
        return self._rests > MOST_RESTS

    def wait(self, now: float) -> float:
        """Return how many seconds the next letter has to wait."""
        if self.pace == inf:
            return max(0.0, self._rests_until - now)
        self._fill(now)
        missing = max(0.0, (1.0 - self._tokens) / self.pace)
        return max(missing, self._rests_until - now)

    def taken(self, now: float) -> None:
        """Count a letter that leaves now."""
        if self.pace < inf:
            self._fill(now)
            self._tokens -= 1.0

    def accepted(self, now: float) -> None:
        """Count a letter that the relay took."""
        self._accepted.append(now)
        if self._accepted[0] <= now - WINDOW:
            self._forget(now)
        self._rest, self._rests = 0.0, 0
        if self.pace < inf and now < self._learning_until:  # answers to the haste are still coming in
            self.pace = max(self.pace, len(self._accepted) / WINDOW * FALL)

    def complained(self, now: float) -> None:
        """Slow down: the relay said that we are too fast."""
        self._forget(now)
        if now - self._complained < FORGIVEN:
            return
        if self._accepted:
            shown = len(self._accepted) / WINDOW
            if self.pace == inf:  # what was sent in haste fills the relay's whole second
                self._rests_until = self._learning_until = self._accepted[0] + WINDOW
                self.pace = shown
            self.pace = max(_AT_LEAST, min(self.pace, max(shown, self.pace * FALL)) * FALL)
        else:
            self._rest = min(self._rest * 2, _LONGEST_REST) or _FIRST_REST
            self._rests += 1
            self._rests_until = now + self._rest
        self._fill(now)
        self._tokens = min(self._tokens, 0.0)
        self._complained = now

    def _fill(self, now: float) -> None:
        passed, self._at = max(0.0, now - self._at), now
        quiet = now - self._complained
        self.pace *= 1 + min(CLIMB * max(1.0, quiet), MOST_CLIMB) * min(passed, quiet, 1.0)
        self._tokens = min(_BURST, self._tokens + passed * self.pace)

    def _forget(self, now: float) -> None:
        while self._accepted and self._accepted[0] <= now - WINDOW:
            self._accepted.popleft()


class Lanes:
    """How many connections a relay bears: one fewer at each complaint, one more after a growing time without."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.allowed = most
        self._patience = 1.0
        self._grows_at = inf

    def fewer(self, now: float) -> None:
        """Use one connection fewer, but one at least."""
        self.allowed = max(1, self.allowed - 1)
        self._grows_at = now + self._patience

    def may_run(self, lane: int, now: float) -> bool:
        """Tell whether that lane (from 0) may have a connection now."""
        if now >= self._grows_at:
            self.allowed = min(self.most, self.allowed + 1)
            self._patience = min(self._patience * 2, _MOST_PATIENCE)
            self._grows_at = now + self._patience if self.allowed < self.most else inf
        return lane < self.allowed

"""How fast a relay takes letters, learned from its replies: additive increase, multiplicative decrease.

When a relay says "too fast", the number of letters that it accepted in the last second shows what it takes. The pace
starts there, grows slowly, and falls a little at each further complaint. Times are seconds of a monotonic clock.
"""

from __future__ import annotations

from collections import deque
from math import inf

WINDOW = 1.0
"""Seconds over which accepted letters are counted."""
FALL = 0.97
"""A complaint multiplies the pace by this factor."""
CLIMB = 0.02
"""The share by which the pace grows in the first second without complaint; twice as much in the second, and so on."""
MOST_CLIMB = 0.2
FORGIVEN = 0.5
"""Seconds in which further complaints count as the same complaint."""
_FIRST_REST = 0.25
_LONGEST_REST = 8.0
MOST_RESTS = 6
"""After so many pauses (16 seconds in all) without an accepted letter, the relay is not slow: it takes nothing."""
_MOST_PATIENCE = 300.0
"""Maximum seconds until one more connection is tried."""
_AT_LEAST = 0.2
"""Letters a second. A slower pace would be a limit of minutes: sending pauses instead."""
_BURST = 1.5
"""Letters that may leave at once."""


class Throttle:
    """The pace for one relay; without limit until the relay complains."""

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
        """Whether the relay takes nothing, even after the longest pauses."""
        return self._rests > MOST_RESTS

    def wait(self, now: float) -> float:
        """Return how many seconds the next letter has to wait."""
        if self.pace == inf:
            return max(0.0, self._rests_until - now)
        self._fill(now)
        missing = max(0.0, (1.0 - self._tokens) / self.pace)
        return max(missing, self._rests_until - now)

    def taken(self, now: float) -> None:
        """Count a letter that is sent now."""
        if self.pace < inf:
            self._fill(now)
            self._tokens -= 1.0

    def accepted(self, now: float) -> None:
        """Count a letter that the relay accepted."""
        self._accepted.append(now)
        self._forget(now)
        self._rest, self._rests = 0.0, 0
        if self.pace < inf and now < self._learning_until:  # replies to letters sent too fast still arrive
            self.pace = max(self.pace, len(self._accepted) / WINDOW * FALL)

    def complained(self, now: float) -> None:
        """Slow down: the relay said that letters come too fast."""
        self._forget(now)
        if now - self._complained < FORGIVEN:
            return
        if self._accepted:
            shown = len(self._accepted) / WINDOW
            if self.pace == inf:  # what was sent too fast uses up the relay's whole second
                self._rests_until = self._learning_until = self._accepted[0] + WINDOW
                self.pace = shown
            self.pace = max(_AT_LEAST, min(self.pace, max(shown, self.pace * FALL)) * FALL)
        else:
            self._rest = min(self._rest * 2, _LONGEST_REST) or _FIRST_REST
            self._rests += 1
            self._rests_until = now + self._rest
        self._complained = now  # before the filling, which raises the pace by the time without complaint
        self._fill(now)
        self._tokens = min(self._tokens, 0.0)

    def _fill(self, now: float) -> None:
        passed, self._at = max(0.0, now - self._at), now
        quiet = now - self._complained
        self.pace *= 1 + min(CLIMB * max(1.0, quiet), MOST_CLIMB) * min(passed, quiet, 1.0)
        self._tokens = min(_BURST, self._tokens + passed * self.pace)

    def _forget(self, now: float) -> None:
        while self._accepted and self._accepted[0] <= now - WINDOW:
            self._accepted.popleft()


class Lanes:
    """How many connections a relay accepts: one fewer at each complaint, one more after a growing time without any."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.allowed = most
        self._patience = 1.0
        self._grows_at = inf

    def fewer(self, now: float) -> None:
        """Use one connection fewer, but at least one."""
        self.allowed = max(1, self.allowed - 1)
        self._grows_at = now + self._patience

    def may_run(self, lane: int, now: float) -> bool:
        """Return whether lane number ``lane`` (from 0) may have a connection now."""
        if now >= self._grows_at:
            self.allowed = min(self.most, self.allowed + 1)
            self._patience = min(self._patience * 2, _MOST_PATIENCE)
            self._grows_at = now + self._patience if self.allowed < self.most else inf
        return lane < self.allowed

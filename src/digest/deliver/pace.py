"""How fast letters may leave: limits that count a letter before it is sent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``letters`` in any ``seconds`` that pass."""

    letters: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What the operator allows; empty means as fast as the relay takes them."""

    limits: tuple[Limit, ...] = ()
    """Over all letters: a second, an hour, a day."""
    per_domain: Limit | None = None
    """For each recipient domain by itself."""


class Window:
    """A sliding window: exact, one time stamp for each letter in it."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._left_at: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds until one more letter may leave; 0 when it may now."""
        oldest = now - self._limit.seconds
        while self._left_at and self._left_at[0] <= oldest:
            self._left_at.popleft()
        if len(self._left_at) < self._limit.letters:
            return 0.0
        return self._left_at[0] - oldest

    def count(self, now: float) -> None:
        """Count a letter that is about to leave."""
        self._left_at.append(now)


@dataclass(slots=True)
class Pace:
    """All windows of one run; ``now`` is any clock in seconds that never goes back."""

    rates: Rates = field(default_factory=Rates)
    _windows: list[Window] = field(init=False)
    _domains: dict[str, Window] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._windows = [Window(limit) for limit in self.rates.limits]

    def wait(self, now: float) -> float:
        """Return the seconds until a letter may leave, whoever it is for."""
        return max((window.wait(now) for window in self._windows), default=0.0)

    def domain_wait(self, domain: str, now: float) -> float:
        """Return the seconds until a letter to ``domain`` may leave, as far as the domain goes."""
        window = self._domains.get(domain)
        return 0.0 if window is None else window.wait(now)

    def count(self, domain: str, now: float) -> None:
        """Count a letter to ``domain`` that is about to leave."""
        for window in self._windows:
            window.count(now)
        if self.rates.per_domain is not None:
            self._domains.setdefault(domain, Window(self.rates.per_domain)).count(now)


class Breaker:
    """Opens when too many letters in a row are refused: then the fault is not with the readers."""

    LONGEST_RUN = 25
    """Refusals in a row, over all connections: one dead address in five makes it happen once in 10^17 letters."""

    def __init__(self) -> None:
        self._run = 0

    @property
    def is_open(self) -> bool:
        """Whether nothing should be sent any more."""
        return self._run >= self.LONGEST_RUN

    def note(self, *, refused: bool) -> None:
        """Note one more letter that was refused, or not."""
        self._run = self._run + 1 if refused else 0

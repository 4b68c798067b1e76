"""How fast letters may leave: rules over tallies, which count a letter before it is sent.

A limit of seconds is kept by moments at equal distances. A limit of an hour or a day is kept by counts over intervals
of a sixtieth of its length. Both hold in every window of their length, whoever else counts on the same tallies,
as long as the machines' clocks agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digest.bookkeeping import Tally

TOLERANCE = 0.05
"""Seconds by which a letter may leave after its moment; a limit of seconds is lengthened by this."""
GRACE = 30.0
"""Seconds by which a counted letter may leave after it was counted."""
AHEAD = 1.0
"""Seconds ahead for which moments are reserved. A run that waited reserves as much more as it waited,
at most twice this in all; a run that goes first reserves this much more. Else the run that asks most often gets all."""
FARTHEST = 4 * AHEAD
"""No moment is further ahead than this."""
PREFIX = "letters/"
"""The prefix of the scopes of all limits."""

_SHORT = 60.0
_STRETCHES = 60
_SPANS = {1.0: "a second", 60.0: "a minute", 3600.0: "an hour", 86400.0: "a day"}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``letters`` in any period of ``seconds``."""

    letters: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.letters:,} {_SPANS.get(self.seconds, f'in {self.seconds:g} s')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The operator's limits; empty means as fast as the relays take letters."""

    overall: tuple[Limit, ...] = ()
    """The limits over all letters."""
    domains: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    """The limits of each recipient domain; those under ``*`` hold for every domain without its own."""

    def of_domain(self, domain: str) -> tuple[Limit, ...]:
        """Return the limits of a recipient domain."""
        return self.domains.get(domain, self.domains.get("*", ())) if self.domains else ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Why the next letter does not leave now: which limit is reached, and until when."""

    what: str
    until: datetime

    def __str__(self) -> str:
        return f"waiting: {self.what} reached, goes on at {self.until:%H:%M} UTC"


def span(letters: float, seconds: float) -> Limit:
    """Return the limit of so many letters in so many seconds; with less than one letter, the time is made longer."""
    whole = max(1, int(letters))
    return Limit(whole, seconds * whole / letters)


class Spaced:
    """A limit of seconds: letters get moments one step apart.

    The limit's time plus TOLERANCE has as many steps as letters, so no window of the limit's length holds more letters.
    """

    late = TOLERANCE
    """Seconds by which a letter may leave after its moment."""

    def __init__(self, limit: Limit, scope: str, known: Sequence[Tally], name: str) -> None:
        self.name = name
        self._scope = scope
        self._known = known
        self._step = (limit.seconds + TOLERANCE) / limit.letters
        self._last = max((tally.start.timestamp() for tally in known), default=float("-inf"))

    def earliest(self, moment: float) -> float:
        """Return ``moment``, or a step after the last letter's moment if that is later."""
        return max(self._last + self._step, moment)

    def count(self, moment: float) -> None:
        """Record that a letter leaves at that moment."""
        self._last = moment

    def tallies(self) -> Iterable[Tally]:
        """Return the last moment, which replaces those before."""
        now = _instant(self._last)
        yield from (Tally(self._scope, old.start, 0) for old in self._known if old.start != now)
        yield Tally(self._scope, now, 1)


class Counted:
    """A limit of hours or days: letters are counted by interval; an interval counts until its letters have aged out."""

    late = GRACE
    """Seconds by which a letter may leave after its moment."""

    def __init__(self, limit: Limit, scope: str, known: Sequence[Tally], name: str) -> None:
        self.name = name
        self._limit = limit
        self._scope = scope
        self._width = limit.seconds / _STRETCHES
        self._numbers = {tally.start.timestamp(): tally.number for tally in known}
        self._new: set[float] = set()

    def earliest(self, moment: float) -> float:
        """Return ``moment``, or a later one at which enough intervals have aged out."""
        seen = sorted(start for start in self._numbers if self._end(start) > moment)
        number = sum(self._numbers[start] for start in seen)
        for start in seen:
            if number < self._limit.letters:
                break
            number -= self._numbers[start]
            moment = self._end(start)
        return moment

    def count(self, moment: float) -> None:
        """Count a letter in the interval of that moment."""
        start = _instant(moment // self._width * self._width).timestamp()
        self._numbers[start] = self._numbers.get(start, 0) + 1
        self._new.add(start)

    def tallies(self) -> Iterable[Tally]:
        """Return the intervals whose counts changed."""
        return (Tally(self._scope, _instant(start), self._numbers[start]) for start in self._new)

    def _end(self, start: float) -> float:
        return start + self._width + GRACE + self._limit.seconds


Line = Spaced | Counted
"""One limit with its counts so far, under ``name``; its moments are seconds since the epoch."""


def line(limit: Limit, whose: str, known: Sequence[Tally]) -> Line:
    """Return a limit of ``all``, ``relay/NAME`` or ``domain/NAME``, with the counts of its scope."""
    kind, _, owner = whose.partition("/")
    name = f"{owner}: {limit}" if kind == "domain" else f"{limit} by {owner}" if owner else str(limit)
    return (Spaced if limit.seconds < _SHORT else Counted)(limit, scope(whose, limit), known, name)


def scope(whose: str, limit: Limit) -> str:
    """Return the name under which a limit is counted, such as ``letters/domain/example.org/3600``."""
    return f"{PREFIX}{whose}/{limit.seconds:g}"


def longest(limits: Iterable[Limit]) -> timedelta:
    """Return how long a tally counts for any of ``limits``; zero without limits."""
    seconds = max((limit.seconds * (1 + 1 / _STRETCHES) + GRACE for limit in limits), default=0.0)
    return timedelta(seconds=seconds)


def joint(lines: Sequence[Line], moment: float) -> tuple[float, str]:
    """Return when a letter may leave within all of ``lines``, and the name of the line that delays it most."""
    slowest, before = "", float("-inf")
    while moment > before:
        before = moment
        for each in lines:
            later = each.earliest(moment)
            if later > moment:
                moment, slowest = later, each.name
    return moment, slowest


def _instant(moment: float) -> datetime:
    return datetime.fromtimestamp(round(moment, 6), UTC)

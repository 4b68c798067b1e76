"""How fast letters may leave: rules over tallies, which count a letter before it is sent.

A limit of an hour or a day is kept by counts over intervals of a sixtieth of its length.

A limit of seconds is kept by places: it has as many as it allows letters. A letter takes a place before it leaves. When
the relay has answered, the place rests for the limit's time, and then another letter may take it. So in any period of
that length at most as many letters leave as there are places, however long a letter was under way. The tallies say
where the places are::

    scope           start                      number
    SCOPE           when places are rested     how many rest until then
    SCOPE/taken     when a run's claim ends    how many places one run has taken

All other places are free. A run writes its claim anew at least once a second, and its letters leave only while its
claim lasts. When a run is killed, others get its places when its claim has ended.

Both kinds of limits hold in every period, whoever else counts on the same tallies, as long as the machines' clocks
agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, inf
from typing import NamedTuple

from digest.bookkeeping import Tally

CLOCKS = 0.02
"""A place rests longer than its limit's time by this many seconds: the clocks of two machines differ by less."""
GRACE = 30.0
"""A letter may leave up to this many seconds after it was counted."""
LATE = 1.0
"""A letter may leave up to this many seconds after its planned moment. Later, its place is given back."""
AHEAD = 0.5
"""Seconds ahead for which places are taken. A place usually rests for longer.

So runs that waited, and runs that go first, take it before the run that had it, even if that run asks most often.
"""
MORE_AHEAD = 1.0
"""A run that goes first takes places this many seconds further ahead.

A run that waited takes them as many seconds further ahead as it waited, at most this many.
"""
FARTHEST = 4.0
"""A letter leaves at most this many seconds after it took its place.

Then the claim of its run ends, unless it was renewed.
"""
PREFIX = "letters/"
"""The beginning of the scopes of all limits."""
TAKEN = "/taken"
"""The end of the scopes under which runs write how many places they have taken."""

_SHORT = 60.0
_STRETCHES = 60
_CELLS = 50
"""Places rest until the end of one of so many intervals of the limit's time.

So few tallies are needed, and places rest 1 % longer.
"""
_SPANS = {1.0: "a second", 60.0: "a minute", 3600.0: "an hour", 86400.0: "a day"}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``letters`` in any period of ``seconds``."""

    letters: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.letters:,} {_SPANS.get(self.seconds, f'in {self.seconds:g} s')}"


class LimitOf(NamedTuple):
    """A limit, and the letters that it covers: ``all``, ``relay/NAME`` or ``domain/NAME``."""

    whose: str
    limit: Limit


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
    """Return the limit of so many letters in so many seconds. For less than one letter, the time is lengthened."""
    whole = max(1, int(letters))
    return Limit(whole, seconds * whole / letters)


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """What one run has of the places of a limit."""

    in_use: int = 0
    """How many of its letters have a place, and may still leave or have no answer yet."""
    answered: tuple[float, ...] = ()
    """When the relay counted the letters whose places are not stored as resting yet, in seconds since the epoch."""
    claim: datetime | None = None
    """When the claim that the run stored last ends; None when it stored none."""


NO_PLACES = OwnPlaces()


class Places:
    """A limit of seconds: letters take its places, and the places rest after the relay's answer."""

    def __init__(self, of: LimitOf, known: Sequence[Tally], name: str, now: float, own: OwnPlaces) -> None:
        self.name = name
        self.of = of
        self._limit = limit = of.limit
        self._scope = scope(of.whose, limit)
        self._now = now
        self._own = own
        self._stored = {tally.start.timestamp(): tally.number for tally in known if tally.scope == self._scope}
        claims = [tally for tally in known if tally.scope == self._scope + TAKEN and tally.start != own.claim]
        self._claims = {tally.start: tally.number for tally in claims}
        others = sum(number for ends, number in self._claims.items() if now < ends.timestamp() <= self._last_claim)
        self._resting = {start: number for start, number in self._stored.items() if now < start <= self._last_rest}
        for moment in own.answered:
            self._rest(moment + limit.seconds + CLOCKS)
        self._free = limit.letters - others - own.in_use - sum(self._resting.values())
        self._taken = 0
        self._unused = self._free == limit.letters
        if self._unused:
            self._spread()
        self._order = sorted(self._resting, reverse=True)

    @property
    def _last_rest(self) -> float:
        """The latest moment until which a place can rest. A clock that was set back has written any later one."""
        return self._now + self._limit.seconds + FARTHEST

    @property
    def _last_claim(self) -> float:
        """The latest moment at which a run's claim can end."""
        return self._last_rest + FARTHEST

    def earliest(self, moment: float) -> float:
        """Return ``moment``, or a later time at which the next place is rested; infinity when all places are in use."""
        if self._free > 0:
            return moment
        return max(moment, self._order[-1]) if self._order else inf

    def count(self, moment: float) -> None:  # noqa: ARG002 - Counted's
        """Take a place for a letter that leaves at that moment."""
        self._taken += 1
        if self._free > 0:
            self._free -= 1
            return
        first = self._order[-1]
        self._resting[first] -= 1
        if not self._resting[first]:
            del self._resting[first]
            self._order.pop()

    def lapses(self, moment: float) -> float:
        """Return until when a letter may leave whose planned moment is ``moment``."""
        return min(moment + LATE, self._now + FARTHEST)

    def tallies(self) -> Iterable[Tally]:
        """Return the tallies to store: resting places whose number changed, and the claim of this run."""
        if not (self._taken or self._own.answered or self._own.claim):
            return
        resting = {} if self._unused and not self._taken else self._resting
        for start in self._stored.keys() | resting.keys():
            number = resting.get(start, 0)
            if number != self._stored.get(start, 0):
                yield Tally(self._scope, _instant(start), number)
        if self._own.claim is not None:
            yield Tally(self._scope + TAKEN, self._own.claim, 0)
        if (ends := self.claim()) is not None:
            yield Tally(self._scope + TAKEN, ends, self._own.in_use + self._taken)

    def claim(self) -> datetime | None:
        """Return when this run's claim ends, at another moment than those of all other runs; None without places."""
        if not self._own.in_use + self._taken:
            return None
        ends = _instant(self._now + FARTHEST + self._limit.seconds + CLOCKS)
        while ends in self._claims or ends == self._own.claim:
            ends += timedelta(microseconds=1)
        return ends

    def _rest(self, until: float, number: int = 1) -> None:
        width = self._limit.seconds / _CELLS
        end = _instant(ceil(until / width) * width).timestamp()  # as a stored tally gives it
        if end > self._now:
            self._resting[end] = self._resting.get(end, 0) + number

    def _spread(self) -> None:
        """Let all places but one rest, each a little longer than the one before.

        So a limit that nobody used begins evenly.
        """
        step = self._limit.seconds / self._limit.letters
        for number in range(1, self._limit.letters):
            self._rest(self._now + number * step)
        self._free = 1


class Counted:
    """A limit of hours or days: letters are counted by interval, until the interval is older than the limit's time."""

    def __init__(self, limit: Limit, scope: str, known: Sequence[Tally], name: str) -> None:
        self.name = name
        self._limit = limit
        self._scope = scope
        self._width = limit.seconds / _STRETCHES
        self._numbers = {tally.start.timestamp(): tally.number for tally in known}
        self._new: set[float] = set()

    def earliest(self, moment: float) -> float:
        """Return ``moment``, or a later one at which enough intervals are too old to count."""
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

    def lapses(self, moment: float) -> float:
        """Return until when a letter may leave that was counted for that moment."""
        return moment + GRACE

    def tallies(self) -> Iterable[Tally]:
        """Return the intervals whose counts changed."""
        return (Tally(self._scope, _instant(start), self._numbers[start]) for start in self._new)

    def _end(self, start: float) -> float:
        return start + self._width + GRACE + self._limit.seconds


Line = Places | Counted
"""One limit with its counts so far, called ``name`` in reports; its moments are seconds since the epoch."""


def line(limit: Limit, whose: str, known: Sequence[Tally], now: float, own: OwnPlaces = NO_PLACES) -> Line:
    """Return a limit with its counts so far. ``whose`` is ``all``, ``relay/NAME`` or ``domain/NAME``.

    ``known`` are the tallies of its scopes. A limit of seconds also needs the present time, and what this run has of
    its places.
    """
    kind, _, owner = whose.partition("/")
    name = f"{owner}: {limit}" if kind == "domain" else f"{limit} by {owner}" if owner else str(limit)
    if is_short(limit):
        return Places(LimitOf(whose, limit), known, name, now, own)
    return Counted(limit, scope(whose, limit), known, name)


def is_short(limit: Limit) -> bool:
    """Return whether a limit is kept by places, not by counts."""
    return limit.seconds < _SHORT


def scopes(whose: str, limit: Limit) -> tuple[str, ...]:
    """Return the scopes under which a limit is counted. A limit of seconds has a second one, for the places taken."""
    own = scope(whose, limit)
    return (own, own + TAKEN) if is_short(limit) else (own,)


def scope(whose: str, limit: Limit) -> str:
    """Return the scope under which a limit is counted, such as ``letters/domain/example.org/3600``."""
    return f"{PREFIX}{whose}/{limit.seconds:g}"


def longest(limits: Iterable[Limit]) -> timedelta:
    """Return how long a tally counts for any of ``limits``; zero without limits."""
    seconds = max((limit.seconds * (1 + 1 / _STRETCHES) + GRACE for limit in limits), default=0.0)
    return timedelta(seconds=seconds)


def farthest(limits: Iterable[Limit]) -> timedelta:
    """Return how far in the future the tallies of ``limits`` start at most."""
    short = max((limit.seconds for limit in limits if is_short(limit)), default=0.0)
    return timedelta(seconds=short + 2 * FARTHEST)


def joint(lines: Sequence[Line], moment: float) -> tuple[float, str]:
    """Return the earliest moment at which all ``lines`` let a letter leave, and the name of the slowest line."""
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

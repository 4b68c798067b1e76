"""The places of limits of seconds that the letters of one run use. ``rate_limits`` explains places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from math import inf

from digest.deliver.pacing.rate_limits import LimitOf, OwnPlaces
from digest.model.ids import ReaderId


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of letters that the limits let out."""

    answered: Sequence[tuple[ReaderId, float]] = ()
    """Each answered letter once, with the latest moment at which the relay counted it, in seconds since the epoch."""
    open: AbstractSet[ReaderId] = frozenset()
    """All letters with a place that may still leave, or have no answer yet."""


NO_FATES = Fates()
_SAMPLE = 20
"""After this many answers, the quickest of them shows how long a relay needs at least."""


class AnswerTimes:
    """The shortest time that a relay needs to answer.

    A relay counts a letter at some point of its work, and it needs at least the time of its quickest answer in all.
    When an answer takes longer, the relay may have counted the letter later. So at the latest, the relay counted a
    letter that shortest time before its answer.
    """

    def __init__(self) -> None:
        self._quickest = inf
        self._number = 0

    def least(self, took: float) -> float:
        """Add the time in seconds of an answer, and return the shortest one; 0 while few answers are known."""
        self._number += 1
        self._quickest = min(self._quickest, took)
        return self._quickest if self._number > _SAMPLE else 0.0


class HeldPlaces:
    """The places of all limits that the letters of one run use."""

    def __init__(self) -> None:
        self._letters: dict[ReaderId, tuple[LimitOf, ...]] = {}
        self._answered: dict[LimitOf, list[float]] = defaultdict(list)
        self._claims: dict[LimitOf, datetime] = {}

    def __bool__(self) -> bool:
        """Return whether this run uses places, or has stored how many it uses."""
        return bool(self._letters or self._claims)

    def settle(self, fates: Fates) -> bool:
        """Free the places of letters that were answered, or that cannot leave. Return whether a place was not used."""
        for reader, moment in fates.answered:
            for each in self._letters.pop(reader, ()):
                self._answered[each].append(moment)
        unused = self._letters.keys() - fates.open
        for reader in unused:
            del self._letters[reader]
        return bool(unused)

    def limits(self) -> set[LimitOf]:
        """Return the limits of which this run uses places, or used some when it last stored them."""
        return (
            {each for limits in self._letters.values() for each in limits} | self._claims.keys() | self._answered.keys()
        )

    def of(self, limit: LimitOf) -> OwnPlaces:
        """Return what this run has of the places of one limit."""
        in_use = sum(limit in limits for limits in self._letters.values())
        return OwnPlaces(in_use, tuple(self._answered.get(limit, ())), self._claims.get(limit))

    def stored(self, taken: Iterable[tuple[ReaderId, tuple[LimitOf, ...]]], claims: Mapping[LimitOf, datetime]) -> None:
        """Record which letters got places, and the claims that were stored. Answers were stored with them."""
        self._letters.update((reader, limits) for reader, limits in taken if limits)
        self._claims = dict(claims)
        self._answered.clear()

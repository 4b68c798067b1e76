"""Which of a run's letters have places of limits of seconds, and since when a place rests; see ``rate_limits``."""

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
    """What became of admitted letters."""

    answered: Sequence[tuple[ReaderId, float]] = ()
    """When a relay had a letter at the latest, in seconds since the epoch. Each letter is given once."""
    open: AbstractSet[ReaderId] = frozenset()
    """All admitted letters that may still leave, or have no answer yet."""


NO_FATES = Fates()
_SAMPLE = 20
"""After so many answers, the quickest of them shows how long a relay needs at least."""


class AnswerTimes:
    """How long a relay needs at least to answer.

    A relay counts letters at some point of its work, and that work takes as long as the quickest answer. A longer time
    to an answer may have passed before that point. So the relay counted a letter at the latest that least time before
    its answer.
    """

    def __init__(self) -> None:
        self._quickest = inf
        self._number = 0

    def least(self, took: float) -> float:
        """Return the least time in seconds, after an answer that took so long; 0 while few answers are known."""
        self._number += 1
        self._quickest = min(self._quickest, took)
        return self._quickest if self._number > _SAMPLE else 0.0


class HeldPlaces:
    """The places that one run has taken."""

    def __init__(self) -> None:
        self._letters: dict[ReaderId, tuple[LimitOf, ...]] = {}
        self._answered: dict[LimitOf, list[float]] = defaultdict(list)
        self._claims: dict[LimitOf, datetime] = {}

    def __bool__(self) -> bool:
        """Return whether this run has places, or a claim on some is stored."""
        return bool(self._letters or self._claims)

    def settle(self, fates: Fates) -> bool:
        """Take the places from letters that were answered or cannot leave; return whether any was not used."""
        for reader, moment in fates.answered:
            for each in self._letters.pop(reader, ()):
                self._answered[each].append(moment)
        unused = self._letters.keys() - fates.open
        for reader in unused:
            del self._letters[reader]
        return bool(unused)

    def limits(self) -> set[LimitOf]:
        """Return the limits of which this run has places, or had them when its claim was stored."""
        return (
            {each for limits in self._letters.values() for each in limits} | self._claims.keys() | self._answered.keys()
        )

    def of(self, limit: LimitOf) -> OwnPlaces:
        """Return what this run has of one limit's places."""
        in_use = sum(limit in limits for limits in self._letters.values())
        return OwnPlaces(in_use, tuple(self._answered.get(limit, ())), self._claims.get(limit))

    def stored(self, taken: Iterable[tuple[ReaderId, tuple[LimitOf, ...]]], claims: Mapping[LimitOf, datetime]) -> None:
        """Record which letters got places, and the claims that were stored; answers are stored, too."""
        self._letters.update((reader, limits) for reader, limits in taken if limits)
        self._claims = dict(claims)
        self._answered.clear()

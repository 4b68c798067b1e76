"""Which letters may leave now, by which route, and when: routes share the letters by weight, within all limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Protocol

from digest.bookkeeping import Claim, Tally
from digest.deliver.pacing.held_places import NO_FATES, Fates, HeldPlaces
from digest.deliver.pacing.rate_limits import (
    AHEAD,
    MORE_AHEAD,
    Limit,
    LimitOf,
    Line,
    Places,
    Rates,
    Wait,
    farthest,
    joint,
    line,
    longest,
    scopes,
)

Known = Callable[[Collection[str], datetime, datetime], Sequence[Tally]]
"""Takes scopes and two instants.

Returns the tallies of these scopes that start after the first and not after the second.
"""
WORTH_TELLING = timedelta(seconds=2)
"""A longer wait is reported to the operator."""
UNUSED = timedelta(seconds=AHEAD + 0.3)
"""A run whose letters did not use their places waits so long before it takes places again."""
_PATIENCE = 1.0
"""How many seconds to wait for a route that is full."""
_GAP = 0.1
"""How many seconds other letters wait for a letter that the limit of its domain delays."""

Decide = Callable[[Sequence[Tally]], Sequence[Tally]]
"""Takes the known tallies, returns the tallies to write. A number of 0 deletes a tally."""


class Tallies(Protocol):
    """The counts of letters, shared by all runs on one database."""

    def change(self, scopes: Collection[str], since: datetime, until: datetime, decide: Decide) -> None:
        """Read the tallies of ``scopes`` that start in (since, until], and write what ``decide`` returns for them.

        This is one transaction: nobody else's change comes between reading and writing.
        """
        ...


@dataclass(slots=True)
class Capacity:
    """How many letters one route can take now."""

    name: str
    free: int
    weight: float = 1.0
    limits: tuple[Limit, ...] = ()
    takes: bool = True
    """Whether the route may get letters at all: its relay answers, and its own limits are not reached."""


@dataclass(frozen=True, slots=True)
class SendSlot:
    """A letter that may leave, and the index of its route.

    It leaves from ``due`` to ``lapses`` (seconds since the epoch).
    """

    claim: Claim
    way: int
    due: float = -inf
    lapses: float = inf
    places: tuple[LimitOf, ...] = ()
    """The limits of seconds of which the letter has a place."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The letters that may leave, in the order of their sending times, and why the next one has to wait."""

    permits: tuple[SendSlot, ...] = ()
    wait: Wait | None = None


class RelayBalancer:
    """Shares letters among routes by weight, evenly mixed.

    A route that cannot take letters now is skipped, and gets no more later to make up for it. The balancer waits for a
    route that is full, but not for long: a relay that does not answer must not delay the others.
    """

    def __init__(self) -> None:
        self._credits: dict[str, float] = defaultdict(float)
        self._waits_since = inf

    def choose(self, rooms: Sequence[Capacity], moment: float) -> int | None:
        """Return the index of the next route; None when no letter is to be assigned at this moment."""
        chosen = self._next(rooms, _turns(rooms))
        if chosen is None or rooms[chosen].free > 0:
            self._waits_since = inf
            return chosen
        self._waits_since = min(self._waits_since, moment)
        if moment - self._waits_since < _PATIENCE:
            return None
        return self._next(rooms, [place for place in _turns(rooms) if rooms[place].free > 0])

    def deal(self, rooms: Sequence[Capacity], chosen: int) -> None:
        """Assign a letter to the chosen route."""
        among = [rooms[place] for place in _turns(rooms)]
        if self._waits_since < inf:
            among = [room for room in among if room.free > 0]
        for room in among if len(among) > 1 else ():
            self._credits[room.name] += room.weight or 1.0
            self._credits[rooms[chosen].name] -= room.weight or 1.0
        rooms[chosen].free -= 1

    def _next(self, rooms: Sequence[Capacity], turns: Sequence[int]) -> int | None:
        return max(
            turns, key=lambda place: self._credits[rooms[place].name] + (rooms[place].weight or 1.0), default=None
        )


def _turns(rooms: Sequence[Capacity]) -> list[int]:
    """Return the indexes of the routes in use; routes of weight 0 are used only when there are no others."""
    taking = [place for place, room in enumerate(rooms) if room.takes]
    return [place for place in taking if rooms[place].weight > 0] or taking


@dataclass(slots=True)
class RateLimiter:
    """Lets letters out within the limits: ``admit`` counts them before they leave."""

    rates: Rates
    tallies: Tallies
    goes_first: bool = False
    """Whether its letters go before those of other runs that share a limit of seconds."""
    dealer: RelayBalancer = field(default_factory=RelayBalancer)
    held: HeldPlaces = field(default_factory=HeldPlaces)
    _stuck_since: float | None = None

    def admit(
        self, claims: Sequence[Claim], rooms: Sequence[Capacity], now: datetime, fates: Fates = NO_FATES
    ) -> Admission:
        """Return which of ``claims`` may leave within the next moments; the capacities in ``rooms`` are reduced.

        ``fates`` says what became of letters that were let out earlier. When some of them did not leave in time, the
        run waits for UNUSED: another run may have better use for their places.
        """
        if not self.is_limited(rooms):
            return self._dealt(claims, rooms, now)
        unused = self.held.settle(fates)
        claims = () if unused else claims
        owners = _owners(claims, rooms, self.rates, self.held.limits())
        limits = [limit for each in owners.values() for limit in each]
        admission = Admission()

        def decide(known: Sequence[Tally]) -> Sequence[Tally]:
            nonlocal admission
            turn = _Turn(owners, known, now, self._ahead(now.timestamp()), self.held)
            admission = turn.admit(claims, rooms, self.dealer)
            self.held.stored(((each.claim.reader_id, each.places) for each in admission.permits), turn.claims())
            return turn.tallies()

        named = {each for whose, own in owners.items() for limit in own for each in scopes(whose, limit)}
        # A later start was written by a clock that was ahead and has been set back since.
        self.tallies.change(named, now - longest(limits) - timedelta(seconds=AHEAD), now + farthest(limits), decide)
        self._note_wait(admission, now)
        return Admission(wait=Wait("a place in the limits", now + UNUSED)) if unused else admission

    def end(self, now: datetime, fates: Fates) -> None:
        """Give back all places of limits, at the end of the run."""
        if self.held:
            self.admit((), (), now, fates)

    def is_limited(self, rooms: Sequence[Capacity]) -> bool:
        """Return whether a limit delays letters, and not only the routes' capacity."""
        return bool(self.rates.overall or self.rates.domains or any(room.limits for room in rooms) or self.held)

    def _note_wait(self, admission: Admission, now: datetime) -> None:
        if admission.permits or admission.wait is None:
            self._stuck_since = None
        else:
            self._stuck_since = self._stuck_since or now.timestamp()

    def _ahead(self, moment: float) -> float:
        """Return how many seconds ahead the run takes places now."""
        waited = 0.0 if self._stuck_since is None else min(MORE_AHEAD, max(0.0, moment - self._stuck_since))
        return AHEAD + waited + (MORE_AHEAD if self.goes_first else 0.0)

    def _dealt(self, claims: Sequence[Claim], rooms: Sequence[Capacity], now: datetime) -> Admission:
        permits: list[SendSlot] = []
        moment = now.timestamp()
        for claim in claims:
            chosen = self.dealer.choose(rooms, moment)
            if chosen is None:  # the routes are full for the others, too
                return Admission(tuple(permits))
            self.dealer.deal(rooms, chosen)
            permits.append(SendSlot(claim, chosen))
        return Admission(tuple(permits))


def domain_of(claim: Claim) -> str:
    """Return the domain of a letter's recipient, in lower case."""
    return claim.address.rpartition("@")[2].lower()


def _owners(
    claims: Sequence[Claim], rooms: Sequence[Capacity], rates: Rates, held: Collection[LimitOf]
) -> dict[str, tuple[Limit, ...]]:
    """Return the limits that apply to these letters and routes, and those of which the run holds places.

    The keys are ``all``, ``relay/NAME`` and ``domain/NAME``.
    """
    owners = {"all": rates.overall}
    owners |= {f"relay/{room.name}": room.limits for room in rooms}
    owners |= {f"domain/{domain}": rates.of_domain(domain) for domain in {domain_of(claim) for claim in claims}}
    for whose, limit in held:
        known = owners.get(whose, ())
        owners[whose] = known if limit in known else (*known, limit)
    return owners


def reached(owners: Mapping[str, Sequence[Limit]], known: Known, now: datetime) -> tuple[Wait, ...]:
    """Return the limits that are reached and delay letters.

    The keys of ``owners``: ``all``, ``relay/NAME``, ``domain/NAME``.
    """
    limits = [limit for each in owners.values() for limit in each]
    named = {each for whose, own in owners.items() for limit in own for each in scopes(whose, limit)}
    by_scope = _by_scope(known(named, now - longest(limits), now + farthest(limits)))
    moment = now.timestamp()
    lines = [line(limit, whose, _of(by_scope, whose, limit), moment) for whose, own in owners.items() for limit in own]
    waits = [(each.name, each.earliest(moment)) for each in lines]
    found = [Wait(name, datetime.fromtimestamp(until, UTC)) for name, until in waits if until < inf]
    return tuple(wait for wait in found if wait.until - now > WORTH_TELLING)


def _by_scope(known: Sequence[Tally]) -> dict[str, list[Tally]]:
    found: dict[str, list[Tally]] = defaultdict(list)
    for tally in known:
        found[tally.scope].append(tally)
    return found


def _of(by_scope: Mapping[str, Sequence[Tally]], whose: str, limit: Limit) -> list[Tally]:
    return [tally for each in scopes(whose, limit) for tally in by_scope.get(each, ())]


class _Turn:
    """The decision in one transaction: which letters may leave, given the tallies that were read."""

    def __init__(
        self,
        owners: dict[str, tuple[Limit, ...]],
        known: Sequence[Tally],
        now: datetime,
        ahead: float,
        held: HeldPlaces,
    ) -> None:
        by_scope = _by_scope(known)
        self._ahead = ahead
        self._soon = moment = now.timestamp()
        self._lines = {
            whose: [
                line(limit, whose, _of(by_scope, whose, limit), moment, held.of(LimitOf(whose, limit)))
                for limit in limits
            ]
            for whose, limits in owners.items()
        }
        self._full: set[str] = set()
        self._wait: tuple[float, str] = (inf, "")

    def admit(self, claims: Sequence[Claim], rooms: Sequence[Capacity], dealer: RelayBalancer) -> Admission:
        """Return which letters may leave, decided one by one."""
        permits: list[SendSlot] = []
        stuck = False
        for claim in claims:
            stuck = self._waits(self._lines["all"]) or self._close(rooms)
            chosen = None if stuck else dealer.choose(rooms, self._soon)
            if chosen is None:
                break
            moment = self._moment(claim, rooms[chosen])
            if moment is not None:
                dealer.deal(rooms, chosen)
                permits.append(self._permit(claim, chosen, moment, self._lines_of(claim, rooms[chosen])))
        else:
            stuck = not permits
        permits.sort(key=lambda permit: permit.due)
        until, what = self._wait
        wait = Wait(what, datetime.fromtimestamp(until, UTC)) if what and stuck else None
        return Admission(tuple(permits), wait)

    def tallies(self) -> Sequence[Tally]:
        """Return the tallies for the caller to store: the new counts of all limits."""
        return [tally for lines in self._lines.values() for each in lines for tally in each.tallies()]

    def claims(self) -> dict[LimitOf, datetime]:
        """Return when the claims of this run end, for each limit of seconds of which it uses places."""
        places = [each for lines in self._lines.values() for each in lines if isinstance(each, Places)]
        return {each.of: ends for each in places if (ends := each.claim()) is not None}

    def _close(self, rooms: Sequence[Capacity]) -> bool:
        """Set the capacity of routes to zero whose own limits are reached; return whether no route is left."""
        limited = [room for room in rooms if room.takes and self._waits(self._lines[f"relay/{room.name}"])]
        for room in limited:
            room.takes = False
        return bool(limited) and not any(room.takes for room in rooms)

    def _waits(self, lines: Sequence[Line]) -> bool:
        moment, why = joint(lines, self._soon)
        if moment <= self._soon + self._ahead:
            return False
        # When all places are in use, nobody knows when the next one is rested: it is looked for again soon.
        self._wait = min(self._wait, (moment if moment < inf else self._soon + AHEAD, why))
        return True

    def _moment(self, claim: Claim, room: Capacity) -> float | None:
        """Return when the letter may leave.

        None when its domain's limit delays it longer than other letters should wait.
        """
        domain = domain_of(claim)
        if domain in self._full:
            return None
        common = [*self._lines["all"], *self._lines[f"relay/{room.name}"]]
        own = self._lines[f"domain/{domain}"]
        without, _why = joint(common, self._soon)
        moment, _why = joint([*common, *own], self._soon)
        if moment <= without + (_GAP if common else AHEAD):
            return moment
        self._waits(own)
        self._full.add(domain)
        return None

    def _lines_of(self, claim: Claim, room: Capacity) -> list[Line]:
        return [*self._lines["all"], *self._lines[f"relay/{room.name}"], *self._lines[f"domain/{domain_of(claim)}"]]

    def _permit(self, claim: Claim, chosen: int, moment: float, lines: Sequence[Line]) -> SendSlot:
        if not lines:
            return SendSlot(claim, chosen)
        for each in lines:
            each.count(moment)
        places = tuple(each.of for each in lines if isinstance(each, Places))
        return SendSlot(claim, chosen, moment, min(each.lapses(moment) for each in lines), places)


class OwnTallies:
    """Tallies in memory, for a run whose limits no other run shares. They end with the run."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, datetime], int] = {}

    def change(self, scopes: Collection[str], since: datetime, until: datetime, decide: Decide) -> None:
        """Read and write tallies in memory; see Tallies."""
        for tally in decide(self.known(scopes, since, until)):
            self._numbers[tally.scope, tally.start] = tally.number
        self._numbers = {key: number for key, number in self._numbers.items() if number}

    def known(self, scopes: Collection[str], since: datetime, until: datetime) -> Sequence[Tally]:
        """Return the tallies of ``scopes`` that start in (since, until]."""
        tallies = (Tally(*key, number) for key, number in self._numbers.items() if key[0] in scopes)
        return [tally for tally in tallies if since < tally.start <= until]

"""The ledger changes of a run: claims, attempts and outcomes, gathered and written in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.bookkeeping import Booked, Claim, Order, Outcome, Step, Worker
from digest.deliver.ledger.ledger import Ledger
from digest.deliver.pacing.held_places import Fates
from digest.deliver.pacing.rate_limits import AHEAD, Wait
from digest.deliver.pacing.relay_choice import Admission, Capacity, RateLimiter, SendSlot
from digest.deliver.run.grants import HORIZON, Share, Speed, share
from digest.deliver.run.open_attempts import OpenAttempts
from digest.deliver.run.route import Route
from digest.deliver.run.run_state import GROUP, RunState
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId

CLAIMS = 500
"""Letters claimed at once: small claims make PostgreSQL scan the same dead rows again and again (measured)."""
MOST_CLAIMED = 10_000
"""Most letters that a run claims while the limits of domains delay many of them."""
LINGER = 0.05
"""Outcomes are written at most once in so many seconds, unless GROUP of them wait or no letter is in progress."""

RESULTS = 200
"""When few attempts are noted at a time, so many outcomes are gathered before they are written to their rows.

A step notes each at once. The in-flight list with all of them then fits into one page of PostgreSQL.
"""
RESULTS_SECONDS = 1.0
"""Outcomes are written to their rows after this many seconds at the latest."""

_RENEW_SECONDS = 10.0
_STALE_SECONDS = 300.0
"""After this many seconds a waiting claim is given back and read again: its reader may have left since."""
_LOOK_SECONDS = 0.7
"""Seconds between checks of who has left, while letters wait. After FRESH seconds without a check no letter leaves."""
_PLACES_SECONDS = 1.0
"""Seconds between two reports to the limits about the places that letters have."""
_LONG_WAIT = timedelta(seconds=60)
_SHORTEST_WAIT = timedelta(seconds=0.1)
_ENDS = {
    Order.PAUSE: "paused by the operator",
    Order.CANCEL: "cancelled by the operator",
    Order.LEAVE: "other runs took over its letters",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """The input of one transaction: a step without attempts, and the letters and capacities to choose them from."""

    step: Step
    undealt: tuple[Claim, ...]
    claimed: tuple[Claim, ...]
    rooms: tuple[Capacity, ...]
    look: tuple[ReaderId, ...] = ()
    """All readers whose letters wait, to check whether they have left."""
    granted: tuple[SendSlot, ...] = ()
    """Letters that already have their moments, if the attempts of some can be noted now."""
    free: tuple[int, ...] = ()
    """How many letters with moments each route takes now."""
    fates: Fates | None = None
    """What became of letters that the limits let out, when it is time to report it to the limits; else None."""

    def __bool__(self) -> bool:
        return bool(self.step or self.rooms or self.look or self.granted or self.fates)


class LedgerBatches:
    """A run's copy of its part of the ledger. It decides what to write, writes it, and acts on the result."""

    def __init__(
        self, ledger: Ledger, worker: Worker, limiter: RateLimiter, run_state: RunState, routes: Sequence[Route]
    ) -> None:
        self._ledger = ledger
        self._worker = worker
        self._limiter = limiter
        self._run_state = run_state
        self._routes = routes
        self._claimed: deque[tuple[Claim, float]] = deque()
        self._limited = limiter.is_limited(tuple(route.room() for route in routes))
        self._granted: tuple[SendSlot, ...] = ()
        lanes = sum(route.lanes.most for route in routes)
        self._speed = Speed(lanes)
        self._attempts = OpenAttempts(run_state.orders.letters_a_lane * lanes)
        self._accounted_at = 0.0
        self._noted: set[ReaderId] = set()
        """The admitted letters whose attempts are noted already. With small groups, they are noted again."""
        self._held_up = 0
        self._opens: datetime | None = None
        self._gathered: list[Outcome] = []
        """Outcomes that were noted, and are not yet written to their rows."""
        self._gathered_since = 0.0
        self._booked_at = 0.0
        self._renewed_at = 0.0
        self.wait: Wait | None = None
        """What delays all letters that are at no route; None when nothing does."""
        self.exhausted = False
        """Whether nothing is left to claim."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do now."""
        run_state = self._run_state
        return self._is_idle and not (run_state.outcomes or self._gathered)

    @property
    def _is_idle(self) -> bool:
        """Whether no letter is left to send now."""
        run_state = self._run_state
        waiting = self._claimed or self._granted or run_state.undealt or any(route.held for route in self._routes)
        return self.exhausted and not (waiting or run_state.under_way)

    def entry(self) -> Entry:
        """Return what is to be written now; empty when nothing is."""
        run_state, now = self._run_state, self._run_state.seconds()
        if run_state.over or (self._claimed and now - self._claimed[0][1] >= _STALE_SECONDS):
            self._give_back()
        outcomes, interim = self._outcomes(now)
        returned, run_state.returned = run_state.returned, []
        step = Step(
            outcomes=outcomes,
            interim=(*returned, *interim),
            claim=CLAIMS if self._wants_claims() else 0,
            renew=not run_state.over and now - self._renewed_at >= _RENEW_SECONDS,
        )
        free = self._attempts.limited(self._free(), step) if self._limited else ()
        rooms = self._rooms(free, step)
        claimed = tuple(claim for claim, _at in self._claimed) if rooms else ()
        undealt = tuple(run_state.undealt) if rooms else ()
        granted = self._granted if self._granted and (rooms or self._may_be_noted(free)) else ()
        return Entry(step, undealt, claimed, rooms, self._to_look_at(now), granted, free, self._fates(now, bool(rooms)))

    def _fates(self, now: float, admits: bool) -> Fates | None:  # noqa: FBT001 - whether letters are admitted now
        """Return what became of letters that the limits let out, when it is time to report it to them; else None."""
        run_state = self._run_state
        if not self._limited:
            run_state.answered.clear()
            return None
        if not admits and not (self._limiter.held and now - self._accounted_at >= _PLACES_SECONDS):
            return None
        answered, run_state.answered = tuple(run_state.answered), []
        self._accounted_at = now
        alive = {slot.claim.reader_id for slot in self._granted}
        return Fates(answered, alive.union(*((*route.in_hand(), *route.under_way()) for route in self._routes)))

    def _outcomes(self, now: float) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
        """Return the outcomes to write to their rows now, and those that are only noted for now."""
        run_state = self._run_state
        quiet = now - self._booked_at >= LINGER or not run_state.under_way or run_state.over
        ready = len(run_state.outcomes) >= run_state.group or bool(run_state.outcomes and quiet)
        if (ready or self._gathered) and self._is_time_to_write(now):
            written = (*self._gathered, *run_state.outcomes)
            self._gathered, run_state.outcomes = [], []
            return written, ()
        if not ready:
            return (), ()
        noted, run_state.outcomes = tuple(run_state.outcomes), []
        self._gathered_since = self._gathered_since if self._gathered else now
        self._gathered += noted
        return (), noted

    def _is_time_to_write(self, now: float) -> bool:
        """Return whether gathered outcomes are written: many or old ones, or the last."""
        run_state = self._run_state
        if not run_state.orders.letters_a_lane or run_state.over or self._is_idle:
            return True
        many = len(self._gathered) + len(run_state.outcomes) >= RESULTS
        return many or bool(self._gathered and now - self._gathered_since >= RESULTS_SECONDS)

    def write(self, entry: Entry, now: datetime) -> Callable[[], None]:
        """Let letters out within the limits, and write the step with their attempts.

        Return a function to call afterwards in the run's own thread. This runs in the ledger's thread, and uses nothing
        that the lanes use.
        """
        forbidden = self._run_state.orders.forbidden() if entry.step.claim or entry.step.renew else ""
        if forbidden:
            entry = replace(entry, step=replace(entry.step, claim=0))
        looked = self._run_state.seconds()
        gone = self._ledger.departed(entry.look, now) if entry.look else frozenset()
        if gone:
            entry = replace(
                entry,
                undealt=_without(gone, entry.undealt),
                claimed=_without(gone, entry.claimed),
                granted=tuple(slot for slot in entry.granted if slot.claim.reader_id not in gone),
            )
        admission = self._admit(entry)
        shared = self._share(entry, admission)
        attempt = tuple(slot.claim.reader_id for slot in shared.out if slot.claim.reader_id not in self._noted)
        step = replace(entry.step, attempt=attempt)
        began = self._run_state.seconds()
        booked = self._ledger.book(self._worker, step, now) if step else None

        def take_up() -> None:
            if entry.look:
                self._run_state.looked_at = looked
                self._take_out(gone)
            if entry.rooms or entry.granted:
                self._let_out(entry, admission, shared, booked)
            if booked is not None:
                self._take_up(step, booked, began)
            if forbidden:
                self._run_state.end(forbidden)

        return take_up

    def _admit(self, entry: Entry) -> Admission:
        """Let letters out within the limits, and report to the limits what became of earlier ones."""
        if not entry.rooms and entry.fates is None:
            return Admission()
        claims = (*entry.undealt, *entry.claimed)
        return self._limiter.admit(claims, entry.rooms, self._run_state.now(), entry.fates or Fates())

    def end(self) -> None:
        """Give back all places of limits, at the end of the run."""
        if self._limited:
            self._limiter.end(self._run_state.now(), Fates(tuple(self._run_state.answered)))

    def renew(self, now: datetime) -> Callable[[], None]:
        """Renew the lease and read the operator's orders; returns a function as ``write`` does."""
        return self.write(Entry(Step(renew=True), (), (), ()), now)

    def _to_look_at(self, now: float) -> tuple[ReaderId, ...]:
        """Return the readers whose letters wait, when it is time to check whether they have left; else none."""
        if self._run_state.over or now - self._run_state.looked_at < _LOOK_SECONDS:
            return ()
        waiting = [claim.reader_id for claim, _at in self._claimed] + [c.reader_id for c in self._run_state.undealt]
        waiting += [slot.claim.reader_id for slot in self._granted]
        return (*waiting, *(reader for route in self._routes for reader in route.in_hand()))

    def _take_out(self, gone: AbstractSet[ReaderId]) -> None:
        """Queue the letters of readers who have left again. The next claim finds out why they left."""
        if not gone:
            return
        run_state = self._run_state
        claims = [claim for claim, _at in self._claimed if claim.reader_id in gone]
        claims += [claim for claim in run_state.undealt if claim.reader_id in gone]
        claims += [slot.claim for slot in self._granted if slot.claim.reader_id in gone]
        self._granted = tuple(slot for slot in self._granted if slot.claim.reader_id not in gone)
        claims += [claim for route in self._routes for claim in route.drop(gone)]
        run_state.outcomes += [Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts) for claim in claims]
        self._claimed = deque(each for each in self._claimed if each[0].reader_id not in gone)
        run_state.undealt = deque(claim for claim in run_state.undealt if claim.reader_id not in gone)

    def _rooms(self, free: Sequence[int], step: Step) -> tuple[Capacity, ...]:
        """Return the routes' capacities; empty when no letter waits, or none may leave yet.

        Under a limit, a route that takes letters gets some for a short time ahead, unless it already has them.
        """
        run_state = self._run_state
        if run_state.over or self._is_held_up() or not (self._claimed or run_state.undealt):
            return ()
        rooms = tuple(route.room() for route in self._routes)
        if self._limited:
            self._speed.see(run_state.settled.total(), run_state.seconds())
            grant = self._speed.grant
            if len(self._granted) > grant / 2:
                return ()
            for room, route in zip(rooms, self._routes, strict=True):
                room.free = grant if room.free and route.works else room.free
        else:
            left = self._attempts.limited([room.free for room in rooms], step)
            rooms = tuple(replace(room, free=number) for room, number in zip(rooms, left, strict=True))
        return rooms if any(room.free for room in rooms) or any(free) else ()

    def _free(self) -> tuple[int, ...]:
        """Return how many letters with moments each route takes now."""
        if self._run_state.over:
            return tuple(0 for _ in self._routes)
        return tuple(route.room_for_granted(HORIZON / 2) for route in self._routes)

    def _may_be_noted(self, free: Sequence[int]) -> bool:
        """Return whether a letter with a moment can be noted now, or needs a new moment."""
        soon = self._run_state.now().timestamp() + HORIZON
        return any(free[slot.way] or self._routes[slot.way].closed for slot in self._granted if slot.due <= soon)

    def _share(self, entry: Entry, admission: Admission) -> Share:
        """Return the letters whose attempts are noted now; without limits, all that were let out."""
        if not self._limited:
            return Share(out=admission.permits)
        takes = [not route.closed for route in self._routes]
        return share((*entry.granted, *admission.permits), entry.free, takes, self._run_state.now().timestamp())

    def _wants_claims(self) -> bool:
        if self._run_state.over or self.exhausted or self._is_held_up():
            return False
        return len(self._claimed) - self._held_up < GROUP and len(self._claimed) < MOST_CLAIMED

    def _is_held_up(self) -> bool:
        return self._opens is not None and self._run_state.now() < self._opens

    def _let_out(self, entry: Entry, admission: Admission, shared: Share, booked: Booked | None) -> None:
        """Give the letters that were let out to the routes, and record the others."""
        run_state = self._run_state
        gone = {permit.claim.reader_id for permit in admission.permits}
        if not run_state.orders.letters_a_lane:
            self._noted |= {claim.reader_id for claim in entry.undealt if claim.reader_id in gone}
        run_state.undealt = deque(claim for claim in run_state.undealt if claim.reader_id not in gone)
        self._claimed = deque(each for each in self._claimed if each[0].reader_id not in gone)
        self._give(shared, booked)
        delayed = len(entry.claimed) + len(entry.undealt) > len(gone) and any(room.free for room in entry.rooms)
        self._held_up = len(self._claimed) if delayed and self._limited else 0
        for route in self._routes:
            route.wake()
        if entry.rooms:
            self._handle(admission.wait)

    def _give(self, shared: Share, booked: Booked | None) -> None:
        """Give the routes the letters whose attempts are noted. Letters whose moment has passed wait for a new one."""
        run_state = self._run_state
        ours = self._noted | booked.attempting if booked is not None else set(self._noted)
        self._granted = shared.kept
        for slot in shared.out:
            self._noted.discard(slot.claim.reader_id)
            route = self._routes[slot.way]
            if slot.claim.reader_id not in ours:
                continue
            if route.closed:  # closed since the check
                run_state.put_back(slot.claim)
            else:
                route.give(slot)
        for claim in shared.lapsed:
            if claim.reader_id in self._noted:
                self._noted.discard(claim.reader_id)
                run_state.undealt.append(claim)
            else:
                self._claimed.appendleft((claim, run_state.seconds()))

    def _handle(self, wait: Wait | None) -> None:
        """Set when to try again after a limit delayed letters. Before a long wait, give the claimed letters back."""
        self.wait, self._opens = wait, None
        if wait is None:
            return
        now = self._run_state.now()
        self._opens = max(wait.until - timedelta(seconds=AHEAD), now + _SHORTEST_WAIT)
        if wait.until - now > _LONG_WAIT:
            self._give_back()

    def _take_up(self, step: Step, booked: Booked, began: float) -> None:
        run_state = self._run_state
        self._booked_at = began
        self._attempts.book(step, booked)
        if booked.claims and not (
            self._claimed or self._granted or run_state.undealt or any(route.held for route in self._routes)
        ):
            run_state.looked_at = max(run_state.looked_at, began)  # readers of claimed letters have not left
        self._claimed += [(claim, began) for claim in booked.claims]
        if step.claim:
            self.exhausted = not booked.claims
        if any(outcome.state is DeliveryState.QUEUED for outcome in step.outcomes):
            self.exhausted = False
        if booked.ours is not None:
            self._renewed_at, run_state.lease_ends = began, began + run_state.orders.lease.total_seconds() * 0.75
            self._drop_lost(booked.ours)
        run_state.order = booked.order
        if booked.order is not Order.GO:
            run_state.end(_ENDS[booked.order])

    def _give_back(self) -> None:
        """Queue letters again that are at no route; at the end of the run, also those at routes."""
        run_state = self._run_state
        claims = [*(claim for claim, _at in self._claimed), *run_state.undealt]
        claims += [slot.claim for slot in self._granted]
        self._granted = ()
        self._noted.clear()
        if run_state.over:
            claims += [claim for route in self._routes for claim in route.put_down()]
        run_state.outcomes += [Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts) for claim in claims]
        self._claimed.clear()
        run_state.undealt.clear()
        self._held_up = 0

    def _drop_lost(self, ours: frozenset[ReaderId]) -> None:
        """Forget letters that other runs took while this machine slept.

        Queue those again that were noted but not sent.
        """
        lost = [claim for route in self._routes for claim in route.keep(ours)]
        lost += [claim for claim in self._run_state.undealt if claim.reader_id not in ours]
        self._granted = tuple(slot for slot in self._granted if slot.claim.reader_id in ours)
        self._run_state.outcomes += [Outcome(claim.reader_id, DeliveryState.QUEUED, claim.attempts) for claim in lost]
        self._run_state.undealt = deque(claim for claim in self._run_state.undealt if claim.reader_id in ours)
        self._claimed = deque(each for each in self._claimed if each[0].reader_id in ours)


def _without(gone: AbstractSet[ReaderId], claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.reader_id not in gone)

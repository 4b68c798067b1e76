"""One relay or folder in a run: the letters that wait for it, its health, and the lanes that send them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet

from digest.bookkeeping import Claim
from digest.deliver.pacing.held_places import AnswerTimes
from digest.deliver.pacing.relay_choice import Capacity, SendSlot
from digest.deliver.pacing.relay_health import RelayHealth, in_words, is_held
from digest.deliver.pacing.throttle import Lanes, Throttle
from digest.deliver.protocol.refusal import About
from digest.deliver.protocol.replies import Act, Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.lane import Lane
from digest.deliver.run.run_state import FRESH, GROUP, RunState, either
from digest.deliver.run.way import Way
from digest.errors import (
    DeliveryError,
    DigestError,
    JournalUnwritable,
    RelayBusy,
    RelayMishandled,
    RelayRefused,
    RelayUnreachable,
)
from digest.logs import get_logger
from digest.model.ids import ReaderId
from digest.model.meter import UNMETERED, Meter
from digest.model.quarantine import is_items_fault
from digest.model.sign import RelayTrouble

log = get_logger()

_LINGER = 0.05
_SHORTEST_REST = 0.5
_LONGEST_REST = 60.0
_HAND_OF_A_LANE = 4
_MOST_PACED = 2000
"""Letters that may wait at a route for their moments."""


def _goes_on(verdict: Verdict) -> bool:
    """Return whether the relay answered about a letter and kept the connection, so that it can be reached."""
    if verdict.fate in {Fate.RETURNED, Fate.UNCERTAIN}:
        return verdict.about is not None and verdict.act in {Act.GO_ON, Act.SLOW}
    return True


class Route:
    """A route in use.

    A relay that cannot be reached rests for longer and longer times; its letters go to other routes, and after each
    rest a single letter tries it. A relay that refuses us is not used again in this run. One that is overloaded
    gets fewer letters a second, or fewer connections.
    """

    def __init__(
        self, way: Way, run_state: RunState, *, alone: bool, changed: Callable[[Route], None], meter: Meter = UNMETERED
    ) -> None:
        self.name = way.label
        self.closed = False
        self.why = ""
        """Why it is closed; empty while it is open."""
        self.error: DeliveryError | None = None
        self.fault: Exception | None = None
        """The unexpected exception that closed it."""
        self.unreachable_since: float | None = None
        self.unreachable: RelayUnreachable | None = None
        self.lanes = Lanes(way.transport.lanes)
        self._way = way
        self._run_state = run_state
        self._alone = alone
        self._most = GROUP if alone else _HAND_OF_A_LANE * way.transport.lanes
        self._report = changed
        self._meter = meter
        self._hand: deque[SendSlot] = deque()
        self._taken = 0
        self._under_way: dict[int, tuple[Claim, int, float]] = {}
        self._health = RelayHealth()
        self._throttle = Throttle()
        self._doubts = ""
        self._rest = 0.0
        self._rests_until = 0.0
        self._answers = AnswerTimes()
        self._changed = asyncio.Event()

    @property
    def held(self) -> int:
        """How many letters wait at it."""
        return len(self._hand)

    # --- what it is given -----------------------------------------------------------------------------------------

    @property
    def works(self) -> bool:
        """Whether letters leave by it: it is open, and its relay was reached or not tried yet."""
        return not self.closed and (self.unreachable_since is None or bool(self._under_way))

    @property
    def unreachable_for(self) -> float:
        """How long the relay has been unreachable, in seconds; 0 while it can be reached."""
        return 0.0 if self.unreachable_since is None else self._run_state.seconds() - self.unreachable_since

    def room(self) -> Capacity:
        """Return how many letters it takes now."""
        free = 0 if self.closed else self._free()
        return Capacity(self.name, free, self._way.weight, self._way.limits, takes=self.works or free > 0)

    def _free(self) -> int:
        if self.works and (most := self._run_state.orders.letters_a_lane):
            return max(0, most * self._way.transport.lanes - len(self._hand) - len(self._under_way))
        if self._alone:
            return GROUP if len(self._hand) < GROUP else 0
        if self.works:
            return max(0, self._most - len(self._hand))
        return 0 if self._hand or self._run_state.seconds() < self._rests_until else 1

    def room_for_granted(self, seconds: float) -> int:
        """Return how many letters with moments it takes now: as many as it can note, or as leave within ``seconds``."""
        if self.closed or not self.works or self._run_state.orders.letters_a_lane:
            return 0 if self.closed else self._free()
        soon = self._run_state.now().timestamp() + seconds
        return 0 if self._hand and self._hand[-1].due > soon else _MOST_PACED

    def give(self, permit: SendSlot) -> None:
        """Add a letter to those that wait."""
        self._hand.append(permit)

    def put_down(self) -> list[Claim]:
        """Remove all waiting letters and return them."""
        claims = [permit.claim for permit in self._hand]
        self._hand.clear()
        return claims

    def keep(self, ours: AbstractSet[ReaderId]) -> list[Claim]:
        """Keep the waiting letters of ``ours``; remove the others and return them."""
        return self.drop({permit.claim.reader_id for permit in self._hand} - ours)

    def drop(self, gone: AbstractSet[ReaderId]) -> list[Claim]:
        """Remove the waiting letters of ``gone`` and return them."""
        theirs = [permit.claim for permit in self._hand if permit.claim.reader_id in gone]
        if theirs:
            self._hand = deque(permit for permit in self._hand if permit.claim.reader_id not in gone)
        return theirs

    def in_hand(self) -> Collection[ReaderId]:
        """Return the readers whose letters wait."""
        return [permit.claim.reader_id for permit in self._hand]

    def under_way(self) -> Collection[ReaderId]:
        """Return the readers whose letters are being sent."""
        return [claim.reader_id for claim, _number, _at in self._under_way.values()]

    def wake(self) -> None:
        """Make the lanes check again for letters."""
        self._changed.set()

    # --- what its lanes take and return ---------------------------------------------------------------------------

    def take(self) -> Parcel | None:
        """Return the next letter that may leave now, or None when none may at this moment."""
        run_state = self._run_state
        while self._hand and not self._wait():
            permit = self._hand.popleft()
            claim = permit.claim
            if permit.due > 0 and run_state.now().timestamp() > permit.lapses:
                run_state.put_back(claim)
                run_state.to_book.set()
                continue
            try:
                parcel = self._way.addressed(run_state.write(claim))
            except DigestError as error:
                run_state.note(claim, Verdict(Fate.REJECTED, reply=f"not sent: {error}"), "")
                continue
            self._taken += 1
            self._under_way[parcel.id] = (claim, self._taken, self._run_state.seconds())
            self._throttle.taken(self._run_state.seconds())
            run_state.under_way += 1
            if len(self._hand) < self._most // 2:
                run_state.to_book.set()
            return parcel
        return None

    async def more(self, lane: int) -> bool:
        """Wait until that lane may take a letter; False when it should close its connection."""
        while not (self._run_state.over or self.closed):
            if not self.lanes.may_run(lane, self._run_state.seconds()):
                return False
            wait = self._wait() if self._hand else None
            if self._hand and not wait:
                return True
            self._changed.clear()
            await either(self._changed, wait)
        return False

    def handing_over(self, parcel: Parcel) -> None:
        """Note the letter in the journal; see Feed."""
        claim, _number, _at = self._under_way[parcel.id]
        self._run_state.journal.begun(parcel.id, self.name, claim.attempts)

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter; see Feed."""
        claim, number, taken_at = self._under_way.pop(parcel.id)
        self._run_state.under_way -= 1
        fate, took = verdict.fate.name.lower(), self._run_state.seconds() - taken_at
        counted = self._run_state.now().timestamp() - self._answers.least(took)
        self._run_state.answered.append((claim.reader_id, counted))
        self._meter.answered(self._way.counted_as, fate, took, again=claim.attempts > 0)
        if verdict.fate is Fate.ACCEPTED:
            self._accepted(claim, number)
        elif _goes_on(verdict):
            self._heard_of()
        if is_held(verdict):
            self._hold(claim, verdict)
        elif verdict.act is Act.SLOW or verdict.act is Act.FEWER:
            self._too_much(claim, verdict)
        else:
            self._conclude(claim, verdict)
        if verdict.act is Act.STOP:
            self._refused(in_words(verdict))
        if not self._run_state.under_way:
            self._run_state.to_book.set()

    def _accepted(self, claim: Claim, number: int) -> None:
        """Record that a letter was accepted, and release the refusals of letters taken before it."""
        self._heard_of()
        self._health.passed(claim)
        self._throttle.accepted(self._run_state.seconds())
        if self._health.holds:
            for known, own in self._health.accepted(number):
                self._conclude(known, own)

    def _hold(self, claim: Claim, verdict: Verdict) -> None:
        """Hold a refusal until it is clear whom it concerns; if the run is killed before, the letter is tried again."""
        self._journal(claim, Fate.RETURNED, verdict.reply)
        self._run_state.note_returned(claim, verdict.reply)
        self._health.refused(claim, verdict, self._taken)
        if self._health.refuses_us:
            self._refused(self._health.why)
        if self.closed:
            self.release()

    def _too_much(self, claim: Claim, verdict: Verdict) -> None:
        """Put back a letter for which the relay had no capacity; its attempt stays noted, but is not counted."""
        self._journal(claim, Fate.RETURNED, verdict.reply)
        self._run_state.put_back(claim)
        self._run_state.to_book.set()
        if verdict.act is Act.SLOW:
            self._throttle.complained(self._run_state.seconds())
            if self._throttle.exhausted:
                self._refused(f"it takes nothing however slowly we send: {verdict.reply}")

    def _conclude(self, claim: Claim, verdict: Verdict) -> None:
        known = verdict.fate not in {Fate.RETURNED, Fate.UNCERTAIN}
        if verdict.fate is not Fate.UNCERTAIN:
            self._journal(claim, verdict.fate, verdict.reply)
        if verdict.about is About.US:
            self._doubts = in_words(verdict)
        self._run_state.note(claim, verdict, self.name if known or verdict.fate is Fate.UNCERTAIN else "")

    def release(self) -> None:
        """Decide the held refusals, since no further letter will show whom they concern; see RelayHealth."""
        if self._health.suspects and not self.closed:
            self._refused(self._health.why)
            return
        for claim, verdict in self._health.end(early=self.closed or self._run_state.over):
            self._conclude(claim, verdict)

    def _wait(self) -> float:
        """Return the seconds until the first waiting letter may leave; 0 when it may leave now."""
        run_state, now = self._run_state, self._run_state.seconds()
        if now >= run_state.lease_ends or now - run_state.looked_at >= FRESH:
            run_state.to_book.set()
            return _LINGER
        if run_state.over or self.closed or run_state.is_expired():
            return _LINGER
        due = self._hand[0].due
        turn = max(0.0, due - run_state.now().timestamp()) if due > 0 else 0.0
        return max(turn, self._throttle.wait(now))

    def trouble(self) -> str:
        """Return what is wrong with it; empty when nothing is."""
        if self.closed:
            return str(self.error) if self.error else f"{self.name}: {self.why}"
        if self.unreachable:
            return str(self.unreachable)
        return f"{self.name} refuses some letters for our sake ({self._doubts})" if self._doubts else ""

    # --- its health -----------------------------------------------------------------------------------------------

    def _heard_of(self) -> None:
        if not self.closed:
            self._meter.relay(self._way.counted_as, RelayTrouble.NONE)
        if self.unreachable_since is not None:
            log.info("relay reached again", relay=self.name, away_s=round(self.unreachable_for, 1))
        self.unreachable_since = self.unreachable = None
        self._rest = 0.0

    def _journal(self, claim: Claim, fate: Fate, words: str) -> None:
        try:
            self._run_state.journal.replied(claim.reader_id, fate, words)
        except DeliveryError as error:
            self._run_state.halt(error)

    async def carry(self, number: int) -> None:
        """Run one lane: send letters over one connection after another; rest ever longer while the relay is away."""
        lane = Lane(self, number)
        while not (self._run_state.over or self.closed):
            if not await self.more(number):
                await self._parked(number)
                continue
            try:
                await lane.carry(self._way.transport, self._run_state)
            except RelayBusy as error:
                self._crowded(error)
            except RelayUnreachable as error:
                await either(self._run_state.ended, self._failed(error))
            except JournalUnwritable as error:
                self._run_state.halt(error)
            except DeliveryError as error:
                self._close(str(error), error)
            except Exception as error:
                if not is_items_fault(error):
                    self._run_state.end("stopped by an error")
                    raise
                self._mishandled(lane, error)
            except BaseException:
                self._run_state.end("stopped by an error")
                raise

    def _mishandled(self, lane: Lane, error: Exception) -> None:
        """Close this route for this run after an error of our own; other routes continue and take its letters."""
        why = f"digest itself failed at it ({type(error).__name__})"
        lane.abandon(why)
        fault = RelayMishandled(f"{self.name}: {why}: digest quarantine list")
        fault.__cause__ = self.fault = error
        self._close(why, fault)

    async def _parked(self, number: int) -> None:
        """Wait while the relay accepts fewer connections than this lane's number."""
        while not (self._run_state.over or self.closed or self.lanes.may_run(number, self._run_state.seconds())):
            await either(self._run_state.ended, _SHORTEST_REST)

    def _crowded(self, error: RelayBusy) -> None:
        """Use fewer connections; a relay that accepts not even one is treated as unreachable."""
        if self.lanes.allowed > 1:
            self.lanes.fewer(self._run_state.seconds())
            log.info("relay wants fewer connections", relay=self.name, connections=self.lanes.allowed)
        else:
            self._failed(error)

    def _failed(self, error: RelayUnreachable) -> float:
        """Note that a connection failed or was lost; return how many seconds to rest."""
        now = self._run_state.seconds()
        self._meter.relay(self._way.counted_as, RelayTrouble.UNREACHABLE)
        self.unreachable, self.unreachable_since = error, self.unreachable_since or now
        if now >= self._rests_until:
            self._rest = min(self._rest * 2, _LONGEST_REST) or _SHORTEST_REST
            self._rests_until = now + self._rest * self._run_state.chance.uniform(0.5, 1.0)
            rests, why = round(self._rests_until - now, 1), type(error).__name__
            log.warning("relay paused", relay=self.name, why=why, pause_s=rests)
        self._report(self)
        return self._rests_until - now

    def _refused(self, why: str) -> None:
        """Close it for this run, since the relay refuses us; letters refused meanwhile go back into the queue."""
        self._close(f"the relay refuses us: {why}", RelayRefused(f"{self.name} refuses to take letters ({why})"))

    def _close(self, why: str, error: DeliveryError) -> None:
        """Close it for this run: somebody must look at it."""
        self.error = self.error or error
        if not self.closed:
            self.closed, self.why = True, why
            self._meter.relay(self._way.counted_as, RelayTrouble.REFUSES)
            log.error("relay closed", relay=self.name, why=type(error).__name__)
            self.release()
            self._report(self)
        self._changed.set()

"""One way out in a run: its hand of letters, its health, and the lanes that carry them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from digest.bookkeeping import Claim
from digest.deliver.gate import Permit, Room
from digest.deliver.pace import Limit
from digest.deliver.replies import Act, Fate, Verdict
from digest.deliver.shift import GROUP, Shift, either, seconds
from digest.deliver.smtp import Parcel
from digest.deliver.transport import Transport
from digest.errors import DeliveryError, DigestError, JournalUnwritable, RelayUnreachable
from digest.model.ids import ReaderId

_LINGER = 0.05
_SHORTEST_REST = 0.5
_LONGEST_REST = 60.0
_HAND_OF_A_LANE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way by which letters leave, beside others."""

    transport: Transport
    weight: float = 1.0
    """Its share of the letters; with 0 it gets some only while no other way can take any."""
    limits: tuple[Limit, ...] = ()
    """How fast letters may leave by it."""
    name: str = ""
    """What it is called in reports; the transport's name when empty."""

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or self.transport.name


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


class Route:
    """A way in use; it is the Feed of its lanes.

    A relay that cannot be reached rests for longer and longer times; its letters are dealt to others, and after each
    rest a single letter tries it. One that refuses us is not used again in this run.
    """

    def __init__(self, way: Way, shift: Shift, *, alone: bool, changed: Callable[[Route], None]) -> None:
        self.name = way.label
        self.lanes = way.transport.lanes
        self.closed = False
        self.why = ""
        """Why it is closed."""
        self.error: DeliveryError | None = None
        self.unreachable_since: float | None = None
        self.unreachable: RelayUnreachable | None = None
        self._way = way
        self._shift = shift
        self._alone = alone
        self._most = GROUP if alone else _HAND_OF_A_LANE * self.lanes
        self._report = changed
        self._hand: deque[Permit] = deque()
        self._under_way: dict[int, Claim] = {}
        self._breaker = Breaker()
        self._rest = 0.0
        self._rests_until = 0.0
        self._changed = asyncio.Event()

    @property
    def held(self) -> int:
        """How many letters lie in its hand."""
        return len(self._hand)

    # --- what it is given -----------------------------------------------------------------------------------------

    @property
    def works(self) -> bool:
        """Whether letters leave by it: it is open, and reached or not tried yet."""
        return not self.closed and (self.unreachable_since is None or bool(self._under_way))

    @property
    def unreachable_for(self) -> float:
        """Seconds since it could not be reached for the first time after its last answer; 0 when it is reached."""
        return 0.0 if self.unreachable_since is None else seconds() - self.unreachable_since

    def room(self) -> Room:
        """Return how many letters it takes now."""
        free = 0 if self.closed else self._free()
        return Room(self.name, free, self._way.weight, self._way.limits, takes=self.works or free > 0)

    def _free(self) -> int:
        if self._alone:
            return GROUP if len(self._hand) < GROUP else 0
        if self.works:
            return max(0, self._most - len(self._hand))
        return 0 if self._hand or seconds() < self._rests_until else 1

    def give(self, permit: Permit) -> None:
        """Put a letter into its hand."""
        self._hand.append(permit)

    def put_down(self) -> list[Claim]:
        """Return what was in its hand."""
        claims = [permit.claim for permit in self._hand]
        self._hand.clear()
        return claims

    def keep(self, ours: frozenset[ReaderId]) -> list[Claim]:
        """Keep the letters that are ``ours``, and return the others."""
        others = [permit.claim for permit in self._hand if permit.claim.reader_id not in ours]
        self._hand = deque(permit for permit in self._hand if permit.claim.reader_id in ours)
        return others

    def wake(self) -> None:
        """Let the lanes look again."""
        self._changed.set()

    # --- the Feed -------------------------------------------------------------------------------------------------

    def take(self) -> Parcel | None:
        """Return the next letter that may leave now; see Feed."""
        shift = self._shift
        while self._hand and not self._wait():
            permit = self._hand.popleft()
            claim = permit.claim
            if permit.due > 0 and shift.now().timestamp() > permit.lapses:
                shift.undealt.append(claim)
                shift.to_book.set()
                continue
            try:
                parcel = shift.write(claim)
            except DigestError as error:
                shift.note(claim, Verdict(Fate.REJECTED, reply=f"not sent: {error}"), "")
                continue
            self._under_way[parcel.id] = claim
            shift.under_way += 1
            if len(self._hand) < self._most // 2:
                shift.to_book.set()
            return parcel
        return None

    async def more(self) -> bool:
        """Wait until a letter may leave; see Feed."""
        while not (self._shift.over or self.closed):
            wait = self._wait() if self._hand else None
            if self._hand and not wait:
                return True
            self._changed.clear()
            await either(self._changed, wait)
        return False

    def handing_over(self, parcel: Parcel) -> None:
        """Note it in the journal; see Feed."""
        self._shift.journal.begun(parcel.id, self.name)

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter; see Feed."""
        claim = self._under_way.pop(parcel.id)
        self._shift.under_way -= 1
        judged = verdict.fate is not Fate.RETURNED and verdict.fate is not Fate.UNCERTAIN
        if judged:
            self._heard_of(claim, verdict)
        self._shift.note(claim, verdict, self.name if judged or verdict.fate is Fate.UNCERTAIN else "")
        if verdict.act is Act.STOP:
            self._close(f"the relay refuses: {verdict.reply}")
        elif self._breaker.is_open:
            self._close(f"{Breaker.LONGEST_RUN} letters in a row were refused, the last with: {verdict.reply}")

    def _wait(self) -> float:
        """Return how many seconds the first letter of the hand may not leave; 0 when it may."""
        shift, now = self._shift, seconds()
        if now >= shift.lease_ends:
            shift.to_book.set()
            return _LINGER
        if shift.over or self.closed or shift.is_expired():
            return _LINGER
        due = self._hand[0].due
        return max(0.0, due - shift.now().timestamp()) if due > 0 else 0.0

    def trouble(self) -> str:
        """Return what is wrong with it; empty when nothing is."""
        if self.closed:
            return str(self.error) if self.error else f"{self.name}: {self.why}"
        return str(self.unreachable) if self.unreachable else ""

    # --- its health -----------------------------------------------------------------------------------------------

    def _heard_of(self, claim: Claim, verdict: Verdict) -> None:
        self.unreachable_since = self.unreachable = None
        self._rest = 0.0
        self._breaker.note(refused=verdict.fate is not Fate.ACCEPTED)
        try:
            self._shift.journal.replied(claim.reader_id, verdict.fate, verdict.reply)
        except DeliveryError as error:
            self._shift.halt(error)

    async def carry(self) -> None:
        """Be one lane: carry letters over one connection after another, with growing rests while the relay is away."""
        while await self.more():
            try:
                await self._way.transport.carry(self)
            except RelayUnreachable as error:
                await either(self._shift.ended, self._failed(error))
            except JournalUnwritable as error:
                self._shift.halt(error)
            except DeliveryError as error:
                self._close(str(error), error)
            except BaseException:
                self._shift.end("stopped by an error")
                raise

    def _failed(self, error: RelayUnreachable) -> float:
        """Note that a connection could not be had, or was lost; return how long to rest."""
        now = seconds()
        self.unreachable, self.unreachable_since = error, self.unreachable_since or now
        if now >= self._rests_until:
            self._rest = min(self._rest * 2, _LONGEST_REST) or _SHORTEST_REST
            self._rests_until = now + self._rest * self._shift.chance.uniform(0.5, 1.0)
        self._report(self)
        return self._rests_until - now

    def _close(self, why: str, error: DeliveryError | None = None) -> None:
        """Use this way no more in this run: somebody must look at it."""
        self.error = self.error or error
        if not self.closed:
            self.closed, self.why = True, why
            self._report(self)
        self._changed.set()

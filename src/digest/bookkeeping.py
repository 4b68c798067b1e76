"""The rows of the ledger and how they change: the values that sending runs and the database exchange.

::

    queued ---> claimed ---> attempting ---> accepted | rejected | deferred | uncertain
      ^            |             |                           |          |          |
      +------------+-------------+--- (never handed over) ---+----------+----------+
                                         (rejected, uncertain: only the operator can)

    queued, deferred ---> suppressed | expired

``CHANGES`` is the only table of allowed changes: the SQL of both ledgers is built from it.

A row is claimed under a lease. Every change names the worker that holds the row, and changes nothing when another
worker holds it. ``attempting`` is written before the letter may leave. The states of an edition always add up to its
audience.

A run with an in-flight list makes the changes CLAIM and ATTEMPT of many rows in one write. Its list then shows which of
these letters may have left; see ``storage.in_flight``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId

S = DeliveryState


class Change(Enum):
    """A change of a row."""

    CLAIM = "claim"
    LEAVE_OUT = "leave out"
    """The reader left, paused or is suppressed."""
    EXPIRE = "expire"
    ATTEMPT = "attempt"
    RECORD = "record"
    """Store the result of a letter: by the run that holds it, or by a later run that read the journal of that run."""
    FIND = "find"
    """A journal shows that a letter left although its row is only claimed: the database is older than the journal."""
    PROVE = "prove"
    """A journal shows that a letter left although no run holds its row: the database is older than the journal."""
    REJECT = "reject"
    """Reject the remaining letters of a shard: every process that sends them dies."""
    RESEND = "resend"
    """Only the operator orders it."""


_JUDGED = frozenset({S.ACCEPTED, S.REJECTED, S.DEFERRED, S.QUEUED})
LEFT = frozenset({S.ACCEPTED, S.UNCERTAIN})
"""Letters in these states left, or may have left. Nobody gets them again unless the operator orders it."""
CHANGES: Mapping[Change, Mapping[DeliveryState, frozenset[DeliveryState]]] = {
    Change.CLAIM: dict.fromkeys((S.QUEUED, S.DEFERRED), frozenset({S.CLAIMED})),
    Change.LEAVE_OUT: dict.fromkeys((S.QUEUED, S.DEFERRED), frozenset({S.SUPPRESSED})),
    Change.EXPIRE: dict.fromkeys((S.QUEUED, S.DEFERRED), frozenset({S.EXPIRED})),
    Change.ATTEMPT: {S.CLAIMED: frozenset({S.ATTEMPTING})},
    Change.RECORD: {
        S.CLAIMED: frozenset({S.QUEUED}),
        S.ATTEMPTING: _JUDGED | {S.UNCERTAIN},
        S.UNCERTAIN: _JUDGED,
    },
    Change.FIND: {S.CLAIMED: LEFT},
    Change.PROVE: dict.fromkeys((S.QUEUED, S.DEFERRED), LEFT),
    Change.REJECT: dict.fromkeys((S.QUEUED, S.DEFERRED), frozenset({S.REJECTED})),
    Change.RESEND: dict.fromkeys((S.UNCERTAIN, S.REJECTED), frozenset({S.QUEUED})),
}
"""Change -> state in which it is allowed -> states to which it may lead. No other change is ever written."""
HELD = frozenset(CHANGES[Change.RECORD])
"""Letters in these states belong to a run, which may have ended."""


def sources(change: Change, to: DeliveryState | None = None) -> tuple[str, ...]:
    """Return the stored names of the states in which a change is allowed; with ``to``, those that may lead to it."""
    return tuple(state.value for state, ends in CHANGES[change].items() if to is None or to in ends)


UNFINISHED = frozenset({S.QUEUED, S.CLAIMED, S.ATTEMPTING, S.DEFERRED})

LEASE = timedelta(minutes=2)
"""How long a claim lasts unless it is renewed."""
LAST_READER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of reader ids of an edition, from ``first`` to ``last``, both included.

    One job sends the letters of one range.
    """

    first: int = 1
    last: int = LAST_READER

    def halves(self) -> tuple[Shard, ...]:
        """Return the two halves of the range; empty when it has only one id."""
        if self.first >= self.last:
            return ()
        middle = (self.first + self.last) // 2
        return Shard(self.first, middle), Shard(middle + 1, self.last)


ALL_READERS = Shard()


@dataclass(frozen=True, slots=True)
class Worker:
    """One sending run, and the host and file of its journal."""

    name: str
    journal_host: str
    journal_file: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that this run has reserved and may send, with the reader's present data."""

    reader_id: ReaderId
    address: str
    name: str = ""
    attempts: int = 0
    """Number of earlier attempts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a letter that this run holds, as the ledger is to store it."""

    reader_id: ReaderId
    state: DeliveryState
    attempts: int
    reply: str = ""
    next_attempt: datetime | None = None
    suppress: bool = False
    relay: str = ""
    """The relay that accepted or refused it; empty when no relay was asked."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that another run holds. That run may have ended."""

    reader_id: ReaderId
    state: DeliveryState
    worker: str
    lease_until: datetime
    journal_host: str
    journal_file: str
    attempts: int
    flight: int | None = None
    """The version of the other run's in-flight list that gave ``state``; None when there is no such list.

    With a list, the state stored in the row is ``attempting`` also when ``state`` is ``claimed``.
    """
    result: Outcome | None = None
    """The result that the other run noted for the letter in its in-flight list; None when it noted none."""


@dataclass(frozen=True, slots=True)
class LeftLetter:
    """A letter that left, as the journal of an ended run shows."""

    reader_id: ReaderId
    accepted: bool
    """False when it was handed over and no reply was noted."""
    reply: str
    relay: str
    attempts: int
    """Number of attempts before this one; -1 when it is unknown."""


@dataclass(frozen=True, slots=True)
class EndedRun:
    """An ended run: its journal, and the letters that left in it."""

    worker: str
    journal_file: str
    begun_at: datetime | None
    """When the run began, by its clock; None when it is unknown."""
    letters: tuple[LeftLetter, ...]


@dataclass(frozen=True, slots=True)
class RecoveryFinding:
    """The new state of another run's row. It is written only if the row has not changed since it was read."""

    held: Held
    outcome: Outcome


class Order(Enum):
    """The operator's order to a run that is sending."""

    GO = "go"
    PAUSE = "pause"
    CANCEL = "cancel"
    LEAVE = "leave"
    """Not from the operator: other runs took over the letters of this run, since its lease had ended."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction of the ledger writes, in the order of the fields."""

    outcomes: tuple[Outcome, ...] = ()
    interim: tuple[Outcome, ...] = ()
    """Outcomes that a later step repeats as ``outcomes``. A ledger with in-flight lists notes them at once."""
    attempt: tuple[ReaderId, ...] = ()
    """Claimed letters that are about to be sent."""
    renew: bool = False
    """Extend the lease of all rows that this run holds."""
    claim: int = 0
    """How many more letters to claim."""

    def __bool__(self) -> bool:
        return bool(self.outcomes or self.interim or self.attempt or self.claim or self.renew)


@dataclass(frozen=True, slots=True)
class Booked:
    """The result of a step. Only the letters in ``attempting`` may be sent."""

    attempting: frozenset[ReaderId] = frozenset()
    claims: tuple[Claim, ...] = ()
    ours: frozenset[ReaderId] | None = None
    """All rows that this run holds after a renewal and the claim; None without a renewal."""
    order: Order = Order.GO


@dataclass(frozen=True, slots=True)
class Counts:
    """How many letters of an edition are in each state."""

    by_state: tuple[tuple[DeliveryState, int], ...] = ()

    def of(self, *states: DeliveryState) -> int:
        """Return how many letters are in any of ``states``."""
        return sum(number for state, number in self.by_state if state in states)

    @property
    def audience(self) -> int:
        """Number of readers for whom the edition was frozen."""
        return sum(number for _state, number in self.by_state)

    @property
    def unfinished(self) -> int:
        """Number of letters that are still to be sent, now or later."""
        return self.of(*UNFINISHED)


@dataclass(frozen=True, slots=True)
class Tally:
    """A number counted under the name ``scope``.

    ``start`` is when the counted period begins, or the moment of the count.
    """

    scope: str
    start: datetime
    number: int

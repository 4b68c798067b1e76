"""A ledger without a database, for tests, and for trying a relay or folder with a list of addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from digest.bookkeeping import (
    CHANGES,
    HELD,
    LEASE,
    Booked,
    Change,
    Claim,
    Counts,
    Held,
    Order,
    Outcome,
    RecoveryFinding,
    Step,
    Worker,
)
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId

S = DeliveryState


@dataclass(slots=True)
class Row:
    """One letter: the values of a row of the ledger."""

    address: str
    state: DeliveryState = S.QUEUED
    attempts: int = 0
    reply: str = ""
    next_attempt: datetime | None = None
    worker: Worker | None = None
    lease_until: datetime | None = None
    relay: str = ""


class MemoryLedger:
    """A Ledger kept in a dictionary; used by one thread at a time."""

    def __init__(self, addresses: Mapping[int, str]) -> None:
        self.rows = {ReaderId(reader): Row(address) for reader, address in sorted(addresses.items())}
        self.left: set[ReaderId] = set()
        """Readers who are suppressed, or who left after the audience was frozen."""
        self.order = Order.GO

    def book(self, worker: Worker, step: Step, now: datetime) -> Booked:
        """Write a step; see Ledger."""
        for outcome in step.outcomes:
            row = self.rows[outcome.reader_id]
            if row.worker == worker:
                self._write(row, outcome, Change.RECORD)
        attempting = [reader for reader in step.attempt if self._is_ours(reader, worker, *CHANGES[Change.ATTEMPT])]
        for reader in attempting:
            self.rows[reader].state = S.ATTEMPTING
            self.rows[reader].lease_until = now + LEASE
        claims = tuple(self._claim(worker, step.claim, now))
        ours = frozenset(r for r in self.rows if self._is_ours(r, worker, S.CLAIMED, S.ATTEMPTING))
        for reader in ours if step.renew else ():
            self.rows[reader].lease_until = now + LEASE
        return Booked(frozenset(attempting), claims, ours if step.renew else None, self.order)

    def held_by_others(self, worker: Worker) -> Sequence[Held]:
        """Return the claimed, attempting and uncertain rows of other workers; see Ledger."""
        return [
            Held(reader, row.state, w.name, row.lease_until, w.journal_host, w.journal_file, row.attempts)
            for reader, row in self.rows.items()
            if row.state in HELD and (w := row.worker) is not None and w != worker and row.lease_until is not None
        ]

    def settle(self, findings: Sequence[RecoveryFinding], now: datetime) -> int:  # noqa: ARG002 - no row has a time here
        """Write what was found out about abandoned rows; see Ledger."""
        settled = 0
        for found in findings:
            row = self.rows[found.held.reader_id]
            if row.state is found.held.state and row.worker is not None and row.worker.name == found.held.worker:
                settled += self._write(row, found.outcome, Change.RECORD, Change.FIND)
        return settled

    def expire(self, now: datetime, reason: str) -> int:  # noqa: ARG002
        """Expire the queued and deferred letters; see Ledger."""
        open_rows = [row for row in self.rows.values() if row.state in CHANGES[Change.EXPIRE]]
        for row in open_rows:
            row.state, row.reply, row.next_attempt = S.EXPIRED, reason, None
        return len(open_rows)

    def departed(self, readers: Collection[ReaderId], now: datetime) -> AbstractSet[ReaderId]:  # noqa: ARG002
        """Return which readers must not get the letter any more; see Ledger."""
        return self.left.intersection(readers)

    def counts(self) -> Counts:
        """Return the number of letters in each state; see Ledger."""
        found = Counter(row.state for row in self.rows.values())
        return Counts(tuple((state, found[state]) for state in S if found[state]))

    def next_attempt(self) -> datetime | None:
        """Return when the first deferred letter is due again; see Ledger."""
        return min((row.next_attempt for row in self.rows.values() if row.next_attempt), default=None)

    def _claim(self, worker: Worker, most: int, now: datetime) -> list[Claim]:
        claims: list[Claim] = []
        for reader, row in self.rows.items():
            due = row.state is S.QUEUED or (row.state is S.DEFERRED and row.next_attempt and row.next_attempt <= now)
            if not due or len(claims) >= most:
                continue
            if reader in self.left:
                row.state, row.reply = S.SUPPRESSED, "left before it was sent"
                continue
            row.state, row.worker, row.lease_until = S.CLAIMED, worker, now + LEASE
            claims.append(Claim(reader, row.address, attempts=row.attempts))
        return claims

    def _is_ours(self, reader: ReaderId, worker: Worker, *states: DeliveryState) -> bool:
        return self.rows[reader].worker == worker and self.rows[reader].state in states

    def _write(self, row: Row, outcome: Outcome, *changes: Change) -> bool:
        if not any(outcome.state in CHANGES[change].get(row.state, ()) for change in changes):
            return False
        row.state, row.attempts, row.reply = outcome.state, outcome.attempts, outcome.reply
        row.next_attempt, row.relay = outcome.next_attempt, outcome.relay
        if outcome.state is not S.UNCERTAIN:
            row.worker = row.lease_until = None
        if outcome.suppress:
            self.left.add(outcome.reader_id)
        return True

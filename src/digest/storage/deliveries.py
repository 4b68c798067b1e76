"""The ledger of dispatch: how letters are claimed, attempted and settled. ``storage.edition_rows`` reads the rows.

The frequent statements are written in SQL and take a whole batch as one JSON value: one statement for a hundred
letters, during which SQLite releases Python's lock. Row by row through ``executemany`` they were the slowest part
(measured).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, literal, select

from digest.bookkeeping import (
    ALL_READERS,
    HELD,
    LEASE,
    Booked,
    Change,
    Claim,
    EndedRun,
    Held,
    Order,
    Outcome,
    RecoveryFinding,
    Shard,
    Step,
    Worker,
    sources,
)
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.storage import partitions
from digest.storage.edition_rows import EditionRows
from digest.storage.engine import Database
from digest.storage.in_flight import InFlight, Listed, close, listed
from digest.storage.ledger_statements import Statements
from digest.storage.left_letters import prove
from digest.storage.prepared import prepared
from digest.storage.refused import suppress, suppress_repeated
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers

S = DeliveryState

_ORDERS = {EditionState.PAUSED.value: Order.PAUSE, EditionState.CANCELLED.value: Order.CANCEL}


class Deliveries(EditionRows):
    """One edition's rows: the Ledger of dispatch.

    Every method is one transaction. A row changes only for the worker that holds it, or for a run that recovers it,
    if it has not changed since it was read. So a worker that slept past its lease no longer holds its letters and
    harms nothing.
    """

    def __init__(
        self,
        database: Database,
        edition_id: int,
        shard: Shard = ALL_READERS,
        lease: timedelta = LEASE,
        letter: int | None = None,
        *,
        lists: bool = False,
    ) -> None:
        """Open the rows of an edition, or of one shard of it; a claim lasts for ``lease``.

        ``letter`` is the number of the letter to be sent: once it is replaced, no more rows are claimed. With
        ``lists``, attempts are noted in an in-flight list, which suits small groups; see ``storage.in_flight``.
        """
        super().__init__(database, edition_id, shard)
        self._lease = lease
        self._letter = letter
        self._lists = lists
        self._flights: dict[str, InFlight] = {}
        """The lists of the runs that use this object: usually one."""
        self._claimed: dict[str, set[ReaderId]] = {}
        """Without lists: for each run, the readers whose rows it claimed here and has not written since."""
        self._statements: Statements | None = None
        self._dialect = "sqlite" if database.is_sqlite else "postgresql"
        self._first = shard.first - 1
        self._after = self._first

    def of_letter(self, number: int) -> Deliveries:
        """Return the same rows, to send the letter with that number."""
        return Deliveries(self._database, self._edition, self._shard, self._lease, number, lists=self._lists)

    def _say(self, connection: Connection) -> Statements:
        """Return the statements for this edition's table. A second connection might be one more than a pool has."""
        if self._statements is None:
            self._statements = Statements(self._dialect, partitions.table_of(connection, self._edition))
        return self._statements

    def _prepared(self, connection: Connection) -> AbstractContextManager[None]:
        """Prepare the statements of runs with lists.

        A prepared statement has one plan for all batches: it reads all rows between the first and the last reader of
        a batch. That suits a shard. In a whole edition a batch may have readers that are far apart.
        """
        return prepared(connection) if self._lists else nullcontext()

    def book(self, worker: Worker, step: Step, now: datetime) -> Booked:
        """Write one step of a run in one transaction; only the letters that it returns may be sent. See Ledger."""
        flight = self._flight(worker)
        if flight is not None and not (step.outcomes or step.claim or step.renew):
            with self._database.single() as connection, self._prepared(connection):  # most steps of small groups
                return self._noted(connection, flight, step)
        with self._database.write() as connection, self._prepared(connection):
            noted = self._noted(connection, flight, step, claim=bool(step.claim)) if flight is not None else Booked()
            if step.outcomes:
                self._record(connection, worker, step.outcomes, now)
            attempting = (
                noted.attempting if flight is not None else self._attempt(connection, worker, step.attempt, now)
            )
            if noted.order is Order.LEAVE:
                return noted
            ours = self._renew(connection, worker, now) if step.renew else None
            claims = self._claim(connection, worker, step.claim, now) if step.claim else ()
            if ours is not None:
                ours = ours.union(claim.reader_id for claim in claims)
            return Booked(attempting, claims, ours, self._order(connection))

    def _flight(self, worker: Worker) -> InFlight | None:
        """Return the in-flight list of a run; None when its attempts are noted in the rows."""
        if not self._lists:
            return None
        run = InFlight(worker.name, self._edition, worker.journal_host, worker.journal_file)
        return self._flights.setdefault(worker.name, run)

    def _ours(self, worker: Worker) -> set[ReaderId]:
        """Return the readers whose rows a run claimed here and has not written since."""
        flight = self._flight(worker)
        return self._claimed.setdefault(worker.name, set()) if flight is None else flight.claimed

    def _noted(self, connection: Connection, flight: InFlight, step: Step, *, claim: bool = False) -> Booked:
        """Write the list of a run, before its rows: who takes over locks them in the same order."""
        if not flight.begun and claim:
            flight.begin(connection)
        attempt = flight.claimed.intersection(step.attempt)
        if not flight.change(attempt, step.interim, step.outcomes):
            closed = flight.begun and (claim or step.renew) and flight.is_closed(connection)
            return Booked(order=Order.LEAVE if closed else Order.GO)
        if not flight.note(connection):
            return Booked(order=Order.PAUSE if self._was_replaced(connection) else Order.LEAVE)
        return Booked(frozenset(attempt))

    def held_by_others(self, worker: Worker) -> Sequence[Held]:
        """Return the rows that other runs hold, or held; see Ledger."""
        d = deliveries.c
        query = select(d.reader_id, d.state, d.worker, d.lease_until, d.journal_host, d.journal_file, d.attempts).where(
            self._here,
            d.worker != worker.name,
            d.state.in_([state.value for state in HELD]),
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(d.reader_id)).all()
            lists = listed(connection, {row.worker for row in rows if row.state == S.ATTEMPTING.value})
        return [_held(row, lists.get(row.worker)) for row in rows]

    def settle(self, findings: Sequence[RecoveryFinding], now: datetime) -> int:
        """Write the findings about abandoned rows; see Ledger."""
        if not findings:
            return 0
        runs = {(found.held.worker, found.held.flight) for found in findings if found.held.flight is not None}
        with self._database.write() as connection:
            moved = {worker for worker, number in sorted(runs) if not close(connection, worker, number or 0)}
            valid = [found for found in findings if found.held.flight is None or found.held.worker not in moved]
            rows = [[*self._row(found.outcome), *_stored(found.held)] for found in valid]
            given = {"rows": json.dumps(rows), "edition": self._edition, "now": now}
            given |= _bounds([found.held.reader_id for found in valid])
            settled = set(connection.execute(self._say(connection).settle, given).scalars())
            gone = [reader for found in valid if found.outcome.suppress and (reader := found.held.reader_id) in settled]
            suppress(connection, gone, now)
            return len(settled)

    def prove(self, run: EndedRun, now: datetime) -> int:
        """Settle waiting letters that left by a journal; return how many. See ``storage.left_letters``."""
        with self._database.read() as connection:
            say = self._say(connection)
        return prove(self._database, say, self._edition, run, now)

    def expire(self, now: datetime, reason: str, zones: Collection[str] | None = None) -> int:
        """Expire the queued and deferred letters; see Ledger. With ``zones``, only those to readers in these zones."""
        d = deliveries.c
        waiting = and_(self._here, d.state.in_(sources(Change.EXPIRE)))
        if zones is not None:
            waiting = and_(waiting, d.reader_id.in_(select(readers.c.id).where(readers.c.zone.in_(zones))))
        told = case((d.reply == "", reason), else_=literal(f"{reason}; last answer: ") + d.reply)
        end = deliveries.update().where(waiting).values(state=S.EXPIRED.value, updated_at=now, next_attempt=None)
        put_off = select(d.reader_id).where(waiting, d.state == S.DEFERRED.value, d.reply.startswith("RCPT: "))
        with self._database.write() as connection:
            refused = list(connection.scalars(put_off))
            ended = connection.execute(end.values(reply=told)).rowcount
            suppress_repeated(connection, refused, now)
        return ended

    def departed(self, readers: Collection[ReaderId], now: datetime) -> AbstractSet[ReaderId]:
        """Return which of ``readers`` must no longer get the letter; see Ledger."""
        given = {"edition": self._edition, "ids": json.dumps(list(readers)), "now": now}
        with self._database.read() as connection, self._prepared(connection):
            return frozenset(connection.execute(self._say(connection).departed, given).scalars())

    def reject(self, now: datetime, reason: str) -> int:
        """Reject the queued and deferred letters, since every process that sends them dies; return their number."""
        waiting = and_(self._here, deliveries.c.state.in_(sources(Change.REJECT)))
        end = {"state": S.REJECTED.value, "reply": reason, "updated_at": now, "next_attempt": None}
        with self._database.write() as connection:
            return connection.execute(deliveries.update().where(waiting).values(end)).rowcount

    def resend(
        self,
        now: datetime,
        state: DeliveryState = S.UNCERTAIN,
        since: datetime | None = None,
        reader: ReaderId | None = None,
    ) -> int:
        """Queue every letter with an uncertain result again, on the operator's order; return how many.

        Or queue rejected letters, ``since`` an instant or of one ``reader``. Suppressed readers still get none.
        """
        d = deliveries.c
        again = (
            deliveries.update()
            .where(d.edition_id == self._edition, d.state == state.value, d.state.in_(sources(Change.RESEND)))
            .values(state=S.QUEUED.value, worker=None, lease_until=None, updated_at=now)
        )
        if since is not None:
            again = again.where(d.updated_at >= since)
        if reader is not None:
            again = again.where(d.reader_id == reader)
        with self._database.write() as connection:
            return connection.execute(again).rowcount

    def _record(self, connection: Connection, worker: Worker, outcomes: Collection[Outcome], now: datetime) -> None:
        self._ours(worker).difference_update(outcome.reader_id for outcome in outcomes)
        rows = json.dumps([self._row(outcome) for outcome in outcomes])
        given = {"rows": rows, "edition": self._edition, "now": now, "worker": worker.name}
        given |= {"host": worker.journal_host, "file": worker.journal_file}
        connection.execute(self._say(connection).record, given | _bounds([outcome.reader_id for outcome in outcomes]))
        gone = [outcome.reader_id for outcome in outcomes if outcome.suppress]
        suppress(connection, gone, now)
        refused = [outcome.reader_id for outcome in outcomes if outcome.state is S.REJECTED and not outcome.suppress]
        suppress_repeated(connection, refused, now)

    def _attempt(
        self, connection: Connection, worker: Worker, ids: Sequence[ReaderId], now: datetime
    ) -> frozenset[ReaderId]:
        if not ids or self._was_replaced(connection):
            return frozenset()
        return frozenset(connection.execute(self._say(connection).attempt, self._held(worker, ids, now)).scalars())

    def _claim(self, connection: Connection, worker: Worker, most: int, now: datetime) -> tuple[Claim, ...]:
        """Claim letters in the order of the readers; at the end of the list, begin again once."""
        if self._was_replaced(connection):
            return ()
        due = self._due(connection, most, now)
        if not due and self._after > self._first:
            self._after = self._first
            due = self._due(connection, most, now)
        if not due:
            return ()
        self._after = due[-1].reader_id
        unwanted = [[row.reader_id, S.SUPPRESSED.value, 0, row.objection] for row in due if row.objection]
        if unwanted:
            connection.execute(
                self._say(connection).leave_out, {"rows": json.dumps(unwanted), "edition": self._edition, "now": now}
            )
        claims = tuple(Claim(row.reader_id, row.address, row.name, row.attempts) for row in due if not row.objection)
        ids = [claim.reader_id for claim in claims]
        flight = self._flight(worker)
        held = self._held(worker, ids, now) | {"taken": (S.CLAIMED if flight is None else S.ATTEMPTING).value}
        if flight is not None:  # its list names the journal
            held |= {"host": None, "file": None}
        self._ours(worker).update(ids)
        connection.execute(self._say(connection).claim, held)
        return claims or self._claim(connection, worker, most, now)

    def _due(self, connection: Connection, most: int, now: datetime) -> Sequence[Row[Any]]:
        given = {"edition": self._edition, "after": self._after, "last": self._shard.last, "most": most, "now": now}
        return connection.execute(self._say(connection).due, given).all()

    def _renew(self, connection: Connection, worker: Worker, now: datetime) -> frozenset[ReaderId]:
        """Extend the lease of the rows that a run holds; the search is limited to the readers between them."""
        ours = self._ours(worker)
        if not ours:
            return frozenset()
        given = {"edition": self._edition, "worker": worker.name, "lease": now + self._lease, **_bounds(ours)}
        return frozenset(connection.execute(self._say(connection).renew, given).scalars())

    def _was_replaced(self, connection: Connection) -> bool:
        """Return whether our letter was replaced: another run then sends the new one to the remaining readers."""
        number = select(editions.c.letter).where(editions.c.id == self._edition)
        return self._letter is not None and connection.scalar(number) != self._letter

    def _order(self, connection: Connection) -> Order:
        found = connection.execute(select(editions.c.state, editions.c.letter).where(editions.c.id == self._edition))
        row = found.one_or_none()
        if row is None:
            return Order.GO
        replaced = self._letter is not None and row.letter != self._letter
        return Order.PAUSE if replaced else _ORDERS.get(row.state, Order.GO)

    def _held(self, worker: Worker, ids: Sequence[ReaderId], now: datetime) -> dict[str, object]:
        return {
            "edition": self._edition,
            "worker": worker.name,
            "host": worker.journal_host,
            "file": worker.journal_file,
            "ids": json.dumps(ids),
            "lease": now + self._lease,
            "now": now,
            **_bounds(ids),
        }

    def _row(self, outcome: Outcome) -> list[object]:
        return [
            outcome.reader_id,
            outcome.state.value,
            outcome.attempts,
            outcome.reply,
            outcome.next_attempt and self._written(outcome.next_attempt),
            outcome.relay,
        ]

    def _written(self, instant: datetime) -> str:
        """Return an instant as text in the format of its column: with SQLite in UTC without a zone (see Instant)."""
        instant = instant.astimezone(UTC)
        return instant.isoformat() if self._dialect == "postgresql" else f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def _bounds(ids: Collection[ReaderId]) -> dict[str, object]:
    """Return the least and the greatest reader of a batch."""
    return {"first": min(ids, default=0), "last": max(ids, default=0)}


def _held(row: Row[*tuple[Any, ...]], run: Listed | None) -> Held:
    """Return a held row with what the in-flight list of its run says; see ``storage.in_flight``."""
    held = Held(
        row.reader_id,
        S(row.state),
        row.worker,
        row.lease_until,
        row.journal_host or (run.journal_host if run is not None else ""),
        row.journal_file or (run.journal_file if run is not None else ""),
        row.attempts,
    )
    if run is None or held.state is not S.ATTEMPTING:
        return held
    state = S.ATTEMPTING if held.reader_id in run.readers or held.reader_id in run.results else S.CLAIMED
    return replace(held, state=state, flight=run.number, result=run.results.get(held.reader_id))


def _stored(held: Held) -> tuple[str, ...]:
    """Return the state that a row has in the table, the worker that holds it, and where its journal is."""
    state = held.state if held.flight is None else S.ATTEMPTING
    return state.value, held.worker, held.journal_host, held.journal_file

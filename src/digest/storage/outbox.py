"""Personal mails: the request, and the state of each mail.

A row begins as ``asked``: the page has answered, but nothing is decided yet. Then it changes like a delivery (see
``bookkeeping``), or it stays ``suppressed`` for a while, with the reason why no mail is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from digest.bookkeeping import (
    HELD,
    LEASE,
    UNFINISHED,
    Booked,
    Change,
    Claim,
    Counts,
    Held,
    Outcome,
    RecoveryFinding,
    Step,
    Worker,
    sources,
)
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.schema.mailing import outbox
from digest.storage.welcomes import cancelled, paused, unwanted

S = DeliveryState
ASKED = "asked"
STAYED = (ASKED, S.SUPPRESSED.value, S.REJECTED.value, S.EXPIRED.value)
"""States of mails that were not sent. All others were sent, or will be, and count for the limits."""
LOOK_AGAIN = timedelta(minutes=5)
"""After this time it is looked again whether the edition of a welcome letter is still paused."""
NOT_SENT_FOR = timedelta(days=2)
"""How long the operator can see why no mail was sent."""
ADDRESS_FOR = timedelta(days=14)
"""How long a sent mail's row keeps the address; its limit key, a hash, stays."""
PAGE = 500
"""Rows that one transaction of a purge changes: other writers wait for its lock."""
NAMELESS: Mapping[str, Any] = {"address": "", "identity": "", "request": {}, "reply": ""}
"""Values that remove a row's personal data; the reply too, since servers often repeat the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that is to be written."""

    id: int
    kind: str
    address: str
    language: str
    request: Mapping[str, Any]
    nonce: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMail:
    """A request or a mail as the operator sees it."""

    id: int
    kind: str
    address: str
    state: str
    reply: str
    """The server's reply, or why no mail is sent."""
    asked_at: datetime
    next_attempt: datetime | None


class Outbox:
    """The Ledger of dispatch for personal mails: a reader id of Ledger is the number of a mail here.

    There are few such mails, so every change is written row by row. Every method is one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def requeue(self, number: int, now: datetime) -> bool:
        """Queue a rejected mail again, unless it has expired; return whether it was queued."""
        o = outbox.c
        here = and_(o.id == number, o.state == S.REJECTED.value, o.expires > now, o.address != "")
        with self._database.write() as connection:
            again = update(outbox).where(here).values(state=S.QUEUED.value, reply="", updated_at=now)
            return connection.execute(again).rowcount == 1

    def mail(self, number: int) -> Mail:
        """Return the mail to be written. Raises LookupError when it does not exist."""
        with self._database.read() as connection:
            row = connection.execute(select(outbox).where(outbox.c.id == number)).one_or_none()
        if row is None:
            raise LookupError(f"there is no mail {number}")
        return Mail(
            id=row.id,
            kind=row.kind,
            address=row.address,
            language=row.language,
            request=row.request,
            nonce=row.nonce,
            expires=row.expires,
        )

    def latest(self, limit: int) -> tuple[ListedMail, ...]:
        """Return requests and mails, the newest first."""
        o = outbox.c
        query = select(o.id, o.kind, o.address, o.state, o.reply, o.asked_at, o.next_attempt)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(o.id.desc()).limit(limit)).mappings()
            return tuple(ListedMail(**row) for row in rows)

    def is_due(self, now: datetime) -> bool:
        """Return whether a run would have mails to send, or to recover after a killed run."""
        o = outbox.c
        lapsed = and_(o.state.in_([S.CLAIMED.value, S.ATTEMPTING.value]), o.lease_until <= now)
        with self._database.read() as connection:
            return connection.execute(select(o.id).where(or_(_due(now), lapsed)).limit(1)).first() is not None

    def book(self, worker: Worker, step: Step, now: datetime) -> Booked:
        """Write one step of a run; see Ledger."""
        with self._database.write() as connection:
            for outcome in step.outcomes:
                _write(connection, outcome, outbox.c.worker == worker.name, now)
            attempting = self._attempt(connection, worker, step.attempt, now)
            claims = self._claim(connection, worker, step.claim, now) if step.claim else ()
            ours = self._renew(connection, worker, now) if step.renew else None
            return Booked(attempting, claims, ours)

    def held_by_others(self, worker: Worker) -> Sequence[Held]:
        """Return the rows that other runs hold, or held; see Ledger."""
        o = outbox.c
        query = select(o.id, o.state, o.worker, o.lease_until, o.journal_host, o.journal_file, o.attempts).where(
            o.state.in_([state.value for state in HELD]),
            o.worker.is_not(None),
            o.worker != worker.name,
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(o.id)).all()
        return [Held(ReaderId(number), S(state), *rest) for number, state, *rest in rows]

    def settle(self, findings: Sequence[RecoveryFinding], now: datetime) -> int:
        """Write the findings about abandoned rows; see Ledger."""
        if not findings:
            return 0
        with self._database.write() as connection:
            return sum(
                _write(connection, found.outcome, _held_by(found.held.worker, found.held.state), now, Change.FIND)
                for found in findings
            )

    def expire(self, now: datetime, reason: str) -> int:
        """Expire the queued and deferred mails; see Ledger."""
        with self._database.write() as connection:
            return _expire(connection, _waiting(), reason, now)

    def departed(self, numbers: Collection[ReaderId], now: datetime) -> AbstractSet[ReaderId]:  # noqa: ARG002
        """Return nothing: a requested mail is always sent, and old ones are expired when they would be claimed."""
        return frozenset()

    def counts(self) -> Counts:
        """Return the number of mails in each unfinished state, and of uncertain ones; see Ledger.

        Finished mails are left out: counting a year of them at every run would be a waste.
        """
        here = outbox.c.state.in_([state.value for state in (*UNFINISHED, S.UNCERTAIN)])
        query = select(outbox.c.state, func.count()).where(here).group_by(outbox.c.state)
        with self._database.read() as connection:
            found = {S(state): number for state, number in connection.execute(query)}
        return Counts(tuple((state, found[state]) for state in S if state in found))

    def next_attempt(self) -> datetime | None:
        """Return when the first deferred mail is due again; see Ledger."""
        o = outbox.c
        with self._database.read() as connection:
            query = select(func.min(o.next_attempt)).where(o.state == S.DEFERRED.value)
            first: datetime | None = connection.scalar(query)
        return first

    def purge(self, now: datetime, memory: timedelta) -> int:
        """Delete old rows, and the addresses in rows that are only counted; return the number of deleted rows.

        Mails that were not sent are kept for NOT_SENT_FOR. Sent mails are kept for ``memory``, after ADDRESS_FOR
        without their address.
        """
        o = outbox.c
        went = o.state.not_in(STAYED)
        old = or_(and_(~went, o.state != ASKED, o.updated_at < now - NOT_SENT_FOR), o.updated_at < now - memory)
        gone = 0
        for some in self._pages(old):
            with self._database.write() as connection:
                gone += connection.execute(delete(outbox).where(o.id.in_(some), old)).rowcount
        named = and_(went, o.updated_at < now - ADDRESS_FOR, o.address != "")
        for some in self._pages(named):
            with self._database.write() as connection:
                connection.execute(update(outbox).where(o.id.in_(some), named).values(NAMELESS))
        return gone

    def _pages(self, where: ColumnElement[bool]) -> Iterator[list[int]]:
        """Yield the numbers of matching mails in pages; the search blocks no writer."""
        after = 0
        while True:
            query = select(outbox.c.id).where(where, outbox.c.id > after).order_by(outbox.c.id).limit(PAGE)
            with self._database.read() as connection:
                some = list(connection.scalars(query))
            if not some:
                return
            yield some
            after = some[-1]

    def _attempt(
        self, connection: Connection, worker: Worker, numbers: Sequence[ReaderId], now: datetime
    ) -> frozenset[ReaderId]:
        if not numbers:
            return frozenset()
        mine = and_(
            outbox.c.id.in_(numbers), outbox.c.worker == worker.name, outbox.c.state.in_(sources(Change.ATTEMPT))
        )
        held = _hold(worker, now) | {"state": S.ATTEMPTING.value}
        changed = connection.execute(update(outbox).where(mine).values(held).returning(outbox.c.id)).scalars()
        return frozenset(map(ReaderId, changed))

    def _claim(self, connection: Connection, worker: Worker, most: int, now: datetime) -> tuple[Claim, ...]:
        """Claim the due mails, the oldest first; expire mails that are too old before."""
        _expire(connection, and_(_waiting(), outbox.c.expires <= now), "it could not be sent in time", now)
        _expire(connection, and_(_waiting(), unwanted()), "its reader has left", now)
        _expire(connection, and_(_waiting(), cancelled()), "its edition was cancelled", now)
        _put_off(connection, and_(_due(now), paused()), "its edition is paused", now)
        o = outbox.c
        query = select(o.id, o.address, o.attempts).where(_due(now)).order_by(o.id).limit(most)
        rows = connection.execute(query.with_for_update(skip_locked=True)).all()
        held = _hold(worker, now) | {"state": S.CLAIMED.value}
        if rows:
            connection.execute(update(outbox).where(o.id.in_([row.id for row in rows])).values(held))
        return tuple(Claim(ReaderId(row.id), row.address, attempts=row.attempts) for row in rows)

    def _renew(self, connection: Connection, worker: Worker, now: datetime) -> frozenset[ReaderId]:
        mine = _held_by(worker.name, S.CLAIMED, S.ATTEMPTING)
        renewed = update(outbox).where(mine).values(lease_until=now + LEASE).returning(outbox.c.id)
        return frozenset(map(ReaderId, connection.execute(renewed).scalars()))


def _due(now: datetime) -> ColumnElement[bool]:
    o = outbox.c
    return or_(o.state == S.QUEUED.value, and_(o.state == S.DEFERRED.value, o.next_attempt <= now))


def _waiting() -> ColumnElement[bool]:
    return outbox.c.state.in_(sources(Change.EXPIRE))


def _held_by(worker: str, *states: DeliveryState) -> ColumnElement[bool]:
    return and_(outbox.c.worker == worker, outbox.c.state.in_([state.value for state in states]))


def _hold(worker: Worker, now: datetime) -> dict[str, Any]:
    return {
        "worker": worker.name,
        "journal_host": worker.journal_host,
        "journal_file": worker.journal_file,
        "lease_until": now + LEASE,
        "updated_at": now,
    }


def _write(connection: Connection, outcome: Outcome, where: ColumnElement[bool], now: datetime, *more: Change) -> int:
    """Write an outcome to its row if ``where`` matches, and RECORD or ``more`` allows it; return the number of rows."""
    values: dict[str, Any] = {
        "state": outcome.state.value,
        "attempts": outcome.attempts,
        "reply": outcome.reply,
        "next_attempt": outcome.next_attempt,
        "updated_at": now,
    }
    if outcome.state is not S.UNCERTAIN:
        values |= {"worker": None, "lease_until": None}
    states = {state for change in (Change.RECORD, *more) for state in sources(change, outcome.state)}
    here = and_(outbox.c.id == outcome.reader_id, where, outbox.c.state.in_(states))
    return connection.execute(update(outbox).where(here).values(values)).rowcount


def _put_off(connection: Connection, where: ColumnElement[bool], reason: str, now: datetime) -> None:
    """Let mails wait for a while; whether they may be sent is looked at again then."""
    later = {"state": S.DEFERRED.value, "reply": reason, "next_attempt": now + LOOK_AGAIN, "updated_at": now}
    connection.execute(update(outbox).where(where).values(later))


def _expire(connection: Connection, where: ColumnElement[bool], reason: str, now: datetime) -> int:
    end = {"state": S.EXPIRED.value, "reply": reason, "next_attempt": None, "updated_at": now}
    return connection.execute(update(outbox).where(where).values(end)).rowcount

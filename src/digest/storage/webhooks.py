"""The receivers of webhooks, and the messages to each: waiting, delivered, or given up (dead)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, update

from digest.storage.announce import DEAD, DELIVERED, WAITING
from digest.storage.engine import Database
from digest.storage.schema.webhooks import webhook_deliveries, webhook_endpoints, webhook_events
from digest.storage.upsert import insert

__all__ = ["DEAD", "DELIVERED", "WAITING", "Endpoint", "Failure", "Message", "NewEndpoint", "Webhooks"]

OPERATOR, GONE, FAILING = "operator", "gone", "failing"
"""Why a receiver is disabled: by command, by its answer 410, or after days of failures."""
LONGEST_REST = timedelta(hours=2)
"""A rest that ends later than this was written by a clock that was set back since then."""
BATCH = 500
"""Rows that one transaction deletes."""
_P, _E, _D = webhook_endpoints.c, webhook_events.c, webhook_deliveries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """A receiver to be added; ``secret`` is encrypted, and ``events`` is None for all types."""

    name: str
    url: str
    secret: str
    pseudonym_key: bytes
    events: tuple[str, ...] | None = None
    allow_private: bool = False
    with_addresses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A receiver of webhooks, with its health."""

    id: int
    name: str
    url: str
    secret: str
    former_secret: str
    former_until: datetime | None
    events: tuple[str, ...] | None
    allow_private: bool
    with_addresses: bool
    added_at: datetime
    failures: int
    """Failures in a row."""
    failing_since: datetime | None
    rests_until: datetime | None
    answered_at: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    waiting: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one receiver: its event, and what became of it."""

    id: int
    endpoint: str
    name: str
    """The webhook-id, the same at every attempt and for every receiver."""
    type: str
    at: datetime
    reader_id: int | None
    edition: Mapping[str, Any] | None
    details: Mapping[str, Any]
    pseudonym: str
    address: str
    state: str
    attempts: int
    next_attempt: datetime
    status: int | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed attempt: what to store of it."""

    status: int | None
    answer: str
    next_attempt: datetime | None
    """None gives the message up."""
    rests_until: datetime
    disable: str = ""
    """Why the receiver is disabled from now on; empty when it is not."""


class Webhooks:
    """Reads and writes receivers and messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- receivers ------------------------------------------------------------------------------------------------

    def add(self, new: NewEndpoint, now: datetime) -> bool:
        """Add a receiver; return False when one has that name."""
        row = {
            "name": new.name,
            "url": new.url,
            "secret": new.secret,
            "former_secret": "",
            "events": None if new.events is None else list(new.events),
            "allow_private": new.allow_private,
            "with_addresses": new.with_addresses,
            "pseudonym_key": new.pseudonym_key,
            "added_at": now,
            "failures": 0,
            "disabled_why": "",
        }
        with self._database.write() as connection:
            made = insert(connection, webhook_endpoints).values(row).on_conflict_do_nothing().returning(_P.id)
            return connection.execute(made).first() is not None

    def all(self) -> tuple[Endpoint, ...]:
        """Return all receivers by name, with the numbers of their messages."""
        counted = select(_D.endpoint_id, _D.state, func.count()).where(_D.state != DELIVERED)
        with self._database.read() as connection:
            rows = connection.execute(select(webhook_endpoints).order_by(_P.name)).all()
            counts: dict[tuple[int, str], int] = {
                (endpoint, state): number
                for endpoint, state, number in connection.execute(counted.group_by(_D.endpoint_id, _D.state))
            }
        return tuple(_endpoint(row, counts) for row in rows)

    def get(self, name: str) -> Endpoint | None:
        """Return the receiver with that name; None when there is none."""
        return self._one(_P.name == name)

    def by_id(self, endpoint_id: int) -> Endpoint | None:
        """Return the receiver with that id; None when it was removed."""
        return self._one(_P.id == endpoint_id)

    def remove(self, name: str) -> bool:
        """Remove a receiver and its messages; return False when there is none with that name."""
        with self._database.write() as connection:
            return connection.execute(delete(webhook_endpoints).where(_P.name == name)).rowcount == 1

    def disable(self, name: str, now: datetime) -> bool:
        """Disable a receiver by command; return False when there is none with that name."""
        return self._change(name, {"disabled_at": now, "disabled_why": OPERATOR})

    def enable(self, name: str) -> bool:
        """Enable a receiver, and forget its failures; return False when there is none with that name."""
        well = {"disabled_at": None, "disabled_why": "", "failures": 0, "failing_since": None, "rests_until": None}
        return self._change(name, well)

    def rotate(self, name: str, secret: str, former_until: datetime) -> bool:
        """Give a receiver a new secret; the old one signs too until that time. Return False for an unknown name."""
        return self._change(name, {"former_secret": _P.secret, "former_until": former_until, "secret": secret})

    # --- messages -------------------------------------------------------------------------------------------------

    def due_endpoints(self, now: datetime) -> tuple[tuple[int, str], ...]:
        """Return the ids and names of the receivers to which a message can be sent now."""
        awake = or_(_P.rests_until.is_(None), _P.rests_until <= now, _P.rests_until > now + LONGEST_REST)
        some = select(_D.id).where(_D.endpoint_id == _P.id, _D.state == WAITING, _D.next_attempt <= now).exists()
        query = select(_P.id, _P.name).where(_P.disabled_at.is_(None), awake, some).order_by(_P.id)
        with self._database.read() as connection:
            return tuple((row.id, row.name) for row in connection.execute(query))

    def due(self, endpoint_id: int, now: datetime, limit: int) -> tuple[Message, ...]:
        """Return messages to a receiver that are due, the longest due first."""
        here = and_(_D.endpoint_id == endpoint_id, _D.state == WAITING, _D.next_attempt <= now)
        return self._messages(_whole().where(here).order_by(_D.next_attempt, _D.id).limit(limit))

    def delivered(self, message: Message, endpoint: Endpoint, status: int, now: datetime) -> None:
        """Store that a message was accepted. The health of its receiver is written once a minute at most."""
        values = {"state": DELIVERED, "status": status, "answer": "", "settled_at": now, "attempts": _D.attempts + 1}
        fresh = endpoint.answered_at is not None and timedelta() <= now - endpoint.answered_at < timedelta(minutes=1)
        well = {"answered_at": now, "failures": 0, "failing_since": None, "rests_until": None}
        with self._database.write() as connection:
            connection.execute(update(webhook_deliveries).where(_D.id == message.id).values(values))
            if endpoint.failures or not fresh:
                connection.execute(update(webhook_endpoints).where(_P.id == endpoint.id).values(well))

    def failed(self, message: Message, endpoint_id: int, failure: Failure, now: datetime) -> None:
        """Store a failed attempt: when the message is tried again, and how long its receiver rests."""
        values: dict[str, Any] = {"attempts": _D.attempts + 1, "status": failure.status, "answer": failure.answer}
        if failure.next_attempt is None:
            values |= {"state": DEAD, "settled_at": now}
        else:
            values |= {"next_attempt": failure.next_attempt}
        health: dict[str, Any] = {
            "failures": _P.failures + 1,
            "failing_since": func.coalesce(_P.failing_since, now, type_=_P.failing_since.type),
            "rests_until": failure.rests_until,
        }
        if failure.disable:
            health |= {"disabled_at": now, "disabled_why": failure.disable}
        with self._database.write() as connection:
            connection.execute(update(webhook_deliveries).where(_D.id == message.id).values(values))
            connection.execute(update(webhook_endpoints).where(_P.id == endpoint_id).values(health))

    def messages(self, endpoint: str | None, states: Sequence[str], limit: int) -> tuple[Message, ...]:
        """Return messages in these states, the newest first."""
        query = _whole().where(_D.state.in_(states)).order_by(_D.id.desc()).limit(limit)
        return self._messages(query if endpoint is None else query.where(_P.name == endpoint))

    def resend(self, numbers: Sequence[int], now: datetime) -> int:
        """Send messages again, whatever their state; return how many there are."""
        again = {"state": WAITING, "attempts": 0, "next_attempt": now, "settled_at": None}
        with self._database.write() as connection:
            return connection.execute(update(webhook_deliveries).where(_D.id.in_(numbers)).values(again)).rowcount

    def resend_dead(self, endpoint: str, now: datetime) -> int:
        """Send all messages again that were given up for one receiver; return how many."""
        theirs = _D.endpoint_id == select(_P.id).where(_P.name == endpoint).scalar_subquery()
        again = {"state": WAITING, "attempts": 0, "next_attempt": now, "settled_at": None}
        with self._database.write() as connection:
            dead = and_(theirs, _D.state == DEAD)
            return connection.execute(update(webhook_deliveries).where(dead).values(again)).rowcount

    def prune(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete messages that were delivered or given up before that time, and their events; yield each batch."""
        after = 0
        while True:
            old = select(_D.id).where(_D.settled_at < before, _D.id > after).order_by(_D.id).limit(BATCH)
            with self._database.read() as connection:
                page = list(connection.scalars(old))
            if not page:
                break
            after = page[-1]
            if not dry:
                with self._database.write() as connection:
                    again = and_(_D.id.in_(page), _D.settled_at < before)
                    connection.execute(delete(webhook_deliveries).where(again))
            yield len(page)
        if not dry:
            yield from self._forget_events(before)

    def _forget_events(self, before: datetime) -> Iterator[int]:
        """Delete old events without any message; those count as nothing."""
        needed = select(_D.id).where(_D.event_id == _E.id).exists()
        old = select(_E.id).where(_E.at < before, ~needed).limit(BATCH)
        while True:
            with self._database.write() as connection:
                if not connection.execute(delete(webhook_events).where(_E.id.in_(old))).rowcount:
                    return
            yield 0

    def _one(self, where: ColumnElement[bool]) -> Endpoint | None:
        with self._database.read() as connection:
            row = connection.execute(select(webhook_endpoints).where(where)).one_or_none()
        return None if row is None else _endpoint(row, {})

    def _change(self, name: str, values: Mapping[str, Any]) -> bool:
        with self._database.write() as connection:
            return connection.execute(update(webhook_endpoints).where(_P.name == name).values(values)).rowcount == 1

    def _messages(self, query: Select[Any]) -> tuple[Message, ...]:
        with self._database.read() as connection:
            return tuple(Message(**row._mapping) for row in connection.execute(query))  # noqa: SLF001 - public in SQLAlchemy


def _whole() -> Select[Any]:
    columns = (_E.name, _E.type, _E.at, _E.reader_id, _E.edition, _E.details, _D.pseudonym, _D.address, _D.state)
    more = (_D.attempts, _D.next_attempt, _D.status, _D.answer)
    chosen = select(_D.id, _P.name.label("endpoint"), *columns, *more)
    return chosen.join_from(webhook_deliveries, webhook_events, _E.id == _D.event_id).join(
        webhook_endpoints, _P.id == _D.endpoint_id
    )


def _endpoint(row: Row[Any], counts: Mapping[tuple[int, str], int]) -> Endpoint:
    return Endpoint(
        id=row.id,
        name=row.name,
        url=row.url,
        secret=row.secret,
        former_secret=row.former_secret,
        former_until=row.former_until,
        events=None if row.events is None else tuple(row.events),
        allow_private=row.allow_private,
        with_addresses=row.with_addresses,
        added_at=row.added_at,
        failures=row.failures,
        failing_since=row.failing_since,
        rests_until=row.rests_until,
        answered_at=row.answered_at,
        disabled_at=row.disabled_at,
        disabled_why=row.disabled_why,
        waiting=counts.get((row.id, WAITING), 0),
        dead=counts.get((row.id, DEAD), 0),
    )

"""Events that sending services posted: stored as they come, each once, and taken one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from digest.storage.engine import Database
from digest.storage.schema.mailing import service_events
from digest.storage.upsert import insert

WAITING, TAKEN, UNKNOWN, FAILED = "waiting", "taken", "unknown", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event that was posted by the service that the settings call ``sender``."""

    name: str
    """What the service knows it by; the same event posted again has the same."""
    kind: str
    raw: bytes
    happened_at: datetime | None
    state: str = WAITING
    """``waiting``, or ``unknown`` for one whose kind we know nothing to do about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEvent:
    """A stored event that nobody took yet."""

    id: int
    sender: str
    raw: bytes
    happened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledEvent:
    """What came of a stored event: ``taken`` or ``failed``, and its effect in a word."""

    id: int
    state: str
    effect: str


class ServiceEvents:
    """Reads and writes what sending services posted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, sender: str, token: str, events: Sequence[NewEvent], now: datetime) -> int | None:
        """Store the events of a request in one transaction; return how many were not known before.

        None, and nothing is stored, when the request's token was used before for other events. A token that is empty
        may be used any number of times.
        """
        e = service_events.c
        with self._database.write() as connection:
            if token:
                used = connection.scalars(select(e.name).where(e.sender == sender, e.token == token)).all()
                if used and set(used) != {event.name for event in events}:
                    return None
            rows = [
                {
                    "sender": sender,
                    "token": token,
                    "name": event.name,
                    "kind": event.kind,
                    "raw": event.raw,
                    "state": event.state,
                    "effect": "",
                    "happened_at": event.happened_at,
                    "at": now,
                }
                for event in events
            ]
            fresh = insert(connection, service_events).on_conflict_do_nothing().returning(e.id)
            return len(connection.execute(fresh, rows).all())

    def waiting(self, limit: int) -> tuple[WaitingEvent, ...]:
        """Return events that nobody took yet, in the order in which they came."""
        e = service_events.c
        query = select(e.id, e.sender, e.raw, e.happened_at).where(e.state == WAITING).order_by(e.id).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            WaitingEvent(id=row.id, sender=row.sender, raw=row.raw, happened_at=row.happened_at) for row in rows
        )

    def settle(self, settled: Sequence[SettledEvent]) -> None:
        """Store what came of events, in one transaction. The bytes of one that was taken are not needed any more."""
        alike: dict[tuple[str, str], list[int]] = {}
        for each in settled:
            alike.setdefault((each.state, each.effect), []).append(each.id)
        if not alike:
            return
        with self._database.write() as connection:
            for (state, effect), ids in alike.items():
                values = {"state": state, "effect": effect} | ({"raw": b""} if state == TAKEN else {})
                connection.execute(update(service_events).where(service_events.c.id.in_(ids)).values(values))

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many events are in which state, by sender and state."""
        e = service_events.c
        query = select(e.sender, e.state, func.count()).group_by(e.sender, e.state)
        with self._database.read() as connection:
            return {(sender, state): number for sender, state, number in connection.execute(query)}

"""Letters that leave at the edition's local time in their reader's own zone: which wait, and until when.

Such a letter is ``deferred`` from the beginning, without an attempt, until its zone's moment. So whoever sends it, and
whatever tells when something is due, needs to know nothing of zones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, literal, select, update

from digest.model.delivery import DeliveryState
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers

LeavesAt = Callable[[str], datetime]
"""IANA name of a reader's zone -> when the letters of that zone leave."""


def later_zones(
    connection: Connection, gets: ColumnElement[bool], leaves_at: LeavesAt, now: datetime
) -> dict[str, datetime]:
    """Return the zones of an audience whose letters leave later than now, with their moments."""
    zones = connection.scalars(select(readers.c.zone).where(gets, readers.c.zone != "").distinct())
    moments = {zone: leaves_at(zone) for zone in zones}
    return {zone: moment for zone, moment in moments.items() if moment > now}


def first_state(later: Mapping[str, datetime]) -> ColumnElement[str]:
    """Return an expression for the first state of a reader's letter."""
    waits = readers.c.zone.in_(list(later))
    return case((waits, DeliveryState.DEFERRED.value), else_=DeliveryState.QUEUED.value)


def first_attempt(later: Mapping[str, datetime]) -> ColumnElement[datetime | None]:
    """Return an expression for the moment from which a reader's letter may leave; null for at once."""
    instant = deliveries.c.next_attempt.type
    at_once: ColumnElement[datetime | None] = literal(None, instant)
    if not later:
        return at_once
    return case(*((readers.c.zone == zone, literal(moment, instant)) for zone, moment in later.items()), else_=at_once)


def prolong(connection: Connection, edition_id: int, later: Mapping[str, datetime]) -> None:
    """Let an edition expire as long after its last zone's moment as it would have after its own time."""
    if not later:
        return
    e = editions.c
    row = connection.execute(select(e.due, e.expires).where(e.id == edition_id)).one()
    expires = max(row.expires, max(later.values()) + (row.expires - row.due))
    connection.execute(update(editions).where(e.id == edition_id).values(expires=expires))

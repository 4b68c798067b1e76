"""Write the events of webhooks about editions in the transaction of their fact; see ``announce``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from digest.model.edition import EditionState
from digest.model.life import Cause
from digest.model.webhook import Composed, EditionDetails, EditionPart, EventType, Held, Sent, Skipped
from digest.storage.announce import receivers, write_event
from digest.storage.schema.editions import editions
from digest.storage.schema.webhooks import webhook_events


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an edition."""

    state: EditionState
    cause: Cause
    reason: str = ""


def standing_of(connection: Connection, edition_id: int) -> Standing | None:
    """Return the state of an edition, which nobody changes until this transaction ends; None when there is none."""
    e = editions.c
    row = connection.execute(select(e.state, e.cause, e.reason).where(e.id == edition_id).with_for_update()).first()
    return None if row is None else Standing(EditionState(row.state), Cause(row.cause), row.reason)


def announce_composed(connection: Connection, edition_id: int, stories: int, now: datetime) -> None:
    """Announce that an edition was composed, once for each edition."""
    announce_edition(connection, edition_id, Composed(stories=stories), now, once=True)


def announce_move(connection: Connection, edition_id: int, before: Standing, after: Standing, now: datetime) -> None:
    """Announce that an edition was sent, or is held or skipped now; the same state again is no event."""
    if (before.state, before.cause) == (after.state, after.cause):
        return
    if after.state is EditionState.SENT:
        letters = connection.scalar(select(editions.c.audience).where(editions.c.id == edition_id)) or 0
        announce_edition(connection, edition_id, Sent(letters=letters), now, once=True)
    elif after.state is EditionState.HELD:
        announce_edition(connection, edition_id, Held(cause=after.cause.value, reason=after.reason), now)
    elif after.state is EditionState.SKIPPED:
        announce_edition(connection, edition_id, Skipped(cause=after.cause.value, reason=after.reason), now)


def is_announced(connection: Connection, edition_id: int, kind: EventType) -> bool:
    """Return whether an event that happens once for an edition was announced."""
    here = webhook_events.c.once == _once(kind, edition_id)
    return connection.execute(select(webhook_events.c.id).where(here)).first() is not None


def announce_edition(
    connection: Connection, edition_id: int, details: EditionDetails, now: datetime, *, once: bool = False
) -> None:
    """Write an event about an edition; with ``once``, only the first of its type."""
    wanted = receivers(connection, details)
    if not wanted:
        return
    row = connection.execute(select(editions).where(editions.c.id == edition_id)).one()
    part = EditionPart(
        name=row.name,
        date=row.date,
        number=row.number,
        title=row.edition.title if row.edition else "",
        due=row.due,
    )
    key = _once(details.type, edition_id) if once else None
    write_event(connection, wanted, details, now, edition=msgspec.to_builtins(part), once=key)


def _once(kind: EventType, edition_id: int) -> str:
    return f"{kind.value} {edition_id}"

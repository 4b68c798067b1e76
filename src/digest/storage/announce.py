"""Write the events of webhooks in the transaction of their fact (transactional outbox): both are stored, or neither.

Nothing is written while nobody is to be notified. The receivers of an event are fixed when it happens: a receiver that
is added later gets later events.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, bindparam, or_, select, update

from digest.model.webhook import Bounced, Changed, Details, Left, ReaderDetails
from digest.storage.schema.people import readers, subscriptions
from digest.storage.schema.webhooks import webhook_deliveries, webhook_endpoints, webhook_events
from digest.storage.upsert import inserting

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
_P = webhook_endpoints.c
_ENABLED = select(_P.id, _P.events, _P.pseudonym_key, _P.with_addresses).where(_P.disabled_at.is_(None))
_R, _S = readers.c, subscriptions.c
_WHO = select(_R.id, _R.identity, _R.address).where(_R.id.in_(bindparam("who", expanding=True)))
_MESSAGE = webhook_deliveries.insert()
"""Built once: building a statement takes longer than running it, and many readers may leave in one minute."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom an event is about."""

    reader_id: int | None = None
    identity: str = ""
    address: str = ""


Announcement = tuple[int, ReaderDetails, datetime]
"""The number of a reader, what happened, and when."""


def announce_reader(connection: Connection, reader_id: int, details: ReaderDetails, now: datetime) -> None:
    """Write an event about a reader. Nothing is written about a number that no reader has."""
    announce_readers(connection, [(reader_id, details, now)])


def announce_readers(connection: Connection, told: Sequence[Announcement]) -> None:
    """Write events about readers, in order; the receivers and the readers are looked up once for all of them."""
    wanted = {kind: receivers(connection, kind) for kind in {type(details) for _, details, _ in told}}
    heard = [each for each in told if wanted[type(each[1])]]
    if not heard:
        return
    rows = connection.execute(_WHO, {"who": list({reader_id for reader_id, _, _ in heard})})
    people = {row.id: _Who(row.id, row.identity, row.address) for row in rows}
    for reader_id, details, at in heard:
        if reader_id in people:
            write_event(connection, wanted[type(details)], details, at, who=people[reader_id])


def announce_person(connection: Connection, identity: str, address: str, details: ReaderDetails, now: datetime) -> None:
    """Write an event about somebody who is not a reader yet."""
    if wanted := receivers(connection, details):
        write_event(connection, wanted, details, now, who=_Who(None, identity, address))


def announce_departure(
    connection: Connection, reader_id: int, ended: Sequence[str], by: str, now: datetime, *, left: bool
) -> None:
    """Write that a reader ended these subscriptions: ``left`` the last one, or changed."""
    if left:
        announce_reader(connection, reader_id, Left(editions=tuple(sorted(ended)), by=by), now)
    else:
        announce_change(connection, reader_id, ("editions",), by, now)


def announce_change(connection: Connection, reader_id: int, changes: Sequence[str], by: str, now: datetime) -> None:
    """Write that a reader's data changed, with the subscriptions of now; without ``changes`` write nothing."""
    if changes and receivers(connection, Changed):
        theirs = select(_S.edition).where(_S.reader_id == reader_id).order_by(_S.edition)
        details = Changed(changes=tuple(changes), editions=tuple(connection.scalars(theirs)), by=by)
        announce_reader(connection, reader_id, details, now)


def announce_refused(connection: Connection, identities: Sequence[str], now: datetime) -> None:
    """Write that servers refused readers during the sending, and that they get no more letters."""
    if not identities or not receivers(connection, Bounced):
        return
    for reader_id in connection.scalars(select(_R.id).where(_R.identity.in_(identities))).all():
        announce_reader(connection, reader_id, Bounced(kind="refused", status="", suppressed=True), now)


def forget_addresses(connection: Connection, reader_id: int | None, identity: str) -> None:
    """Delete the addresses of one person from all messages, sent or not."""
    d = webhook_deliveries.c
    keys = connection.scalars(select(_P.pseudonym_key)).all()
    if not keys:
        return
    theirs = d.pseudonym.in_([pseudonym(key, identity) for key in keys])
    by_number = d.event_id.in_(select(webhook_events.c.id).where(webhook_events.c.reader_id == reader_id))
    known = theirs if reader_id is None else or_(theirs, by_number)
    connection.execute(update(webhook_deliveries).where(and_(known, d.address != "")).values(address=""))


def pseudonym(key: bytes, identity: str) -> str:
    """Return what one receiver knows an address by: always the same, and different for each receiver."""
    return f"rdr_{hmac.digest(key, f'reader {identity}'.encode('utf-8', 'replace'), sha256).hex()[:32]}"


def receivers(connection: Connection, details: Details | type[Details]) -> list[Any]:
    """Return the rows of the endpoints that want events of this type."""
    kind = details.type.value
    return [row for row in connection.execute(_ENABLED) if row.events is None or kind in row.events]


def write_event(  # noqa: PLR0913 - the columns of one row
    connection: Connection,
    wanted: Sequence[Any],
    details: Details,
    now: datetime,
    *,
    who: _Who | None = None,
    edition: Any = None,  # noqa: ANN401 - JSON
    once: str | None = None,
) -> None:
    """Write an event and a message to each of the receivers; with ``once``, only the first event of that name."""
    who = who or _Who()
    row = {
        "name": f"evt_{secrets.token_hex(16)}",
        "type": details.type.value,
        "once": once,
        "at": now,
        "reader_id": who.reader_id,
        "edition": edition,
        "details": msgspec.to_builtins(details),
    }
    event_id = connection.execute(_new_event(connection.dialect.name), row).scalar()
    if event_id is None:  # announced before
        return
    rows = [
        {
            "event_id": event_id,
            "endpoint_id": each.id,
            "pseudonym": pseudonym(each.pseudonym_key, who.identity) if who.identity else "",
            "address": who.address if each.with_addresses else "",
            "state": WAITING,
            "attempts": 0,
            "next_attempt": now,
            "answer": "",
        }
        for each in wanted
    ]
    connection.execute(_MESSAGE, rows)


@cache
def _new_event(dialect: str) -> Any:  # noqa: ANN401 - an insert with its columns as parameters
    made = inserting(dialect, webhook_events).on_conflict_do_nothing().returning(webhook_events.c.id)
    return made.values(
        {column.name: bindparam(column.name, type_=column.type) for column in webhook_events.c if column.name != "id"}
    )

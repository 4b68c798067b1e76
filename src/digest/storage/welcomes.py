"""Welcome letters: the newest letter of an edition, queued as a mail to one reader when they confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries, outbox
from digest.storage.schema.people import readers, subscriptions

WELCOME = "welcome"
"""Kind of these mails in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """A letter to be sent at once.

    ``mark`` is a keyed hash of edition and reader. It stays in the outbox after the address is gone, so that nobody
    gets the letter again. ``former_marks`` are the same hash by the other keys of the ring.
    """

    edition_id: int
    mark: str
    request: Mapping[str, Any]
    """The content of the mail: ``edition``, ``day``, ``key`` and ``at``."""
    expires: datetime
    former_marks: tuple[str, ...] = ()


def queue_welcomes(
    connection: Connection, reader_id: ReaderId, to: Mapping[str, str], welcomes: Sequence[Welcome], now: datetime
) -> None:
    """Queue the letters that this reader does not have and will not get; ``to`` has address, identity and language.

    A reader in the ledger of an edition is left out: the edition itself sends the letter.
    """
    d, o = deliveries.c, outbox.c
    for each in welcomes:
        listed = select(d.reader_id).where(d.edition_id == each.edition_id, d.reader_id == reader_id)
        before = select(o.id).where(o.limit_key.in_([each.mark, *each.former_marks]), o.kind == WELCOME)
        if connection.execute(listed).first() or connection.execute(before.limit(1)).first():
            continue
        row = {
            "kind": WELCOME,
            "limit_key": each.mark,
            "nonce": each.mark,
            "request": dict(each.request) | {"reader_id": reader_id, "edition_id": each.edition_id},
            "asked_at": now,
            "updated_at": now,
            "expires": each.expires,
            "state": DeliveryState.QUEUED.value,
        }
        connection.execute(outbox.insert(), row | dict(to))


def cancelled() -> ColumnElement[bool]:
    """Return a condition for welcome letters whose edition was cancelled since: the letter is wrong."""
    return _edition_is(EditionState.CANCELLED)


def paused() -> ColumnElement[bool]:
    """Return a condition for welcome letters whose edition is paused now: the letter may be wrong."""
    return _edition_is(EditionState.PAUSED)


def _edition_is(state: EditionState) -> ColumnElement[bool]:
    theirs = select(editions.c.id).where(
        editions.c.id == outbox.c.request["edition_id"].as_integer(), editions.c.state == state.value
    )
    return and_(outbox.c.kind == WELCOME, theirs.exists())


def unwanted() -> ColumnElement[bool]:
    """Return a condition for welcome letters to readers who have left the edition since."""
    theirs = (
        select(subscriptions.c.reader_id)
        .join(readers, readers.c.id == subscriptions.c.reader_id)
        .where(
            readers.c.id == outbox.c.request["reader_id"].as_integer(),
            readers.c.state == "active",
            subscriptions.c.edition == outbox.c.request["edition"].as_string(),
        )
        .exists()
    )
    return and_(outbox.c.kind == WELCOME, ~theirs)

"""Everything that is stored about one address, for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from digest.model.ids import EditionKey, ReaderId
from digest.storage.engine import Database
from digest.storage.readers import StoredReader, stored_readers
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries, outbox
from digest.storage.schema.people import readers, subscriptions, suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """One subscription of a reader, perhaps paused until an instant."""

    edition: str
    since: datetime
    paused_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """Why nothing is sent to an address."""

    why: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """The result of one letter, with the mail server's reply."""

    key: EditionKey
    state: str
    attempts: int
    reply: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """The result of one personal mail to this reader, such as a confirmation."""

    kind: str
    state: str
    reply: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is known of an address; ``reader`` is None when no reader has it (it may still be suppressed)."""

    reader: StoredReader | None
    left_why: str
    subscriptions: tuple[Subscribed, ...]
    suppression: Suppression | None
    letters: tuple[SentLetter, ...]
    """The newest first."""
    mails: tuple[SentMail, ...]
    """The newest first."""


class Dossiers:
    """Reads all data about one address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, identity: str, letters: int = 10) -> Dossier:
        """Return what is known of an address, with its newest letters and mails."""
        with self._database.read() as connection:
            row = connection.execute(select(readers).where(readers.c.identity == identity)).one_or_none()
            found = stored_readers(connection, [row])[0] if row is not None else None
            x = suppressions.c
            away = connection.execute(select(x.why, x.since).where(x.identity == identity)).one_or_none()
            return Dossier(
                reader=found,
                left_why=row.left_why if row is not None else "",
                subscriptions=_subscriptions(connection, found.reader.id) if found else (),
                suppression=Suppression(why=away.why, since=away.since) if away else None,
                letters=_letters(connection, found.reader.id, letters) if found else (),
                mails=_mails(connection, outbox.c.identity == identity, letters),
            )


def _subscriptions(connection: Connection, reader_id: ReaderId) -> tuple[Subscribed, ...]:
    s = subscriptions.c
    rows = connection.execute(select(subscriptions).where(s.reader_id == reader_id).order_by(s.edition))
    return tuple(Subscribed(edition=row.edition, since=row.since, paused_until=row.paused_until) for row in rows)


def _letters(connection: Connection, reader_id: ReaderId, limit: int) -> tuple[SentLetter, ...]:
    d, e = deliveries.c, editions.c
    query = (
        select(e.name, e.date, e.number, d.state, d.attempts, d.reply, d.updated_at)
        .join_from(editions, deliveries, and_(d.edition_id == e.id, d.reader_id == reader_id))
        .order_by(e.due.desc(), e.name)
        .limit(limit)
    )
    return tuple(
        SentLetter(
            key=EditionKey(name=row.name, date=row.date, number=row.number),
            state=row.state,
            attempts=row.attempts,
            reply=row.reply,
            at=row.updated_at,
        )
        for row in connection.execute(query)
    )


def _mails(connection: Connection, here: ColumnElement[Any], limit: int) -> tuple[SentMail, ...]:
    o = outbox.c
    query = select(o.kind, o.state, o.reply, o.updated_at).where(here).order_by(o.id.desc()).limit(limit)
    rows = connection.execute(query)
    return tuple(SentMail(kind=row.kind, state=row.state, reply=row.reply, at=row.updated_at) for row in rows)

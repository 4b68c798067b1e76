"""Returned mails: bounces and complaints, each stored once, and their consequences for the readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection, func, select, update

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.model.webhook import Bounced, Complained
from digest.storage.announce import announce_reader
from digest.storage.engine import Database
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import bounces, deliveries
from digest.storage.schema.people import readers, suppressions
from digest.storage.upsert import insert

REFUSED = "rejected"
"""The reason of a suppression when a server refused the address while a letter was being sent."""
COMPLAINT = "complaint"
"""The kind of a bounce that is a complaint."""
RECENT_EDITIONS = 60
"""Number of newest editions in which the server's reply is looked up."""


class Filed(Enum):
    """The result of storing a returned mail."""

    SUPPRESSED = "taken off the letters"
    COUNTED = "counted"
    KEPT = "kept, and nothing changed"
    """It is about no letter of ours, or about a reader who is suppressed anyway."""
    REPEATED = "read before"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBounce:
    """A returned mail; ``mail`` is the SHA-256 of its bytes, and ``reader_id`` is None when it is not ours."""

    mail: str
    reader_id: ReaderId | None
    edition: str
    kind: str
    status: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """The rule for a kind of bounce: suppress after bounces on ``most`` different days since ``since``."""

    why: str
    most: int
    since: datetime
    first_before: datetime | None = None
    """The first of these bounces must be older than this: all letters of one outage bounce within days."""
    stronger_than: Sequence[str] = ()
    """Reasons of an earlier suppression that this one replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBounce:
    """A stored bounce; ``address`` is empty when it is about no reader of ours."""

    kind: str
    address: str
    edition: str
    status: str
    words: str
    at: datetime


class Bounces:
    """Reads and writes returned mails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def file(self, bounce: NewBounce, consequence: Consequence | None) -> Filed:
        """Store a returned mail and apply its consequence; the same bytes again change nothing."""
        values = {
            "mail": bounce.mail,
            "reader_id": bounce.reader_id,
            "edition": bounce.edition,
            "kind": bounce.kind,
            "status": bounce.status,
            "words": bounce.words,
            "at": bounce.at,
        }
        with self._database.write() as connection:
            known = bounce.reader_id is not None and connection.scalar(
                select(readers.c.id).where(readers.c.id == bounce.reader_id)
            )
            values["reader_id"] = bounce.reader_id if known else None
            new = insert(connection, bounces).values(values).on_conflict_do_nothing().returning(bounces.c.id)
            if connection.execute(new).first() is None:
                return Filed.REPEATED
            if not known or bounce.reader_id is None:
                return Filed.KEPT
            filed = Filed.KEPT if consequence is None else _follow(connection, bounce, consequence)
            suppressed = filed is Filed.SUPPRESSED
            if bounce.kind == COMPLAINT:
                announce_reader(connection, bounce.reader_id, Complained(suppressed=suppressed), bounce.at)
            elif consequence is not None:
                bounced = Bounced(kind=bounce.kind, status=bounce.status, suppressed=suppressed)
                announce_reader(connection, bounce.reader_id, bounced, bounce.at)
            return filed

    def latest(self, limit: int) -> tuple[StoredBounce, ...]:
        """Return the newest bounces first."""
        return self._some(None, limit)

    def of(self, reader_id: ReaderId, limit: int = 20) -> tuple[StoredBounce, ...]:
        """Return the bounces of one reader, the newest first."""
        return self._some(reader_id, limit)

    def refused(self, limit: int) -> tuple[StoredBounce, ...]:
        """Return the addresses that a server refused permanently while a letter was being sent, the newest first."""
        d, e, r, x = deliveries.c, editions.c, readers.c, suppressions.c
        query = select(r.id, r.address, x.since).join_from(suppressions, readers, x.identity == r.identity)
        lately = select(e.id).order_by(e.id.desc()).limit(RECENT_EDITIONS)
        with self._database.read() as connection:
            rows = connection.execute(query.where(x.why == REFUSED).order_by(x.since.desc()).limit(limit)).all()
            said = select(d.reader_id, e.name, d.reply).join_from(editions, deliveries, d.edition_id == e.id)
            theirs = d.reader_id.in_([row.id for row in rows]), d.state == DeliveryState.REJECTED.value
            replies = {row.reader_id: row for row in connection.execute(said.where(e.id.in_(lately), *theirs))}
        return tuple(
            StoredBounce(
                kind="refused",
                address=row.address,
                edition=replies[row.id].name if row.id in replies else "",
                status="",
                words=replies[row.id].reply if row.id in replies else "",
                at=row.since,
            )
            for row in rows
        )

    def _some(self, reader_id: ReaderId | None, limit: int) -> tuple[StoredBounce, ...]:
        b = bounces.c
        query = select(b.kind, readers.c.address, b.edition, b.status, b.words, b.at).join_from(
            bounces, readers, isouter=True
        )
        if reader_id is not None:
            query = query.where(b.reader_id == reader_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(b.id.desc()).limit(limit)).all()
        return tuple(
            StoredBounce(
                kind=row.kind,
                address=row.address or "",
                edition=row.edition,
                status=row.status,
                words=row.words,
                at=row.at,
            )
            for row in rows
        )


def _follow(connection: Connection, bounce: NewBounce, consequence: Consequence) -> Filed:
    b, s = bounces.c, suppressions.c
    days = func.count(func.distinct(func.date(b.at)))
    of_reader = (b.reader_id == bounce.reader_id, b.kind == bounce.kind, b.at >= consequence.since)
    if connection.execute(select(days).where(*of_reader)).scalar_one() < consequence.most:
        return Filed.COUNTED
    first = connection.execute(select(b.at).where(*of_reader).order_by(b.at).limit(1)).scalar_one()
    if consequence.first_before is not None and first > consequence.first_before:
        return Filed.COUNTED
    identity = connection.execute(select(readers.c.identity).where(readers.c.id == bounce.reader_id)).scalar_one()
    row = {"identity": identity, "why": consequence.why, "since": bounce.at}
    made = insert(connection, suppressions).values(row).on_conflict_do_nothing().returning(s.identity)
    if connection.execute(made).first() is not None:
        return Filed.SUPPRESSED
    weaker = update(suppressions).where(s.identity == identity, s.why.in_(consequence.stronger_than))
    return Filed.SUPPRESSED if connection.execute(weaker.values(why=consequence.why)).rowcount else Filed.KEPT

"""Returned mails: bounces and complaints, each stored once, and their consequences for the readers."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection, func, select, update

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.model.webhook import Bounced, Complained
from digest.storage.announce import Announcement, announce_readers
from digest.storage.departures import Departure, book
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
    stronger_than: tuple[str, ...] = ()
    """Reasons of an earlier suppression that this one replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A returned mail to be stored, with its consequence for the reader; None when it has none."""

    bounce: NewBounce
    consequence: Consequence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledTogether:
    """What became of returned mails, and whether each departure changed anything; both in the order given."""

    filed: tuple[Filed, ...]
    left: tuple[bool, ...]


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
        return self.file_all([Filing(bounce=bounce, consequence=consequence)]).filed[0]

    def file_all(self, filings: Sequence[Filing], departures: Sequence[Departure] = ()) -> FiledTogether:
        """Store returned mails with their consequences, and the readers who leave by such mails, in one transaction.

        The queries are shared by all of them. The result is the same as of one mail after the other.
        """
        with self._database.write() as connection:
            filed = _filed(connection, filings)
            left = tuple(book(connection, departure) for departure in departures)
        return FiledTogether(filed=filed, left=left)

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


def _filed(connection: Connection, filings: Sequence[Filing]) -> tuple[Filed, ...]:
    r = readers.c
    ids = {each.bounce.reader_id for each in filings if each.bounce.reader_id is not None}
    found = connection.execute(select(r.id, r.identity).where(r.id.in_(ids))).all() if ids else ()
    known: dict[int | None, str] = {row.id: row.identity for row in found}
    fresh = _store(connection, [each.bounce for each in filings], known)
    news: list[Filing] = []
    results: list[Filed | None] = []
    for each in filings:
        is_new = each.bounce.mail in fresh
        fresh.discard(each.bounce.mail)  # the same bytes a second time are no news
        results.append((None if each.bounce.reader_id in known else Filed.KEPT) if is_new else Filed.REPEATED)
        if results[-1] is None:
            news.append(each)
    followed = _follow(connection, news, known)
    _announce(connection, news, followed)
    following = iter(followed)
    return tuple(next(following) if result is None else result for result in results)


def _store(connection: Connection, returned: Sequence[NewBounce], known: Container[int | None]) -> set[str]:
    """Store returned mails; return the hashes of those that were not stored before."""
    rows = [
        {
            "mail": each.mail,
            "reader_id": each.reader_id if each.reader_id in known else None,
            "edition": each.edition,
            "kind": each.kind,
            "status": each.status,
            "words": each.words,
            "at": each.at,
        }
        for each in returned
    ]
    if not rows:
        return set()
    new = insert(connection, bounces).on_conflict_do_nothing().returning(bounces.c.mail)
    return set(connection.scalars(new, rows))


def _follow(connection: Connection, news: Sequence[Filing], known: Mapping[int | None, str]) -> list[Filed]:
    """Apply the consequences of new bounces of known readers, in order; return the result of each."""
    reached = _reached(connection, news)
    ends = [each for each in news if _party(each) in reached]
    suppressed = _suppress(connection, ends, known)
    return [
        Filed.KEPT
        if each.consequence is None
        else suppressed[each.bounce.mail]
        if _party(each) in reached
        else Filed.COUNTED
        for each in news
    ]


def _party(filing: Filing) -> tuple[ReaderId | None, str, Consequence | None]:
    """Return whose bounces count together with this one."""
    return filing.bounce.reader_id, filing.bounce.kind, filing.consequence


def _reached(connection: Connection, news: Sequence[Filing]) -> set[tuple[ReaderId | None, str, Consequence | None]]:
    """Return the parties whose bounces are enough to suppress the reader."""
    reached, counted = set(), dict[tuple[str, Consequence], set[ReaderId | None]]()
    for each in news:
        if each.consequence is None:
            continue
        if each.consequence.most <= 1 and each.consequence.first_before is None:  # it is enough by itself
            reached.add(_party(each))
        else:
            counted.setdefault((each.bounce.kind, each.consequence), set()).add(each.bounce.reader_id)
    for (kind, consequence), ids in counted.items():
        reached |= {(ReaderId(found), kind, consequence) for found in _enough(connection, ids, kind, consequence)}
    return reached


def _enough(
    connection: Connection, reader_ids: Collection[ReaderId | None], kind: str, consequence: Consequence
) -> Iterator[int]:
    """Yield the readers whose bounces of a kind have reached the number of a consequence."""
    b = bounces.c
    days, first = func.count(func.distinct(func.date(b.at))), func.min(b.at)
    query = select(b.reader_id, days.label("days"), first.label("first")).group_by(b.reader_id)
    theirs = query.where(b.reader_id.in_(reader_ids), b.kind == kind, b.at >= consequence.since)
    for row in connection.execute(theirs):
        late = consequence.first_before is not None and row.first > consequence.first_before
        if row.days >= consequence.most and not late:
            yield row.reader_id


def _suppress(connection: Connection, ends: Sequence[Filing], known: Mapping[int | None, str]) -> dict[str, Filed]:
    """Suppress the readers of these bounces; return the result of each, by the hash of its mail."""
    rows: dict[str, dict[str, object]] = {}
    for each in ends:
        if each.consequence is not None:
            identity = known[each.bounce.reader_id]
            rows.setdefault(identity, {"identity": identity, "why": each.consequence.why, "since": each.bounce.at})
    if not rows:
        return {}
    made = insert(connection, suppressions).on_conflict_do_nothing().returning(suppressions.c.identity)
    fresh = set(connection.scalars(made, list(rows.values())))
    found: dict[str, Filed] = {}
    for each in ends:
        identity = known[each.bounce.reader_id]
        changed = identity in fresh or _replace_weaker(connection, identity, each.consequence)
        fresh.discard(identity)
        found[each.bounce.mail] = Filed.SUPPRESSED if changed else Filed.KEPT
    return found


def _replace_weaker(connection: Connection, identity: str, consequence: Consequence | None) -> bool:
    """Give an earlier suppression the reason of this one, if it is stronger; return whether it is."""
    if consequence is None or not consequence.stronger_than:
        return False
    s = suppressions.c
    weaker = update(suppressions).where(s.identity == identity, s.why.in_(consequence.stronger_than))
    return connection.execute(weaker.values(why=consequence.why)).rowcount > 0


def _announce(connection: Connection, news: Sequence[Filing], followed: Sequence[Filed]) -> None:
    told: list[Announcement] = []
    for each, filed in zip(news, followed, strict=True):
        bounce, is_suppressed = each.bounce, filed is Filed.SUPPRESSED
        if bounce.reader_id is None:
            continue
        if bounce.kind == COMPLAINT:
            told.append((bounce.reader_id, Complained(suppressed=is_suppressed), bounce.at))
        elif each.consequence is not None:
            bounced = Bounced(kind=bounce.kind, status=bounce.status, suppressed=is_suppressed)
            told.append((bounce.reader_id, bounced, bounce.at))
    announce_readers(connection, told)

"""A reader's own data: reading and changing it; a change uses up a token in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.model.webhook import Confirmed, Left
from digest.storage.announce import announce_change, announce_reader, forget_addresses
from digest.storage.day_counts import JOINED, LEFT, count
from digest.storage.engine import Database
from digest.storage.outbox import ASKED, NAMELESS
from digest.storage.schema.editions import editions, tips
from digest.storage.schema.mailing import bounces, deliveries, outbox
from digest.storage.schema.people import readers, subscriptions, suppressions, tokens
from digest.storage.schema.webhooks import webhook_deliveries, webhook_endpoints, webhook_events
from digest.storage.signups import NewAsk, Window, count_in, store_ask
from digest.storage.tokens import NewToken, keep, spend
from digest.storage.upsert import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFile:
    """The data of a reader; ``subscriptions`` maps editions to the end of their pause, or None."""

    reader_id: ReaderId
    address: str
    identity: str
    language: str
    zone: str
    state: str
    added_at: datetime
    subscriptions: Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUse:
    """The token that a change uses up, by its hash, and a new token for the next change."""

    token: str
    purpose: str
    change: NewToken | None = None
    left: Mapping[str, Any] = field(default_factory=dict)
    """Replaces the grant of the used token, for readers who press its button again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChoice:
    """A reader's new choice: editions with the end of their pause, or None."""

    editions: Mapping[str, datetime | None]
    known: Sequence[str]
    """The present editions; subscriptions to others do not change."""
    language: str
    liftable: Sequence[str]
    """Reasons of a suppression that end when the reader chooses an edition."""
    consent: Mapping[str, str]
    """How we know that a reader who had left wants letters again."""
    zone: str | None = None
    """None leaves it as it is."""


class SelfService:
    """Reads and changes the data of one reader at their request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def file(self, reader_id: ReaderId) -> ReaderFile | None:
        """Return the data of a reader; None when there is no such reader, or when they were erased."""
        with self._database.read() as connection:
            known = connection.execute(select(readers).where(readers.c.id == reader_id)).one_or_none()
            if known is None or known.state == "erased":
                return None
            theirs = select(subscriptions.c.edition, subscriptions.c.paused_until)
            theirs = theirs.where(subscriptions.c.reader_id == reader_id).order_by(subscriptions.c.edition)
            chosen = {row.edition: row.paused_until for row in connection.execute(theirs)}
        return ReaderFile(
            reader_id=ReaderId(known.id),
            address=known.address,
            identity=known.identity,
            language=known.language,
            zone=known.zone,
            state=known.state,
            added_at=known.added_at,
            subscriptions=chosen,
        )

    def choose(self, reader_id: ReaderId, use: TokenUse, choice: NewChoice, now: datetime) -> bool:
        """Store a choice; without an edition the reader has left. Return False, unchanged, when the token is used."""
        with self._database.write() as connection:
            if not _use_token(connection, use, now):
                return False
            before = _choice_of(connection, reader_id)
            _subscribe(connection, reader_id, choice, now)
            _stand(connection, reader_id, choice, now)
            _announce_choice(connection, reader_id, before, _choice_of(connection, reader_id), now)
        return True

    def ask_to_move(self, use: TokenUse, ask: NewAsk, window: Window, now: datetime) -> bool:
        """Use up the token and store the request for a new address; return False if the token was used before.

        When ``window`` already has its most requests, the token is used up and True is returned, but no mail will be
        sent.
        """
        with self._database.write() as connection:
            if not _use_token(connection, use, now):
                return False
            if count_in(connection, window):
                store_ask(connection, ask, now)
        return True

    def move(
        self,
        reader_id: ReaderId,
        use: TokenUse,
        address: str,
        identity: str,
        tell: NewAsk,
        now: datetime,
    ) -> bool:
        """Change a reader's address and store a mail that informs the old one; earlier mails stay the reader's.

        Return False, without a change, when the token is used or another reader has the address, or it is suppressed.
        """
        with self._database.write() as connection:
            taken = select(readers.c.id).where(readers.c.identity == identity)
            away = select(suppressions.c.why).where(suppressions.c.identity == identity)
            if connection.execute(taken).first() or connection.execute(away).first():
                return False
            if not _use_token(connection, use, now):
                return False
            before = select(readers.c.identity).where(readers.c.id == reader_id).scalar_subquery()
            connection.execute(update(outbox).where(outbox.c.identity == before).values(identity=identity))
            moved = {"address": address, "identity": identity}
            connection.execute(update(readers).where(readers.c.id == reader_id).values(moved))
            store_ask(connection, tell, now)
            announce_change(connection, reader_id, ("address",), "preferences", now)
        return True

    def erase(self, reader_id: ReaderId, use: TokenUse, shadow: str, now: datetime) -> bool:
        """Erase a reader, except for a number and a ``shadow``; return False, unchanged, when the token is used.

        The ledger keeps that some reader got a letter. The shadow blocks a later import of the reader.
        """
        with self._database.write() as connection:
            identity = connection.scalar(select(readers.c.identity).where(readers.c.id == reader_id))
            if identity is None or not _use_token(connection, use, now):
                return False
            forget(connection, reader_id, identity, shadow, now, by="preferences", token=use.token)
        return True

    def everything(self, reader_id: ReaderId) -> dict[str, Any]:
        """Return all that is stored about a reader, by table, with the names of the columns."""
        with self._database.read() as connection:
            (reader,) = _dicts(connection, select(readers).where(readers.c.id == reader_id))
            d, e, o, b = deliveries.c, editions.c, outbox.c, bounces.c
            letters = (
                select(e.name, e.date, d.state, d.attempts, d.reply, d.updated_at)
                .join_from(editions, deliveries, and_(d.edition_id == e.id, d.reader_id == reader_id))
                .order_by(e.date, e.name)
            )
            mails = select(o.kind, o.address, o.asked_at, o.state, o.reply, o.updated_at)
            return {
                "reader": reader,
                "subscriptions": _dicts(connection, select(subscriptions).where(_theirs(reader_id))),
                "suppressions": _dicts(connection, select(suppressions).where(_identity_of(reader_id))),
                "letters": _dicts(connection, letters),
                "mails": _dicts(connection, mails.where(o.identity == reader["identity"]).order_by(o.id)),
                "webhooks": _dicts(connection, _announced(reader_id)),
                "bounces": _dicts(
                    connection, select(b.edition, b.kind, b.status, b.words, b.at).where(b.reader_id == reader_id)
                ),
            }


def forget(  # noqa: PLR0913 - all of it is one transaction
    connection: Connection,
    reader_id: ReaderId | None,
    identity: str,
    shadow: str,
    now: datetime,
    *,
    by: str = "operator",
    token: str = "",
) -> None:
    """Delete all personal data of an identity; ``reader_id`` is None when it is not a reader's.

    ``token`` is the hash of the token that ordered the erasure. It stays, so that its link can show the result.
    """
    _forget_mails(connection, reader_id, identity, token, now)
    _keep_shadow(connection, identity, shadow, now)
    connection.execute(update(tips).where(func.lower(tips.c.contact) == identity.lower()).values(contact=""))
    if reader_id is None:
        forget_addresses(connection, None, identity)
        return
    _forget_replies(connection, reader_id)
    gone = connection.scalars(delete(subscriptions).where(_theirs(reader_id)).returning(subscriptions.c.edition)).all()
    count(connection, LEFT, "erased", gone, now)
    announce_reader(connection, reader_id, Left(editions=tuple(sorted(gone)), by=by, erased=True), now)
    forget_addresses(connection, reader_id, identity)
    nothing = {"address": "", "name": "", "language": "", "zone": "", "consent": {}, "left_why": ""}
    erased = nothing | {"identity": shadow, "state": "erased", "left_at": now}
    connection.execute(update(readers).where(readers.c.id == reader_id).values(erased))


def _use_token(connection: Connection, use: TokenUse, now: datetime) -> bool:
    if not spend(connection, use.token, use.purpose, now, use.left):
        return False
    if use.change is not None:
        keep(connection, use.change, now)
    return True


def _theirs(reader_id: ReaderId) -> Any:  # noqa: ANN401 - a condition
    return subscriptions.c.reader_id == reader_id


def _identity_of(reader_id: ReaderId) -> Any:  # noqa: ANN401 - a condition
    return suppressions.c.identity == select(readers.c.identity).where(readers.c.id == reader_id).scalar_subquery()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The choice of a reader, as stored."""

    state: str
    language: str
    zone: str
    editions: Mapping[str, datetime | None]


def _choice_of(connection: Connection, reader_id: ReaderId) -> _Choice:
    r, s = readers.c, subscriptions.c
    known = connection.execute(select(r.state, r.language, r.zone).where(r.id == reader_id)).one()
    theirs = connection.execute(select(s.edition, s.paused_until).where(_theirs(reader_id)).order_by(s.edition))
    return _Choice(
        state=known.state,
        language=known.language,
        zone=known.zone,
        editions={row.edition: row.paused_until for row in theirs},
    )


def _announce_choice(
    connection: Connection, reader_id: ReaderId, before: _Choice, after: _Choice, now: datetime
) -> None:
    """Announce what a choice changed: the reader came back, left, or changed something."""
    if after.state != before.state:
        names = after.editions if after.state == "active" else before.editions
        confirmed, left = Confirmed(editions=tuple(names), by="reader"), Left(editions=tuple(names), by="preferences")
        announce_reader(connection, reader_id, confirmed if after.state == "active" else left, now)
        return
    kept = before.editions.keys() & after.editions.keys()
    changed = {
        "editions": before.editions.keys() != after.editions.keys(),
        "pause": any(before.editions[name] != after.editions[name] for name in kept),
        "language": before.language != after.language,
        "zone": before.zone != after.zone,
    }
    announce_change(connection, reader_id, [name for name, is_so in changed.items() if is_so], "preferences", now)


def _subscribe(connection: Connection, reader_id: ReaderId, choice: NewChoice, now: datetime) -> None:
    s = subscriptions.c
    unwanted = [name for name in choice.known if name not in choice.editions]
    before = set(connection.scalars(select(s.edition).where(_theirs(reader_id))))
    connection.execute(delete(subscriptions).where(_theirs(reader_id), s.edition.in_(unwanted)))
    count(connection, LEFT, "preferences", before.intersection(unwanted), now)
    count(connection, JOINED, "preferences", choice.editions.keys() - before, now)
    for name, paused_until in choice.editions.items():
        row = {"reader_id": reader_id, "edition": name, "since": now, "paused_until": paused_until}
        wanted = insert(connection, subscriptions).values(row)
        rests = {"paused_until": paused_until}
        connection.execute(wanted.on_conflict_do_update(index_elements=["reader_id", "edition"], set_=rests))


def _stand(connection: Connection, reader_id: ReaderId, choice: NewChoice, now: datetime) -> None:
    """Set the reader's state, ``active`` or ``left``, by their subscriptions."""
    r = readers.c
    anything = select(subscriptions.c.edition).where(_theirs(reader_id)).limit(1)
    stays = connection.execute(anything).first() is not None
    chosen = {"language": choice.language} | ({} if choice.zone is None else {"zone": choice.zone})
    connection.execute(update(readers).where(r.id == reader_id).values(chosen))
    left = {"state": "left", "left_at": now}
    back = {"state": "active", "left_at": None, "left_why": "", "consent": dict(choice.consent)}
    changed = and_(r.id == reader_id, r.state != ("active" if stays else "left"))
    connection.execute(update(readers).where(changed).values(back if stays else left))
    if choice.editions:
        lifted = suppressions.c.why.in_(choice.liftable)
        connection.execute(delete(suppressions).where(_identity_of(reader_id), lifted))


def _forget_mails(connection: Connection, reader_id: ReaderId | None, identity: str, token: str, now: datetime) -> None:
    o, t = outbox.c, tokens.c
    waiting = [ASKED, DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value]
    stopped = {"state": DeliveryState.SUPPRESSED.value, "updated_at": now}
    connection.execute(update(outbox).where(o.identity == identity, o.state.in_(waiting)).values(stopped))
    connection.execute(update(outbox).where(o.identity == identity).values(NAMELESS))
    if reader_id is not None:
        connection.execute(delete(tokens).where(t.reader_id == reader_id, t.hash != token))


def _forget_replies(connection: Connection, reader_id: ReaderId) -> None:
    """Delete the servers' replies about a reader: they often repeat the address."""
    all_editions = deliveries.c.edition_id.in_(select(editions.c.id))  # lets the database use the ledger's key
    connection.execute(update(deliveries).where(all_editions, deliveries.c.reader_id == reader_id).values(reply=""))
    connection.execute(update(bounces).where(bounces.c.reader_id == reader_id).values(words=""))


def _announced(reader_id: ReaderId) -> Any:  # noqa: ANN401 - a query
    """Return a query for what other systems were told about a reader."""
    e, d = webhook_events.c, webhook_deliveries.c
    query = select(e.type, e.at, webhook_endpoints.c.name, d.pseudonym, d.address, d.state)
    query = query.join_from(webhook_events, webhook_deliveries, d.event_id == e.id)
    query = query.join(webhook_endpoints, webhook_endpoints.c.id == d.endpoint_id)
    return query.where(e.reader_id == reader_id).order_by(d.id)


def _keep_shadow(connection: Connection, identity: str, shadow: str, now: datetime) -> None:
    """Replace the identity of a suppression by its shadow, or create a suppression of the shadow."""
    here = suppressions.c.identity == identity
    known = connection.execute(select(suppressions.c.why, suppressions.c.since).where(here)).first()
    why, since = known if known is not None else ("erased", now)
    connection.execute(delete(suppressions).where(here))
    row = {"identity": shadow, "why": why, "since": since}
    connection.execute(insert(connection, suppressions).on_conflict_do_nothing(), [row])


def _dicts(connection: Connection, query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any select
    return [dict(row) for row in connection.execute(query).mappings()]

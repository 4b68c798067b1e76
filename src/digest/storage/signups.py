"""Requests of visitors, what is known of them, and what a confirmation changes.

A request is one small transaction, the same for everybody: its duration reveals nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, text, update

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.model.webhook import Confirmed, SignedUp
from digest.storage.announce import announce_person, announce_reader
from digest.storage.day_counts import JOINED, count
from digest.storage.engine import Database
from digest.storage.outbox import ASKED, STAYED
from digest.storage.schema.mailing import outbox, tallies
from digest.storage.schema.people import readers, subscriptions, suppressions
from digest.storage.tokens import NewToken, keep, spend, tie
from digest.storage.upsert import insert
from digest.storage.welcomes import Welcome, queue_welcomes

SCOPE = "ask:"
"""Prefix of the scopes of all counts in this module."""
BATCH = 400
"""Most values in one IN (..)."""
_COUNT = text(
    """INSERT INTO tallies (scope, start, number) VALUES (:scope, :start, 1)
    ON CONFLICT (scope, start) DO UPDATE SET number = tallies.number + 1 RETURNING number"""
).bindparams(bindparam("start", type_=tallies.c.start.type))
"""Written in SQL: building it four times for each request took longer than everything else (measured)."""
_STORE = outbox.insert()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A limit: at most ``most`` requests may come from ``start`` on.

    ``scope`` names what is counted, such as a visitor's hash.
    """

    scope: str
    start: datetime
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsk:
    """An undecided request; the caller, who has the keys, makes ``limit_key`` and ``nonce``."""

    kind: str
    address: str
    identity: str
    limit_key: str
    language: str
    request: Mapping[str, Any]
    nonce: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsk(NewAsk):
    """A stored request that is not decided yet."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What is known of an identity: its row, and the reason of its suppression."""

    reader_id: ReaderId | None = None
    address: str = ""
    language: str = ""
    state: str | None = None
    suppressed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMail:
    """A mail that was sent, or will be."""

    limit_key: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision on a request: a mail of a kind, or no mail (and why), or a new decision at ``later``."""

    id: int
    kind: str | None = None
    address: str = ""
    """The recipient of the mail."""
    language: str = ""
    """The language of the mail."""
    why: str = ""
    later: datetime | None = None
    expires: datetime | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    token: NewToken | None = None
    scopes: tuple[str, ...] = ()
    """The counts that include the mail."""
    signed_up: SignedUp | None = None
    """The event to announce when the request is a new sign-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What to store when a reader confirms a sign-up.

    ``identity`` is the address in its normalised form; ``aliases`` are other forms under which the reader may be stored
    already.
    """

    token: str
    purpose: str
    address: str
    identity: str
    aliases: tuple[str, ...]
    limit_key: str
    language: str
    editions: tuple[str, ...]
    consent: Mapping[str, str]
    liftable: Collection[str]
    """Reasons of a suppression that a confirmation ends; any other reason prevents it."""
    welcomes: tuple[Welcome, ...] = ()
    """The letters that greet the reader."""


def _ask(row: Row[Any]) -> StoredAsk:
    return StoredAsk(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


class Signups:
    """Reads and writes requests of people who want to become readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, new: NewAsk, windows: Sequence[Window], now: datetime) -> Window | None:
        """Count and store a request; when a window is full, store nothing and return the window."""
        try:
            with self._database.write() as connection:
                _count_in_all(connection, windows)
                store_ask(connection, new, now)
        except _Full as full:
            return full.window
        return None

    def waiting(self, now: datetime, most: int) -> tuple[StoredAsk, ...]:
        """Return undecided requests that may be decided now, the oldest first."""
        o = outbox.c
        here = and_(o.state == ASKED, or_(o.next_attempt.is_(None), o.next_attempt <= now))
        query = select(o.id, o.kind, o.address, o.identity, o.limit_key, o.language, o.request, o.nonce, o.expires)
        return self._database.rows(query.where(here).order_by(o.id).limit(most), o.id, _ask)

    def acquaintances(self, identities: Mapping[str, Sequence[str]]) -> dict[str, Acquaintance]:
        """Return what is known of each identity, also under its aliases (the values of the mapping)."""
        names = {name: one for one, aliases in identities.items() for name in (one, *aliases)}
        found: dict[str, Acquaintance] = {one: Acquaintance() for one in identities}
        with self._database.read() as connection:
            suppressed = dict(_rows(connection, (suppressions.c.identity, suppressions.c.why), names))
            r = readers.c
            for row in _rows(connection, (r.identity, r.id, r.address, r.language, r.state), names):
                found[names[row.identity]] = Acquaintance(
                    reader_id=ReaderId(row.id), address=row.address, language=row.language, state=row.state
                )
        for name, why in suppressed.items():
            found[names[name]] = replace(found[names[name]], suppressed=why)
        return found

    def mails(self, limit_keys: Collection[str], since: datetime) -> tuple[CountedMail, ...]:
        """Return the mails to these limit keys that were sent since that time, or will be."""
        o = outbox.c
        found: list[CountedMail] = []
        with self._database.read() as connection:
            for some in _batches(limit_keys):
                here = and_(o.limit_key.in_(some), o.state.not_in(STAYED), o.updated_at > since)
                rows = connection.execute(select(o.limit_key, o.kind, o.updated_at).where(here))
                found += [CountedMail(limit_key=key, kind=kind, at=at) for key, kind, at in rows]
        return tuple(found)

    def counts(self, scopes: Collection[str], start: datetime) -> dict[str, int]:
        """Return the counts of the windows with that start; windows without a count are missing."""
        with self._database.read() as connection:
            query = select(tallies.c.scope, tallies.c.number).where(tallies.c.start == start)
            return {
                scope: number
                for some in _batches(scopes)
                for scope, number in connection.execute(query.where(tallies.c.scope.in_(some)))
            }

    def settle(self, decided: Iterable[Decided], hour: datetime, now: datetime) -> int:
        """Write decisions on requests that are still undecided; return how many mails are to be sent.

        ``hour`` is the window in which they are counted.
        """
        with self._database.write() as connection:
            return sum(_settle(connection, each, hour, now) for each in decided)

    def confirm(self, wish: Confirmation, now: datetime) -> ReaderId | None:
        """Use up the token and create the reader, or make them active again; return their number.

        None when the token was used meanwhile, or when the reader is suppressed for another reason; nothing changes
        then.
        """
        names = (wish.identity, *wish.aliases)
        with self._database.write() as connection:
            why = connection.scalars(select(suppressions.c.why).where(suppressions.c.identity.in_(names)))
            away = any(reason not in wish.liftable for reason in why)
            if away or not spend(connection, wish.token, wish.purpose, now):
                return None
            connection.execute(delete(suppressions).where(suppressions.c.identity.in_(names)))
            reader_id = _enrol(connection, wish, names, now)
            tie(connection, wish.token, reader_id)
            _forget_invitations(connection, wish.limit_key, now)
            to = {"address": wish.address, "identity": wish.identity, "language": wish.language}
            queue_welcomes(connection, reader_id, to, wish.welcomes, now)
            announce_reader(connection, reader_id, Confirmed(editions=wish.editions, by="reader"), now)
        return reader_id

    def purge(self, before: datetime) -> int:
        """Delete the counts of windows that started before that time; return their number."""
        ours = and_(tallies.c.scope.startswith(SCOPE, autoescape=True), tallies.c.start < before)
        with self._database.write() as connection:
            return connection.execute(delete(tallies).where(ours)).rowcount


class _Full(Exception):  # noqa: N818 - it takes a transaction back, and is seen nowhere else
    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window


def _count_in_all(connection: Connection, windows: Sequence[Window]) -> None:
    for window in windows:
        if not count_in(connection, window):
            raise _Full(window)


def count_in(connection: Connection, window: Window) -> bool:
    """Count one more in a window; return whether it is within the limit."""
    return _count(connection, window.scope, window.start) <= window.most


def store_ask(connection: Connection, new: NewAsk, now: datetime) -> None:
    """Store an undecided request."""
    row = {
        "kind": new.kind,
        "address": new.address,
        "identity": new.identity,
        "limit_key": new.limit_key,
        "language": new.language,
        "request": dict(new.request),
        "nonce": new.nonce,
        "asked_at": now,
        "expires": new.expires,
        "state": ASKED,
        "updated_at": now,
    }
    connection.execute(_STORE, row)


def _count(connection: Connection, scope: str, start: datetime) -> int:
    number: int = connection.execute(_COUNT, {"scope": scope, "start": start}).scalar_one()
    return number


def _settle(connection: Connection, decided: Decided, hour: datetime, now: datetime) -> bool:
    """Write one decision; return whether a mail is to be sent. False when another worker decided first."""
    values: dict[str, Any] = {"updated_at": now, "reply": decided.why}
    if decided.later is not None:
        values["next_attempt"] = decided.later
    elif decided.kind is None:
        values |= {"state": DeliveryState.SUPPRESSED.value, "request": {}}
    else:
        values |= {"state": DeliveryState.QUEUED.value, "kind": decided.kind, "next_attempt": None}
        values |= {"address": decided.address, "language": decided.language}
        values |= {"expires": decided.expires, "request": dict(decided.request)}
    here = and_(outbox.c.id == decided.id, outbox.c.state == ASKED)
    changed = connection.execute(update(outbox).where(here).values(values)).rowcount == 1
    if not changed or decided.kind is None:
        return False
    if decided.token is not None:
        keep(connection, decided.token, now)
    for scope in decided.scopes:
        _count(connection, scope, hour)
    if decided.signed_up is not None:
        identity: str = connection.execute(select(outbox.c.identity).where(outbox.c.id == decided.id)).scalar_one()
        announce_person(connection, identity, decided.address, decided.signed_up, now)
    return True


def _enrol(connection: Connection, wish: Confirmation, names: Sequence[str], now: datetime) -> ReaderId:
    """Make the confirmed reader active with the chosen editions; return their number."""
    values: dict[str, Any] = {
        "address": wish.address,
        "identity": wish.identity,
        "language": wish.language,
        "state": "active",
    }
    values |= {"consent": dict(wish.consent), "left_at": None, "left_why": ""}
    made = None
    known = _known(connection, names)
    if known is None:
        row = insert(connection, readers).values(values | {"name": "", "added_at": now}).on_conflict_do_nothing()
        made = connection.execute(row.returning(readers.c.id, readers.c.state)).first()
        known = made or _known(connection, names)  # without a new row, another transaction added the reader meanwhile
    if known is None:
        raise AssertionError("a reader is neither new nor known")
    number: int = known.id
    if made is None:
        if known.state != "active":
            values["added_at"] = now
            connection.execute(delete(subscriptions).where(subscriptions.c.reader_id == number))
        connection.execute(update(readers).where(readers.c.id == number).values(values))
    s = subscriptions.c
    theirs = set(connection.scalars(select(s.edition).where(s.reader_id == number)))
    rows = [{"reader_id": number, "edition": name, "since": now} for name in wish.editions if name not in theirs]
    if rows:
        connection.execute(insert(connection, subscriptions).on_conflict_do_nothing(), rows)
        count(connection, JOINED, "confirmed", [name for name in wish.editions if name not in theirs], now)
    return ReaderId(number)


def _known(connection: Connection, names: Sequence[str]) -> Row[Any, Any] | None:
    return connection.execute(select(readers.c.id, readers.c.state).where(readers.c.identity.in_(names))).first()


def _forget_invitations(connection: Connection, limit_key: str, now: datetime) -> None:
    """Delete older mails to an address that has confirmed, so that they no longer count; keep those of the last day."""
    o = outbox.c
    old = and_(
        o.limit_key == limit_key, o.state == DeliveryState.ACCEPTED.value, o.updated_at < now - timedelta(days=1)
    )
    connection.execute(delete(outbox).where(old))


def _rows(connection: Connection, columns: Sequence[Any], names: Collection[str]) -> Iterable[Any]:
    """Yield rows with one of the names in their first column."""
    for some in _batches(names):
        yield from connection.execute(select(*columns).where(columns[0].in_(some)))


def _batches(values: Collection[str]) -> Iterable[list[str]]:
    every = list(values)
    for at in range(0, len(every), BATCH):
        yield every[at : at + BATCH]

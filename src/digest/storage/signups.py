"""What strangers ask for, what is known of them, and what a confirmation changes.

Asking is one small transaction, the same for everybody: whoever watches the clock learns nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, text, update

from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.day_counts import JOINED, count
from digest.storage.engine import Database
from digest.storage.outbox import ASKED, STAYED
from digest.storage.schema.mailing import outbox, tallies
from digest.storage.schema.people import readers, subscriptions, suppressions
from digest.storage.tokens import NewToken, keep, spend, tie
from digest.storage.upsert import insert

SCOPE = "ask:"
"""Begins the scope of every count that is made here."""
BATCH = 400
"""Values in one IN (..)."""
_COUNT = text(
    """INSERT INTO tallies (scope, start, number) VALUES (:scope, :start, 1)
    ON CONFLICT (scope, start) DO UPDATE SET number = tallies.number + 1 RETURNING number"""
).bindparams(bindparam("start", type_=tallies.c.start.type))
"""Written out: built anew for each of its four uses in a request, it took longer than all else (measured)."""
_STORE = outbox.insert()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A count of requests since ``start``; more than ``most`` are refused. ``scope`` is a hash of whose it is."""

    scope: str
    start: datetime
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsk:
    """A request as it is stored, undecided; ``limit_key`` and ``nonce`` are made by who knows the keys."""

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
    """A request that waits to be decided on."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What is known of an identity: its row, and why it is suppressed."""

    reader_id: ReaderId | None = None
    address: str = ""
    language: str = ""
    state: str | None = None
    suppressed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMail:
    """A mail that went, or is about to."""

    limit_key: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What becomes of a request: a mail of that kind, nothing (and why), or another look at ``later``."""

    id: int
    kind: str | None = None
    address: str = ""
    """Where the mail goes."""
    language: str = ""
    """What it is written in."""
    why: str = ""
    later: datetime | None = None
    expires: datetime | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    token: NewToken | None = None
    scopes: tuple[str, ...] = ()
    """The counts in which the mail shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A reader as they confirmed to be; ``aliases`` are the other identities under which they may be known."""

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
    """Reasons of a suppression that confirming lifts; any other keeps them away."""


def _ask(row: Row[Any]) -> StoredAsk:
    return StoredAsk(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


class Signups:
    """Reads and writes requests of strangers who want to be readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, new: NewAsk, windows: Sequence[Window], now: datetime) -> Window | None:
        """Count and store a request; when a window is full, store nothing and return it."""
        try:
            with self._database.write() as connection:
                _count_in_all(connection, windows)
                store_ask(connection, new, now)
        except _Full as full:
            return full.window
        return None

    def waiting(self, now: datetime, most: int) -> tuple[StoredAsk, ...]:
        """Return requests that nobody decided on and that may be looked at now, the oldest first."""
        o = outbox.c
        here = and_(o.state == ASKED, or_(o.next_attempt.is_(None), o.next_attempt <= now))
        query = select(o.id, o.kind, o.address, o.identity, o.limit_key, o.language, o.request, o.nonce, o.expires)
        return self._database.rows(query.where(here).order_by(o.id).limit(most), o.id, _ask)

    def acquaintances(self, identities: Mapping[str, Sequence[str]]) -> dict[str, Acquaintance]:
        """Return what is known of each identity, which may also be known by the aliases that it maps to."""
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
        """Return the mails to these limit keys that went since then, or are about to."""
        o = outbox.c
        found: list[CountedMail] = []
        with self._database.read() as connection:
            for some in _batches(limit_keys):
                here = and_(o.limit_key.in_(some), o.state.not_in(STAYED), o.updated_at > since)
                rows = connection.execute(select(o.limit_key, o.kind, o.updated_at).where(here))
                found += [CountedMail(limit_key=key, kind=kind, at=at) for key, kind, at in rows]
        return tuple(found)

    def counts(self, scopes: Collection[str], start: datetime) -> dict[str, int]:
        """Return the counts of the windows that began then; those that nobody counted in are missing."""
        with self._database.read() as connection:
            query = select(tallies.c.scope, tallies.c.number).where(tallies.c.start == start)
            return {
                scope: number
                for some in _batches(scopes)
                for scope, number in connection.execute(query.where(tallies.c.scope.in_(some)))
            }

    def settle(self, decided: Iterable[Decided], hour: datetime, now: datetime) -> int:
        """Write decisions, each for a request that is still undecided; return how many mails are to go.

        ``hour`` is the window in which they are counted.
        """
        with self._database.write() as connection:
            return sum(_settle(connection, each, hour, now) for each in decided)

    def confirm(self, wish: Confirmation, now: datetime) -> ReaderId | None:
        """Use the token up and make, or bring back, its reader; return their number.

        None when the token was used in the meantime, or when the reader has to stay away; then nothing was changed.
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
        return reader_id

    def purge(self, before: datetime) -> int:
        """Take out the counts of windows that began before that; return how many."""
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
    """Count one more in a window; tell whether there was room."""
    return _count(connection, window.scope, window.start) <= window.most


def store_ask(connection: Connection, new: NewAsk, now: datetime) -> None:
    """Store a request, undecided."""
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
    """Write one decision; tell whether a mail goes that nobody else decided on."""
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
    return True


def _enrol(connection: Connection, wish: Confirmation, names: Sequence[str], now: datetime) -> ReaderId:
    """Return the number of the reader who confirmed: active now, with the editions that they chose."""
    values: dict[str, Any] = {
        "address": wish.address,
        "identity": wish.identity,
        "language": wish.language,
        "state": "active",
    }
    values |= {"consent": dict(wish.consent), "left_at": None, "left_why": ""}
    known = connection.execute(select(readers.c.id, readers.c.state).where(readers.c.identity.in_(names))).first()
    if known is None:
        made = insert(connection, readers).values(values | {"name": "", "added_at": now}).returning(readers.c.id)
        number = connection.execute(made).scalar_one()
    else:
        number = known.id
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


def _forget_invitations(connection: Connection, limit_key: str, now: datetime) -> None:
    """Forget how often an address was asked, since it answered; the mails of the last day still count."""
    o = outbox.c
    old = and_(
        o.limit_key == limit_key, o.state == DeliveryState.ACCEPTED.value, o.updated_at < now - timedelta(days=1)
    )
    connection.execute(delete(outbox).where(old))


def _rows(connection: Connection, columns: Sequence[Any], names: Collection[str]) -> Iterable[Any]:
    """Yield rows whose first column is one of the names."""
    for some in _batches(names):
        yield from connection.execute(select(*columns).where(columns[0].in_(some)))


def _batches(values: Collection[str]) -> Iterable[list[str]]:
    every = list(values)
    for at in range(0, len(every), BATCH):
        yield every[at : at + BATCH]

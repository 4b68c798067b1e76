"""The state of each edition and its content, from planned to sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NewType

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy import insert as plain_insert

from digest.model.edition import Edition, EditionState, ToldStory
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, MOVES, UNSENT, Cause, Move, in_words, may
from digest.model.webhook import Waiting
from digest.storage.announce_editions import (
    Standing,
    announce_composed,
    announce_edition,
    announce_move,
    is_announced,
    standing_of,
)
from digest.storage.edition_names import under
from digest.storage.engine import Database
from digest.storage.in_flight import clear
from digest.storage.readers import subscribed
from digest.storage.schema.editions import desk, edition_names, editions, letters, told
from digest.storage.schema.people import readers, subscriptions
from digest.storage.upsert import insert
from digest.storage.values import Unreadable, readable, refuse

EditionId = NewType("EditionId", int)
_BY_KEY = select(editions).where(
    editions.c.name == bindparam("name"),
    editions.c.date == bindparam("date"),
    editions.c.number == bindparam("number"),
)
_LAST_DUE = select(func.max(editions.c.due)).where(
    editions.c.name == bindparam("name"), editions.c.due <= bindparam("now")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdition:
    """One row: an edition and its state; ``edition`` is None until it is composed."""

    id: EditionId
    key: EditionKey
    state: EditionState
    reason: str
    due: datetime
    expires: datetime
    cut: datetime | None
    edition: Edition | None
    seen: Mapping[str, Any]
    """Its input: program version, settings, ids of the article versions, and the reason for each story's place."""
    changed_at: datetime
    audience: int | None = None
    """Number of readers for whom it was frozen; None before, and for old editions."""
    cause: Cause = Cause.NONE
    """Why it is not sent automatically; ``reason`` says it as text."""
    letter: int = 1
    """Number of the letter that is sent now; it grows when the letter of a paused edition is replaced."""
    approval_told: tuple[int, ...] = ()
    """Ids of the users who were notified that it waits for approval."""

    def may(self, move: Move) -> bool:
        """Return whether the move is allowed in its present state."""
        return may(move, self.state, self.cause)

    @property
    def in_words(self) -> str:
        """Its state with the reason, as text."""
        return in_words(self.state, self.cause, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The result of composing: the edition, its stories for the memory, and its input."""

    edition: Edition | None
    """None when there are no stories; this removes an earlier draft."""
    telling: tuple[ToldStory, ...]
    seen: Mapping[str, Any]
    state: EditionState = EditionState.READY
    reason: str = ""
    cause: Cause = Cause.NONE
    last_act: int | None = None
    """Id of the newest act when it was composed; None skips the check for newer acts."""
    waiting: Waiting | None = None
    """The event to announce when it waits for approval from now on."""


class Editions:
    """Reads and writes editions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, key: EditionKey, due: datetime, expires: datetime, now: datetime) -> StoredEdition:
        """Return the edition's row, created if missing; there is one for each key, even with concurrent calls.

        While it is unsent, each call sets when it is due and until when it may be sent.
        """
        row = {
            "name": key.name,
            "date": key.date,
            "number": key.number,
            "state": EditionState.PLANNED.value,
            "due": due,
            "expires": expires,
            "changed_at": now,
        }
        with self._database.write() as connection:
            planned = insert(connection, editions).on_conflict_do_update(
                index_elements=["name", "date", "number"],
                set_={"due": due, "expires": expires},
                where=editions.c.state.in_(_values(UNSENT)),
            )
            connection.execute(planned, [row])
            return _stored(connection.execute(_BY_KEY, _parts(key)).one())

    def get(self, key: EditionKey) -> StoredEdition | None:
        """Return the edition's row; None when it was never planned."""
        with self._database.read() as connection:
            row = connection.execute(_BY_KEY, _parts(key)).one_or_none()
        return None if row is None else _stored(row)

    def by_id(self, edition_id: EditionId) -> StoredEdition | None:
        """Return the row with that id; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(editions).where(editions.c.id == edition_id)).one_or_none()
        return None if row is None else _stored(row)

    def latest(
        self, limit: int = 20, states: Collection[EditionState] = tuple(EditionState)
    ) -> tuple[StoredEdition, ...]:
        """Return editions in these states, the newest first."""
        return self._database.rows(_newest(limit, frozenset(states)), editions.c.id, _stored)

    def page(
        self, after: tuple[datetime, int] | None, limit: int, name: str | None = None
    ) -> tuple[StoredEdition, ...]:
        """Return editions, the last due first: those after a place in that order (due time, id), or of one name."""
        e = editions.c
        query = select(editions).order_by(e.due.desc(), e.id.desc()).limit(limit)
        if after is not None:
            query = query.where(or_(e.due < after[0], and_(e.due == after[0], e.id < after[1])))
        return self._database.rows(query if name is None else query.where(e.name == name), e.id, _stored)

    def of_day(self, name: str, day: date) -> tuple[StoredEdition, ...]:
        """Return the editions with a name on a local date, ordered by number."""
        query = select(editions).where(editions.c.name == name, editions.c.date == day).order_by(editions.c.number)
        return self._database.rows(query, editions.c.id, _stored)

    def frozen_under_any_name(self, key: EditionKey) -> EditionKey | None:
        """Return the key of the frozen edition under this name or a former one; None when there is none."""
        here = and_(under([key.name]), editions.c.date == key.date, editions.c.number == key.number)
        query = select(editions.c.name).where(here, editions.c.state.in_(_values(FROZEN)))
        with self._database.read() as connection:
            names = set(connection.scalars(query))
        name = key.name if key.name in names else min(names, default=None)
        return None if name is None else EditionKey(name=name, date=key.date, number=key.number)

    def frozen_since(self, due: datetime) -> tuple[EditionKey, ...]:
        """Return the keys of the frozen editions that were due since then, the newest first; no edition is read."""
        e = editions.c
        query = select(e.name, e.date, e.number).where(e.state.in_(_values(FROZEN)), e.due >= due)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(e.due.desc(), e.id.desc())).all()
        return tuple(EditionKey(name=row.name, date=row.date, number=row.number) for row in rows)

    def names(self) -> tuple[str, ...]:
        """Return all names of stored editions, sorted."""
        with self._database.read() as connection:
            return tuple(connection.scalars(select(editions.c.name).distinct().order_by(editions.c.name)))

    def last_due(self, name: str, now: datetime) -> datetime | None:
        """Return when the newest stored edition with that name was due, up to now; None when there is none."""
        with self._database.read() as connection:
            newest: datetime | None = connection.scalar(_LAST_DUE, {"name": name, "now": now})
            return newest

    def known_since(self, name: str, now: datetime) -> datetime:
        """Return since when the edition's name is known: now, unless there is an earlier trace of it.

        Such traces are its rows and its subscriptions, from before the program stored this time.
        """
        with self._database.write() as connection:
            due = select(func.min(editions.c.due)).where(editions.c.name == name)
            since = select(func.min(subscriptions.c.since)).where(subscriptions.c.edition == name)
            found = (connection.scalar(due), connection.scalar(since), now)
            earliest = min(each for each in found if each is not None)
            noted = insert(connection, edition_names).values(name=name, since=earliest)
            earlier = noted.on_conflict_do_update(
                index_elements=["name"], set_={"since": earliest}, where=edition_names.c.since > earliest
            )
            connection.execute(earlier)
            query = select(edition_names.c.since).where(edition_names.c.name == name)
            kept: datetime = connection.execute(query).scalar_one()
            return kept

    def move(
        self,
        edition_id: EditionId,
        move: Move,
        now: datetime,
        *,
        reason: str = "",
        if_still: EditionState | None = None,
    ) -> bool:
        """Make a move with one target state, if it is allowed; return whether it was made.

        With ``if_still``, make it only when the edition is in that state.
        """
        rule = MOVES[move]
        (to,) = rule.to
        here = and_(allowed(edition_id, move), true() if if_still is None else editions.c.state == if_still.value)
        values = {"state": to.value, "cause": rule.leaves.value, "reason": reason, "changed_at": now}
        with self._database.write() as connection:
            before = standing_of(connection, edition_id)
            moved = connection.execute(update(editions).where(here).values(values)).rowcount == 1
            if moved and before is not None:
                announce_move(connection, edition_id, before, Standing(to, rule.leaves, reason), now)
            if moved and move is Move.FINISH:
                clear(connection, edition_id)
            return moved

    def draft(self, edition_id: EditionId, draft: Draft, now: datetime) -> bool:
        """Store a composed edition in place of an earlier draft.

        Return False when it may no longer be composed, or when an act was added since it was composed.
        """
        values = {
            "state": draft.state.value,
            "reason": draft.reason,
            "cause": draft.cause.value,
            "cut": draft.edition.cut if draft.edition else None,
            "edition": draft.edition,
            "seen": dict(draft.seen),
            "changed_at": now,
        }
        if draft.state not in MOVES[Move.COMPOSE].to:
            raise ValueError(f"composing does not lead to {draft.state.value}")
        here = allowed(edition_id, Move.COMPOSE)
        with self._database.write() as connection:
            before = locked(connection, edition_id)
            if draft.last_act is not None and draft.last_act != last_act(connection, edition_id):
                return False
            if connection.execute(update(editions).where(here).values(values)).rowcount != 1:
                return False
            store_told(connection, edition_id, draft.telling)
            _announce(connection, before, draft, now)
            return True

    def announce_waiting(self, edition_id: EditionId, waiting: Waiting, now: datetime) -> None:
        """Announce once that a draft waits for approval; for drafts that began to wait when the settings changed."""
        with self._database.read() as connection:
            if is_announced(connection, edition_id, waiting.type):
                return
        with self._database.write() as connection:
            announce_edition(connection, edition_id, waiting, now, once=True)

    def audience(self, name: str, now: datetime) -> int:
        """Return how many readers would get an edition with this name now."""
        with self._database.read() as connection:
            query = select(func.count()).select_from(readers).where(subscribed(name, now))
            return connection.scalar(query) or 0

    def note_told(self, edition_id: EditionId, users: Collection[int]) -> None:
        """Store which users were notified that an edition waits for approval."""
        values = {"approval_told": sorted(users)}
        with self._database.write() as connection:
            connection.execute(update(editions).where(editions.c.id == edition_id).values(values))

    def told_since(
        self, since: datetime, names: Collection[str], unreadable: Unreadable = refuse
    ) -> tuple[ToldStory, ...]:
        """Return the stories of editions with these names whose sending began at ``since`` or later.

        Former names of these editions count too. The oldest comes first. ``unreadable`` gets the edition's number and
        the story's place when its row cannot be read.
        """
        query = (
            select(told.c.edition_id, told.c.place, type_coerce(told.c.told, Text))
            .join(editions, editions.c.id == told.c.edition_id)
            .join(letters, editions.c.id == letters.c.edition_id)
            .where(
                editions.c.state.in_(_values(FROZEN)),
                letters.c.frozen_at >= since,
                under(names),
            )
            .order_by(letters.c.frozen_at, editions.c.id, told.c.place)
        )
        with self._database.read() as connection:
            rows = [(f"{number}/{place}", written) for number, place, written in connection.execute(query)]
        return tuple(readable(ToldStory, rows, unreadable))


@lru_cache(maxsize=64)
def _newest(limit: int, states: frozenset[EditionState]) -> Select[Any]:
    """Return the query for the newest editions in these states. Each tick asks several times."""
    query = select(editions).where(editions.c.state.in_(_values(states)))
    return query.order_by(editions.c.due.desc(), editions.c.name, editions.c.id).limit(limit)


def _values(states: Collection[EditionState]) -> list[str]:
    return [state.value for state in states]


def allowed(edition_id: EditionId, move: Move) -> ColumnElement[bool]:
    """Return a condition for the edition while the move is allowed."""
    rule, e = MOVES[move], editions.c
    return and_(e.id == edition_id, e.state.in_(_values(rule.sources)), e.cause.in_([c.value for c in rule.causes]))


def _parts(key: EditionKey) -> dict[str, Any]:
    return {"name": key.name, "date": key.date, "number": key.number}


def store_told(connection: Connection, edition_id: EditionId, telling: Collection[ToldStory]) -> None:
    """Store the stories that an edition tells; they replace the earlier ones."""
    connection.execute(delete(told).where(told.c.edition_id == edition_id))
    rows = [{"edition_id": edition_id, "place": n, "told": story} for n, story in enumerate(telling)]
    if rows:
        connection.execute(plain_insert(told), rows)


def locked(connection: Connection, edition_id: EditionId) -> StoredEdition:
    """Return an edition's row, locked against changes by others until this transaction ends."""
    return _stored(connection.execute(select(editions).where(editions.c.id == edition_id).with_for_update()).one())


def _announce(connection: Connection, before: StoredEdition, draft: Draft, now: datetime) -> None:
    """Announce what a draft is: composed for the first time, held, skipped, or waiting for approval."""
    if draft.edition is not None and before.edition is None:
        announce_composed(connection, before.id, len(draft.edition.items), now)
    was, now_is = Standing(before.state, before.cause), Standing(draft.state, draft.cause, draft.reason)
    announce_move(connection, before.id, was, now_is, now)
    if draft.waiting is not None and draft.state is EditionState.READY:
        announce_edition(connection, before.id, draft.waiting, now, once=True)


def last_act(connection: Connection, edition_id: EditionId) -> int:
    """Return the id of the newest act on an edition; 0 when there is none."""
    return connection.scalar(select(func.max(desk.c.id)).where(desk.c.edition_id == edition_id)) or 0


def _stored(row: Row[Any]) -> StoredEdition:
    return StoredEdition(
        id=EditionId(row.id),
        key=EditionKey(name=row.name, date=row.date, number=row.number),
        state=EditionState(row.state),
        reason=row.reason,
        due=row.due,
        expires=row.expires,
        cut=row.cut,
        edition=row.edition,
        seen=row.seen or {},
        changed_at=row.changed_at,
        audience=row.audience,
        cause=Cause(row.cause),
        letter=row.letter,
        approval_told=tuple(row.approval_told or ()),
    )

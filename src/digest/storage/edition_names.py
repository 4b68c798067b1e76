"""The names of editions: names with readers but without settings, and the later names of renamed editions.

A sent edition keeps the name under which it was sent, so archive addresses and links in old letters do not change. A
former name leads to the present one, for the memory of told stories and for readers who leave by a link in an old
letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal, or_, select, update
from sqlalchemy import insert as plain_insert

from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, UNSENT, Cause
from digest.storage.engine import Database
from digest.storage.schema.editions import edition_names, editions, told
from digest.storage.schema.people import subscriptions
from digest.storage.upsert import insert

RECENT = timedelta(days=3)
"""An edition sent within this time under its former name is not sent again under the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """What was moved to the new name."""

    readers: int
    already: int
    """This many of the readers had already subscribed to the new name."""
    drafts: int
    """Unsent editions, which got the new name."""


class EditionNames:
    """Reads and changes the names of editions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def without_settings(self, known: Collection[str]) -> dict[str, int]:
        """Return the names that readers subscribe to but ``known`` lacks, with the number of these readers."""
        with self._database.read() as connection:
            lost = [name for name in _subscribed(connection) if name not in known]
            count = select(func.count()).select_from(subscriptions)
            return {name: connection.scalar(count.where(subscriptions.c.edition == name)) or 0 for name in lost}

    def became(self) -> Mapping[str, str]:
        """Return the present name of each former name."""
        query = select(edition_names.c.name, edition_names.c.became).where(edition_names.c.became.is_not(None))
        with self._database.read() as connection:
            return {row.name: row.became for row in connection.execute(query)}

    def rename(self, old: str, new: str, now: datetime) -> Renamed:
        """Move the subscribers and drafts of an edition to its new name; sent editions keep the old one."""
        with self._database.write() as connection:
            already, readers = _move_subscriptions(connection, old, new)
            drafts = _move_drafts(connection, old, new, now)
            _keep_from_repeating(connection, old, new, now)
            _note(connection, old, new, now)
        return Renamed(readers=readers + already, already=already, drafts=drafts)

    def end(self, name: str) -> int:
        """End all subscriptions to an edition; return their number."""
        with self._database.write() as connection:
            return connection.execute(delete(subscriptions).where(subscriptions.c.edition == name)).rowcount


def under(names: Collection[str]) -> ColumnElement[bool]:
    """Return a condition for editions with these names, or sent under a former name of one of them."""
    wanted = list(names)
    former = select(edition_names.c.name).where(edition_names.c.became.in_(wanted))
    return or_(editions.c.name.in_(wanted), editions.c.name.in_(former))


def _subscribed(connection: Connection) -> Iterator[str]:
    """Yield each name that has subscribers; each step is one index lookup, not a scan."""
    last = ""
    while True:
        next_one = select(func.min(subscriptions.c.edition)).where(subscriptions.c.edition > last)
        found: str | None = connection.scalar(next_one)
        if found is None:
            return
        yield found
        last = found


def _move_subscriptions(connection: Connection, old: str, new: str) -> tuple[int, int]:
    """Return how many readers had both names (their old subscription ends), and how many were moved."""
    both = select(subscriptions.c.reader_id).where(subscriptions.c.edition == new)
    ended = delete(subscriptions).where(subscriptions.c.edition == old, subscriptions.c.reader_id.in_(both))
    moved = update(subscriptions).where(subscriptions.c.edition == old).values(edition=new)
    return connection.execute(ended).rowcount, connection.execute(moved).rowcount


def _move_drafts(connection: Connection, old: str, new: str, now: datetime) -> int:
    """Give unsent editions the new name; skip an edition if the new name already has one for its date."""
    unsent = editions.c.state.in_([state.value for state in UNSENT])
    rows = connection.execute(select(editions).where(editions.c.name == old, unsent)).all()
    moved = 0
    for row in rows:
        key = EditionKey(name=new, date=row.date, number=row.number)
        here = update(editions).where(editions.c.id == row.id)
        if connection.scalar(select(editions.c.id).where(_is(key))) is not None:
            values = {"state": EditionState.SKIPPED.value, "cause": Cause.OPERATOR.value, "changed_at": now}
            connection.execute(here.values(reason=f"renamed: {key} is sent instead", **values))
            continue
        drafted = replace(row.edition, key=key) if row.edition is not None else None
        connection.execute(here.values(name=new, edition=drafted))
        for place, story in connection.execute(select(told.c.place, told.c.told).where(told.c.edition_id == row.id)):
            place_here = and_(told.c.edition_id == row.id, told.c.place == place)
            connection.execute(update(told).where(place_here).values(told=replace(story, edition=key)))
        moved += 1
    return moved


def _keep_from_repeating(connection: Connection, old: str, new: str, now: datetime) -> None:
    """Skip, under the new name, the dates that were sent under the old one."""
    frozen = editions.c.state.in_([state.value for state in FROZEN])
    since: date = (now - RECENT).date()
    query = select(editions).where(editions.c.name == old, frozen, editions.c.date >= since)
    for row in connection.execute(query).all():
        sent = EditionKey(name=old, date=row.date, number=row.number)
        skipped = {
            "state": EditionState.SKIPPED.value,
            "cause": Cause.OPERATOR.value,
            "reason": f"readers have it as {sent}, its former name",
            "changed_at": now,
        }
        new_row = {"name": new, "date": row.date, "number": row.number, "due": row.due, "expires": row.expires}
        only_unsent = editions.c.state.in_([state.value for state in UNSENT])
        made = insert(connection, editions).on_conflict_do_update(
            index_elements=["name", "date", "number"], set_=skipped, where=only_unsent
        )
        connection.execute(made, [new_row | skipped])


def _note(connection: Connection, old: str, new: str, now: datetime) -> None:
    """Store the new name for the old one, and for earlier names that led to it."""
    n = edition_names.c
    connection.execute(delete(edition_names).where(n.name == old))
    connection.execute(plain_insert(edition_names), [{"name": old, "since": now, "became": new}])
    connection.execute(update(edition_names).where(n.became == old).values(became=literal(new)))
    connection.execute(update(edition_names).where(n.name == new).values(became=None))


def _is(key: EditionKey) -> ColumnElement[bool]:
    return and_(editions.c.name == key.name, editions.c.date == key.date, editions.c.number == key.number)

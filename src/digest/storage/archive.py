"""The published letters, found by day, by month and by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, tuple_

from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.life import FROZEN
from digest.storage.edition_names import under
from digest.storage.editions import EditionId
from digest.storage.engine import Database
from digest.storage.schema.editions import editions, letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published edition, and when its letter was frozen."""

    id: EditionId
    edition: Edition
    frozen_at: datetime


class Archive:
    """Reads published editions, the newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def letter(self, key: EditionKey) -> Letter | None:
        """Return the letter of a published edition; None when it was not published."""
        here = and_(editions.c.name == key.name, editions.c.date == key.date, editions.c.number == key.number)
        query = select(letters.c.letter).join(editions, editions.c.id == letters.c.edition_id).where(here, _told())
        with self._database.read() as connection:
            return connection.scalar(query.limit(1))

    def published(self, key: EditionKey) -> Published | None:
        """Return a published edition; None when it was not published."""
        here = and_(editions.c.name == key.name, editions.c.date == key.date, editions.c.number == key.number)
        return next(iter(self._published(_newest().where(here).limit(1))), None)

    def neighbours(self, one: Published) -> tuple[EditionKey | None, EditionKey | None]:
        """Return the published editions of the same name directly before and after one."""
        place = tuple_(editions.c.due, editions.c.id)
        mark = select(editions.c.due, editions.c.id).where(editions.c.id == one.id).scalar_subquery()
        same = editions.c.edition.is_not(None), _told(), under([one.edition.key.name])
        keys = select(editions.c.name, editions.c.date, editions.c.number)
        keys = keys.join(letters, editions.c.id == letters.c.edition_id).where(*same).limit(1)
        before = keys.where(place < mark).order_by(editions.c.due.desc(), editions.c.id.desc())
        after = keys.where(place > mark).order_by(editions.c.due, editions.c.id)
        with self._database.read() as connection:
            rows = [connection.execute(query).one_or_none() for query in (before, after)]
        previous, following = (EditionKey(name=r.name, date=r.date, number=r.number) if r else None for r in rows)
        return previous, following

    def latest(self, limit: int, name: str | None = None, after: EditionId | None = None) -> tuple[Published, ...]:
        """Return the newest editions: those with one name or its former names, or all; older than ``after``."""
        query = _older(_newest().limit(limit), after)
        return self._published(query if name is None else query.where(under([name])))

    def days(self) -> tuple[date, ...]:
        """Return the dates of all published editions, each once, the newest first."""
        query = select(editions.c.date).join(letters, editions.c.id == letters.c.edition_id).where(_told())
        with self._database.read() as connection:
            return tuple(connection.scalars(query.distinct().order_by(editions.c.date.desc())))

    def between(self, first: date, last: date) -> tuple[Published, ...]:
        """Return the editions of these days, both included."""
        return self._published(_newest().where(editions.c.date.between(first, last)))

    def search(self, words: Sequence[str], limit: int, after: EditionId | None = None) -> tuple[Published, ...]:
        """Return editions with words that begin with each of ``words`` (folded as stored); older than ``after``."""
        query = _newest().limit(limit).where(*(letters.c.words.contains(f" {word}", autoescape=True) for word in words))
        return self._published(_older(query, after))

    def _published(self, query: Select[Any]) -> tuple[Published, ...]:
        return self._database.rows(query, editions.c.id, _published)


def _newest() -> Select[Any]:
    columns = (editions.c.id, editions.c.edition, letters.c.frozen_at)
    joined = select(*columns).join(letters, editions.c.id == letters.c.edition_id)
    return joined.where(_told(), editions.c.edition.is_not(None)).order_by(editions.c.due.desc(), editions.c.id.desc())


def _older(query: Select[Any], after: EditionId | None) -> Select[Any]:
    if after is None:
        return query
    mark = select(editions.c.due, editions.c.id).where(editions.c.id == after)
    return query.where(tuple_(editions.c.due, editions.c.id) < mark.scalar_subquery())


def _told() -> ColumnElement[bool]:
    return editions.c.state.in_([state.value for state in FROZEN])


def _published(row: Row[Any]) -> Published:
    return Published(id=EditionId(row.id), edition=row.edition, frozen_at=row.frozen_at)

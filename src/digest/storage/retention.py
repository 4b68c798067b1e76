"""Old data: counted, or deleted in batches, each in a short transaction.

It never includes what the archive, ``verify`` and the memory of told stories need: editions, letters, told stories,
articles that a letter quotes, and pictures that it shows. When an edition's deliveries are deleted, their sums by
state stay (``editions.sums``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, func, or_, select, update

from digest.bookkeeping import UNFINISHED
from digest.model.edition import EditionState, passages_of
from digest.model.quarantine import ItemKind
from digest.storage.engine import Database
from digest.storage.partitions import drop
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries, service_events
from digest.storage.schema.press import articles, entries, pictures
from digest.storage.schema.work import quarantine, runs
from digest.storage.service_events import WAITING

BATCH = 500
"""Rows that one transaction deletes: other writers wait for its lock."""
LEDGER_BATCH = 2000
"""The same for the ledger, whose rows are short and many."""
ENDED = (EditionState.SENT.value, EditionState.CANCELLED.value)

Key = ColumnElement[Any]


class Retention:
    """Deletes old rows. Each method yields the number of rows of each batch; with ``dry`` it only counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def deliveries(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete the ledger's rows of editions that ended before that time; their sums stay with the edition."""
        d, e = deliveries.c, editions.c
        some = select(d.reader_id).where(d.edition_id == e.id).exists()
        busy = select(d.reader_id).where(d.edition_id == e.id, d.state.in_([s.value for s in UNFINISHED])).exists()
        old = select(e.id).where(e.due < before, e.expires < before, e.state.in_(ENDED), some)
        with self._database.read() as connection:
            found = list(connection.scalars(old.where(or_(_has_sums(), ~busy)).order_by(e.id)))
        for edition_id in found:
            if dry:
                yield self._count(select(func.count()).select_from(deliveries).where(d.edition_id == edition_id))
                continue
            self._keep_sums(edition_id)
            if not self._database.is_sqlite:
                with self._database.write() as connection:
                    rows = drop(connection, edition_id)
                if rows is not None:  # else others read the ledger; the next run tries again
                    yield rows
                continue
            first = select(d.reader_id).where(d.edition_id == edition_id).order_by(d.reader_id).limit(LEDGER_BATCH)
            while rows := self._delete(deliveries, and_(d.edition_id == edition_id, d.reader_id.in_(first))):
                yield rows

    def articles(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete versions of articles that were stored before that time and that no letter quotes."""
        quoted: frozenset[str] | None = None
        for page in self._pages(articles.c.id, articles.c.stored_at < before):
            quoted = self._quoted() if quoted is None else quoted
            free = [each for each in page if each not in quoted]
            yield self._take(articles.c.id, free, articles.c.stored_at < before, dry=dry)

    def entries(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete links that no source has listed since that time and that have no article."""
        e = entries.c
        kept = select(articles.c.id).where(articles.c.entry_id == e.id).exists()
        old = and_(func.coalesce(e.listed_at, e.seen_at) < before, e.state != "pending", ~kept)
        for page in self._pages(e.id, old):
            yield self._take(e.id, page, old, dry=dry)

    def runs(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete reports of runs that ended before that time, except the newest of each kind."""
        newest = select(func.max(runs.c.id)).group_by(runs.c.kind)
        old = and_(runs.c.ended < before, runs.c.id.not_in(newest))
        for page in self._pages(runs.c.id, old):
            yield self._take(runs.c.id, page, old, dry=dry)

    def pictures(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete pictures that were fetched before that time and that no letter shows."""
        shown: frozenset[str] | None = None
        with self._database.read() as connection:
            query = select(pictures.c.url, pictures.c.hash).where(pictures.c.at < before).order_by(pictures.c.url)
            found = connection.execute(query).all()
        for at in range(0, len(found), BATCH):
            shown = self._shown() if shown is None else shown
            free = [url for url, name in found[at : at + BATCH] if name not in shown]
            yield self._take(pictures.c.url, free, pictures.c.at < before, dry=dry)

    def events(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete sending services' events received before that time, except those still waiting."""
        e = service_events.c
        old = and_(e.at < before, e.state != WAITING)
        for page in self._pages(e.id, old):
            yield self._take(e.id, page, old, dry=dry)

    def quarantine(self, before: datetime, *, dry: bool) -> Iterator[int]:
        """Delete items quarantined before that time; sources stay until somebody retries them."""
        old = and_(quarantine.c.at < before, quarantine.c.kind != ItemKind.SOURCE.value)
        for page in self._pages(quarantine.c.id, old):
            yield self._take(quarantine.c.id, page, old, dry=dry)

    def _pages(self, key: Key, old: ColumnElement[bool]) -> Iterator[list[Any]]:
        """Yield the keys of old rows in pages; the search blocks no writer."""
        after: Any = None
        while True:
            query = select(key).where(old).order_by(key).limit(BATCH)
            with self._database.read() as connection:
                page = list(connection.scalars(query if after is None else query.where(key > after)))
            if not page:
                return
            yield page
            after = page[-1]

    def _take(self, key: Key, page: Sequence[Any], old: ColumnElement[bool], *, dry: bool) -> int:
        if dry or not page:
            return len(page)
        return self._delete(key.table, and_(key.in_(page), old))

    def _delete(self, table: Table, where: ColumnElement[bool]) -> int:
        with self._database.write() as connection:
            return connection.execute(delete(table).where(where)).rowcount

    def _count(self, query: Select[Any]) -> int:
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def _keep_sums(self, edition_id: int) -> None:
        d, e = deliveries.c, editions.c
        sums = select(d.state, func.count().label("letters")).where(d.edition_id == edition_id).group_by(d.state)
        here = and_(e.id == edition_id, ~_has_sums())
        with self._database.write() as connection:
            found = {row.state: row.letters for row in connection.execute(sums)}
            connection.execute(update(editions).where(here).values(sums=found))

    def _quoted(self) -> frozenset[str]:
        """Return the ids of all article versions with a bullet in an edition."""
        found: set[str] = set()
        for edition in self._values(select(editions.c.id, editions.c.edition).where(editions.c.edition.is_not(None))):
            found.update(passage.article_id for _, passage in passages_of(edition))
        return frozenset(found)

    def _shown(self) -> frozenset[str]:
        """Return the names of all pictures in letters: of stories, of blocks, and logos."""
        records = self._values(select(editions.c.id, editions.c.seen))
        return frozenset(picture["name"] for seen in records if seen for picture in _pictures_in(seen) if picture)

    def _values(self, query: Select[Any]) -> Iterator[Any]:
        """Yield the second column of a query, ordered by the first, a few rows at a time: the values are large."""
        after, key = 0, editions.c.id
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query.where(key > after).order_by(key).limit(50)).all()
            if not rows:
                return
            yield from (value for _, value in rows)
            after = rows[-1][0]


def _pictures_in(seen: Mapping[str, Any]) -> Iterator[dict[str, Any] | None]:
    look, basis = seen.get("look") or {}, seen.get("basis") or {}
    yield from (look.get("picture"), look.get("logo"))
    yield from (look.get("pictures") or {}).values()
    yield from (block.get("picture") for block in basis.get("blocks") or ())


def _has_sums() -> ColumnElement[bool]:
    return editions.c.sums.is_not(None)

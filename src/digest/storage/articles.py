"""The clean articles, with all their versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from digest.model.article import Article
from digest.model.ids import ArticleId
from digest.storage.engine import Database
from digest.storage.schema.press import articles, entries
from digest.storage.upsert import inserting
from digest.storage.values import Unreadable, readable, refuse

_READ = (
    update(entries)
    .where(entries.c.id == bindparam("number"))
    .values(state="read", read_at=bindparam("at"), problem=bindparam("why"), attempts=entries.c.attempts + 1)
)
_VERSION = articles.alias("version").c
"""Columns of a version that is compared with another one."""


class Articles:
    """Reads and writes articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, entry_id: int, article: Article, now: datetime, problem: str = "") -> bool:
        """Store a version of an article and mark its entry as read; return whether the version is new.

        The same version again changes nothing. ``problem`` says why the text is not from the page, if it is not.
        """
        with self._database.write() as connection:
            return store(connection, entry_id, article, now, problem)

    def latest(self, entry_id: int) -> Article | None:
        """Return the newest version of an entry's article; None when it was never read."""
        query = select(articles.c.article).where(articles.c.entry_id == entry_id)
        with self._database.read() as connection:
            return connection.scalars(query.order_by(articles.c.stored_at.desc()).limit(1)).first()

    def window(self, since: datetime, cut: datetime, unreadable: Unreadable = refuse) -> tuple[Article, ...]:
        """Return the newest version, as of ``cut``, of every article first seen in [since, cut], in order of URL.

        Articles whose page no longer exists are left out. A row that cannot be read is left out too; ``unreadable``
        gets its id.
        """
        query = (
            select(articles.c.id, type_coerce(articles.c.article, Text))
            .join(entries, entries.c.id == articles.c.entry_id)
            .where(entries.c.seen_at >= since, entries.c.seen_at <= cut, entries.c.state != "failed")
            .where(_is_newest(_VERSION.stored_at <= cut))
        )
        with self._database.read() as connection:
            rows = [(key, written) for key, written in connection.execute(query)]
        found = {article.url: article for article in readable(Article, rows, unreadable)}
        return tuple(found[url] for url in sorted(found))

    def stored_since(self, since: datetime, until: datetime) -> tuple[Article, ...]:
        """Return the versions stored in (since, until], in the order of their URLs."""
        query = select(articles.c.article).where(articles.c.stored_at > since, articles.c.stored_at <= until)
        with self._database.read() as connection:
            return tuple(sorted(connection.scalars(query), key=lambda article: (article.url, article.id)))

    def versions(self, since: datetime, until: datetime) -> dict[int, tuple[Article, ...]]:
        """Return all versions of the articles of entries first seen in [since, until], by entry, the newest first."""
        query = (
            select(articles.c.entry_id, articles.c.article)
            .join(entries, entries.c.id == articles.c.entry_id)
            .where(entries.c.seen_at >= since, entries.c.seen_at <= until)
            .order_by(articles.c.stored_at.desc(), articles.c.id)
        )
        found: dict[int, tuple[Article, ...]] = {}
        for entry_id, article in self._database.rows(query, articles.c.id, _of_entry):
            found[entry_id] = (*found.get(entry_id, ()), article)
        return found

    def newest_version(self, article_id: ArticleId) -> Article | None:
        """Return the newest version of the article that this version belongs to; None when it is not stored."""
        entry = select(articles.c.entry_id).where(articles.c.id == article_id).scalar_subquery()
        query = select(articles.c.article).where(articles.c.entry_id == entry)
        with self._database.read() as connection:
            return connection.scalars(query.order_by(articles.c.stored_at.desc(), articles.c.id).limit(1)).first()

    def of_url(self, url: str) -> Article | None:
        """Return the newest version of the article with that canonical URL; None when it was never read."""
        query = select(articles.c.article).join(entries, entries.c.id == articles.c.entry_id)
        query = query.where(entries.c.url == url).order_by(articles.c.stored_at.desc(), articles.c.id).limit(1)
        with self._database.read() as connection:
            return connection.scalars(query).first()

    def by_id(self, ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Return the versions with these ids; ids that are not stored or cannot be read are missing from the result."""
        query = select(articles.c.entry_id, articles.c.article).where(articles.c.id.in_(list(ids)))
        found = self._database.rows(query.order_by(articles.c.id), articles.c.id, _of_entry)
        return {article.id: article for _, article in found}

    def newest(self, source_id: int, limit: int) -> tuple[tuple[int, Article], ...]:
        """Return the newest articles of one source with the id of their entry, only the newest version of each."""
        query = select(articles.c.entry_id, articles.c.article)
        query = query.where(articles.c.source_id == source_id, _is_newest(_VERSION.source_id == source_id))
        query = query.order_by(articles.c.stored_at.desc(), articles.c.id).limit(limit)
        return self._database.rows(query, articles.c.id, _of_entry)

    def page(self, after: tuple[datetime, ArticleId] | None, limit: int) -> tuple[tuple[datetime, Article], ...]:
        """Return stored versions with the time of storing, the newest first: those after a place in that order."""
        a = articles.c
        query = select(a.stored_at, a.article).order_by(a.stored_at.desc(), a.id.desc()).limit(limit)
        if after is not None:
            at, last = after
            query = query.where(or_(a.stored_at < at, and_(a.stored_at == at, a.id < last)))
        return self._database.rows(query, a.id, lambda row: (row.stored_at, row.article))

    def latest_texts(self, source_id: int, limit: int) -> tuple[str, ...]:
        """Return the newest texts of one source, one for each article, to find its boilerplate."""
        return tuple(article.text for _, article in self.newest(source_id, limit))


def store(
    connection: Connection, entry_id: int, article: Article, now: datetime, problem: str = "", *, amend: bool = False
) -> bool:
    """Store a version of an article in an open transaction; see ``Articles.keep``.

    With ``amend``, a stored version with the same text gets the other data of ``article``: its link, authors, picture.
    """
    row = {"id": article.id, "entry_id": entry_id, "source_id": article.source_id, "stored_at": now, "article": article}
    stored = connection.scalars(_storing(connection.dialect.name, amend=amend), row).first()
    connection.execute(_READ, {"number": entry_id, "at": now, "why": problem})
    return stored is not None


@cache
def _storing(dialect: str, *, amend: bool) -> Executable:
    """Return the statement that stores a version; to build it takes longer than to run it."""
    made = inserting(dialect, articles)
    known = {"source_id": made.excluded.source_id, "article": made.excluded.article}
    made = made.on_conflict_do_update(index_elements=["id"], set_=known) if amend else made.on_conflict_do_nothing()
    return made.returning(articles.c.id)


def _of_entry(row: Row[Any]) -> tuple[int, Article]:
    return row.entry_id, row.article


def _is_newest(among: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether a row is the newest version of its article, among the versions in ``among`` (of _VERSION).

    The newest version is looked up for each row. A join with a table of all newest versions is quadratic on SQLite: it
    looks for rows by the time of storing, which all articles of one fetch share.
    """
    newest = select(func.max(_VERSION.stored_at)).where(_VERSION.entry_id == articles.c.entry_id, among)
    return articles.c.stored_at == newest.scalar_subquery()

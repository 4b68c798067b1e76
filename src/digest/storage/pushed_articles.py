"""Articles that a content management system pushed, by its own ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from digest.model.article import Article
from digest.model.source import FeedEntry
from digest.storage.articles import store
from digest.storage.engine import Database
from digest.storage.schema.api import pushed_articles
from digest.storage.schema.press import entries
from digest.storage.upsert import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedArticle:
    """An article as it was pushed; ``fingerprint`` is a hash of everything that was pushed."""

    name: str
    """The CMS's own id."""
    entry: FeedEntry
    fingerprint: str


Named = Callable[[str, datetime], Article]
"""Returns the article by its canonical URL and the time when it was first seen."""


class PushedArticles:
    """Stores pushed articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def push(self, pushed: PushedArticle, named: Named, now: datetime) -> bool | None:
        """Store a pushed article; return whether its id is new, None when the same was pushed before.

        A known id with another link is the same article at another place. It keeps the canonical URL of its first
        push, by which editions and their memory recognise it.
        """
        p = pushed_articles.c
        with self._database.write() as connection:
            known = connection.execute(select(pushed_articles).where(p.name == pushed.name)).one_or_none()
            if known is not None and known.fingerprint == pushed.fingerprint:
                return None
            if known is None:
                row = {"url": pushed.entry.url, "entry": pushed.entry, "seen_at": now, "state": "read"}
                connection.execute(insert(connection, entries).values(row).on_conflict_do_nothing())
                here = entries.c.url == pushed.entry.url
            else:
                here = entries.c.id == known.entry_id
            entry = connection.execute(select(entries.c.id, entries.c.url, entries.c.seen_at).where(here)).one()
            store(connection, entry.id, named(entry.url, entry.seen_at), now, amend=True)
            row = {"name": pushed.name, "entry_id": entry.id, "fingerprint": pushed.fingerprint, "pushed_at": now}
            said = insert(connection, pushed_articles).values(row)
            connection.execute(said.on_conflict_do_update(index_elements=["name"], set_=row))
        return known is None

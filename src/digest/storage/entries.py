"""All links ever seen; each is stored once, whichever sources list it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from digest.model.source import FeedEntry
from digest.storage.engine import Database
from digest.storage.schema.press import entries, sightings
from digest.storage.upsert import insert

ATTEMPTS = 3
"""Number of tries to fetch a page before its entry fails."""


LISTED_EVERY = timedelta(days=1)
"""The time of a listing is stored at most this often: retention counts in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEntry:
    """An entry whose page is still to be read, or to be read again after a change."""

    id: int
    entry: FeedEntry
    attempts: int
    read_at: datetime | None = None
    """For a changed entry: when it was last read; None when it was never read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """An entry as announced, and the result of reading it."""

    id: int
    entry: FeedEntry
    state: str
    """``pending``, ``read``, ``changed`` (read, and announced again since) or ``failed``."""
    problem: str
    """Why its page gave no article, or not all of it; empty when it gave all."""


class Entries:
    """Reads and writes entries, and which sources list them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def see(self, found: Sequence[FeedEntry]) -> int:
        """Store the entries of a source; return how many links were new. The time first seen never changes."""
        if not found:
            return 0
        rows = [{"url": e.url, "entry": e, "seen_at": e.seen_at, "state": "pending"} for e in found]
        places = {e.url: e for e in reversed(found)}
        with self._database.write() as connection:
            before = connection.scalar(select(func.count()).select_from(entries)) or 0
            connection.execute(insert(connection, entries).on_conflict_do_nothing(), rows)
            after = connection.scalar(select(func.count()).select_from(entries)) or 0
            known = connection.execute(select(entries.c.id, entries.c.url).where(entries.c.url.in_(places))).all()
            seen = [
                {
                    "source_id": places[row.url].source_id,
                    "entry_id": row.id,
                    "seen_at": places[row.url].seen_at,
                    "position": places[row.url].position,
                }
                for row in known
            ]
            connection.execute(insert(connection, sightings).on_conflict_do_nothing(), seen)
            _note_listed(connection, [row.id for row in known], max(e.seen_at for e in found))
        return after - before

    def add_by_hand(self, entry: FeedEntry) -> int:
        """Store a link that no source lists; return the number of its entry, which may have existed before."""
        row = {"url": entry.url, "entry": entry, "seen_at": entry.seen_at, "state": "read"}
        with self._database.write() as connection:
            connection.execute(insert(connection, entries).values(row).on_conflict_do_nothing())
            return int(connection.execute(select(entries.c.id).where(entries.c.url == entry.url)).scalar_one())

    def seen(self, since: datetime, until: datetime) -> tuple[SeenEntry, ...]:
        """Return the entries first seen in [since, until], the newest first."""
        query = select(entries).where(entries.c.seen_at >= since, entries.c.seen_at <= until)
        query = query.order_by(entries.c.seen_at.desc(), entries.c.id.desc())
        return self._database.rows(query, entries.c.id, _seen)

    def announced(self, urls: Iterable[str]) -> dict[str, FeedEntry]:
        """Return the last announcement of each known entry, by URL."""
        query = select(entries.c.url, entries.c.entry).where(entries.c.url.in_(list(urls)))
        found = self._database.rows(query.order_by(entries.c.id), entries.c.id, lambda row: (row.url, row.entry))
        return dict(found)

    def announce(self, changed: Iterable[FeedEntry]) -> None:
        """Store new announcements of known entries; entries that were read or failed become ``changed``.

        When and where a link was first seen stays the same.
        """
        with self._database.write() as connection:
            for entry in changed:
                known = connection.execute(select(entries).where(entries.c.url == entry.url)).one()
                first: FeedEntry = known.entry
                connection.execute(
                    update(entries)
                    .where(entries.c.id == known.id)
                    .values(
                        entry=replace(entry, seen_at=first.seen_at, position=first.position),
                        state="pending" if known.state == "pending" else "changed",
                    )
                )

    def pending(self, after: int = 0, limit: int = 500) -> tuple[PendingEntry, ...]:
        """Return entries to be read for the first time or again, ordered by id, those after the id ``after``."""
        query = select(entries).where(entries.c.state.in_(("pending", "changed")), entries.c.id > after)
        return self._database.rows(query.order_by(entries.c.id).limit(limit), entries.c.id, _pending)

    def pending_of(self, ids: Collection[int]) -> tuple[PendingEntry, ...]:
        """Return those of some entries that are still to be read, ordered by id."""
        query = select(entries).where(entries.c.state.in_(("pending", "changed")), entries.c.id.in_(ids))
        return self._database.rows(query.order_by(entries.c.id), entries.c.id, _pending)

    def keep_version(self, entry_id: int, now: datetime, *, again: bool) -> None:
        """Store that reading an entry's page gave no new version, so the article's earlier version stays valid.

        With ``again``, a later fetch reads the page once more.
        """
        with self._database.write() as connection:
            connection.execute(
                update(entries)
                .where(entries.c.id == entry_id)
                .values(state="changed" if again else "read", read_at=now)
            )

    def fail(self, entry_id: int, problem: str, now: datetime, *, final: bool) -> None:
        """Store that an entry's page gave nothing; with ``final``, or after ATTEMPTS tries, it fails."""
        attempts = entries.c.attempts + 1
        with self._database.write() as connection:
            connection.execute(
                update(entries)
                .where(entries.c.id == entry_id)
                .values(attempts=attempts, problem=problem, read_at=now, state="failed" if final else "pending")
            )
            connection.execute(
                update(entries)
                .where(entries.c.id == entry_id, entries.c.attempts >= ATTEMPTS, entries.c.state == "pending")
                .values(state="failed")
            )


def _seen(row: Row[Any]) -> SeenEntry:
    return SeenEntry(id=row.id, entry=row.entry, state=row.state, problem=row.problem)


def _pending(row: Row[Any]) -> PendingEntry:
    read_at = row.read_at if row.state == "changed" else None
    return PendingEntry(id=row.id, entry=row.entry, attempts=row.attempts, read_at=read_at)


def _note_listed(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Store that links are listed now, unless that was stored within LISTED_EVERY."""
    noted = func.coalesce(entries.c.listed_at, entries.c.seen_at)
    stale = update(entries).where(entries.c.id.in_(ids), noted < now - LISTED_EVERY)
    connection.execute(stale.values(listed_at=now))

"""The sources of articles, and the result of the last fetch of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from digest.model.ids import SourceId
from digest.model.source import Source, SourceKind
from digest.storage.engine import Database
from digest.storage.schema.press import sources
from digest.storage.upsert import insert as upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source and its stored data; ``state`` is written by the fetch package, as plain values."""

    source: Source
    enabled: bool
    managed: bool
    """True when commands manage the source, False while the settings file lists it."""
    state: Mapping[str, Any]
    last_fetch: datetime | None
    last_result: str


class Sources:
    """Reads and writes sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, wanted: Sequence[Source]) -> None:
        """Update the table from the settings file; a source that left the file is disabled and keeps its history.

        A source that was disabled by a command stays disabled while the file lists it. ``Source.id`` of ``wanted`` is
        ignored: the URL identifies a source.
        """
        urls = {source.url for source in wanted}
        with self._database.write() as connection:
            known = {row.url: row for row in connection.execute(select(sources.c.url, sources.c.managed))}
            for source in wanted:
                values = _columns(source) | {"managed": False}
                if source.url not in known:
                    new = upsert(connection, sources).values(values | {"enabled": True, "state": {}})
                    connection.execute(new.on_conflict_do_nothing())  # another machine may add it at this moment
                    continue
                if known[source.url].managed:
                    values["enabled"] = True
                connection.execute(update(sources).where(sources.c.url == source.url).values(values))
            left = [url for url, row in known.items() if not row.managed and url not in urls]
            connection.execute(update(sources).where(sources.c.url.in_(left)).values(enabled=False, managed=True))

    def add(self, source: Source) -> StoredSource:
        """Store and enable one source for a command, and return it; a source with the same URL is updated."""
        values = _columns(source) | {"managed": True, "enabled": True}
        with self._database.write() as connection:
            statement = upsert(connection, sources).values(values | {"state": {}})
            connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))
            row = connection.execute(select(sources).where(sources.c.url == source.url)).one()
        return _stored(row)

    def all(self) -> tuple[StoredSource, ...]:
        """Return every source, including disabled ones, in the order in which they were added."""
        return self._database.rows(select(sources).order_by(sources.c.id), sources.c.id, _stored)

    def ids(self) -> frozenset[SourceId]:
        """Return the numbers of all sources, including those with unreadable rows."""
        with self._database.read() as connection:
            return frozenset(SourceId(number) for number in connection.scalars(select(sources.c.id)))

    def enabled(self) -> tuple[StoredSource, ...]:
        """Return the enabled sources."""
        return tuple(stored for stored in self.all() if stored.enabled)

    def record(self, source_id: SourceId, state: Mapping[str, Any], result: str, now: datetime) -> None:
        """Store the result of a fetch."""
        values = {"state": dict(state), "last_fetch": now, "last_result": result}
        with self._database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(values))

    def remember(self, source_id: SourceId, state: Mapping[str, Any]) -> None:
        """Store the state of a source without a fetch."""
        with self._database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(state=dict(state)))

    def enable(self, source_id: SourceId, *, enabled: bool) -> None:
        """Enable or disable a source."""
        with self._database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(enabled=enabled))

    def rename(self, source_id: SourceId, name: str) -> None:
        """Rename a source."""
        with self._database.write() as connection:
            connection.execute(update(sources).where(sources.c.id == source_id).values(name=name))

    def remove(self, source_id: SourceId) -> None:
        """Delete a source; its articles stay."""
        with self._database.write() as connection:
            connection.execute(delete(sources).where(sources.c.id == source_id))


def _columns(source: Source) -> dict[str, Any]:
    return {
        "url": source.url,
        "name": source.name,
        "publisher": source.publisher,
        "kind": source.kind.value,
        "weight": source.weight,
        "section": source.section,
        "language": source.language,
        "front_page": source.front_page,
    }


def _stored(row: Row[Any]) -> StoredSource:
    source = Source(
        id=SourceId(row.id),
        url=row.url,
        name=row.name,
        publisher=row.publisher,
        kind=SourceKind(row.kind),
        weight=row.weight,
        section=row.section,
        language=row.language,
        front_page=row.front_page,
    )
    return StoredSource(
        source=source,
        enabled=row.enabled,
        managed=row.managed,
        state=row.state,
        last_fetch=row.last_fetch,
        last_result=row.last_result,
    )

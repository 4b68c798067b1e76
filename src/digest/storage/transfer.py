"""A whole database into another: what moves an installation from SQLite into PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, bindparam, func, select, text, update

from digest.errors import DatabaseInUse, StorageError
from digest.storage.engine import Database
from digest.storage.schema import metadata

BATCH = 500
"""Rows in memory at a time; the widest are articles, of some ten kilobytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One table, and how many rows of it the target has now."""

    table: str
    rows: int


def transfer(
    source: Database,
    target: Database,
    progress: Callable[[int, int, str], None],
    tables: Sequence[Table] = metadata.sorted_tables,
) -> tuple[Copied, ...]:
    """Copy every row of ``tables`` as of one moment, in one transaction: all of it arrives, or nothing does.

    Both databases have the tables; those that others refer to come first in ``tables``. ``progress`` hears
    (rows done, rows in all, table). Raises DatabaseInUse when the target has rows, and StorageError when the counts
    differ in the end.
    """
    with source.read() as reading, target.write() as writing:
        _require_empty(writing, target.name, tables)
        counts = {table.name: _count(reading, table) for table in tables}
        total, done = sum(counts.values()), 0
        for table in tables:
            for batch in _batches(reading, table):
                _insert(writing, table, batch)
                done += len(batch)
                progress(done, total, table.name)
            _go_on_counting(reading, writing, table)
        arrived = {table.name: _count(writing, table) for table in tables}
        if arrived != counts:
            wrong = ", ".join(f"{name} {arrived[name]} of {counts[name]}" for name in counts)
            raise StorageError(f"{target.name}: rows are missing, nothing was stored: {wrong}")
    return tuple(Copied(table=name, rows=rows) for name, rows in counts.items())


def _require_empty(connection: Connection, name: str, tables: Sequence[Table]) -> None:
    counts = {table.name: _count(connection, table) for table in tables}
    found = ", ".join(f"{rows} in {table}" for table, rows in counts.items() if rows)
    if found:
        raise DatabaseInUse(f"{name} is not empty (rows: {found}): name a database that has nothing yet")


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """Yield all rows by primary key, so that those that refer to earlier ones of their table mostly come later."""
    query = select(*(_as_stored(column) for column in table.columns)).order_by(*table.primary_key)
    with connection.execution_options(yield_per=BATCH).execute(query) as result:
        yield from result.partitions()

"""Copy a whole database into another, to move an installation from SQLite to PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, RowMapping, Table, Text, func, insert, select, text
from sqlalchemy.types import TypeEngine

from digest.errors import StorageError, TargetNotEmpty
from digest.storage.engine import Database
from digest.storage.partitions import analyse, make
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.whole import METADATA
from digest.storage.values import FrozenLetter, Value

BATCH = 500
"""Rows in memory at a time; the largest are articles, of about ten kilobytes each."""


def transfer(source: Database, target: Database, progress: Callable[[int, int, str], None]) -> Mapping[str, int]:
    """Copy all rows as of one moment, in one transaction: all of them or none.

    Returns the number of rows of each table, in the order of copying: referenced tables come first. Both databases
    have their tables already. ``progress`` is called with (rows done, rows in all, table). Raises TargetNotEmpty, and
    StorageError when the counts differ at the end.
    """
    tables = METADATA.sorted_tables
    with source.read() as reading, target.write() as writing:
        _require_empty(_counts(writing, tables), target.name)
        counts = _counts(reading, tables)
        done, total = 0, sum(counts.values())
        for table in tables:
            stored = _as_stored(table)
            if table is deliveries:
                make(writing, reading.scalars(select(deliveries.c.edition_id).distinct()))
            for rows in _batches(reading, stored):
                writing.execute(insert(stored), [dict(row) for row in rows])
                done += len(rows)
                progress(done, total, table.name)
            _go_on_counting(reading, writing, table)
        analyse(writing)
        _require_equal(_counts(writing, tables), counts, target.name)
    return counts


def _counts(connection: Connection, tables: Sequence[Table]) -> dict[str, int]:
    return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def _require_empty(counts: Mapping[str, int], name: str) -> None:
    if found := ", ".join(f"{table} {rows}" for table, rows in counts.items() if rows):
        raise TargetNotEmpty(f"{name} is not empty (rows: {found}), and nothing was copied: name an empty database")


def _require_equal(arrived: Mapping[str, int], counts: Mapping[str, int], name: str) -> None:
    if missing := ", ".join(f"{t} {arrived[t]} of {rows}" for t, rows in counts.items() if arrived[t] != rows):
        raise StorageError(f"{name}: rows are missing, and nothing was stored: {missing}")


def _as_stored(table: Table) -> Table:
    """Return the table with its values as stored text: nothing is decoded, so nothing can change."""
    columns = (Column(c.name, _stored_type(c.type), primary_key=c.primary_key) for c in table.columns)
    return Table(table.name, MetaData(), *columns)


def _stored_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, Value | FrozenLetter):
        return Text()
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    with connection.execute(query) as found:
        yield from found.mappings().partitions()


def _go_on_counting(reading: Connection, writing: Connection, table: Table) -> None:
    """Continue the target's numbering after the last number of the source, even if that row was deleted."""
    column = table.autoincrement_column
    if column is None:
        return
    place = {"table": table.name, "column": column.name}
    never_again = table.dialect_options["sqlite"]["autoincrement"]
    if reading.dialect.name != "sqlite":
        last = reading.scalar(text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column))"), place)
    elif never_again:
        last = reading.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), place)
    else:
        last = reading.scalar(select(func.max(column)))
    if last is None:
        return
    if writing.dialect.name != "sqlite":
        writing.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), place | {"last": last})
    elif never_again:
        writing.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), place)
        writing.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), place | {"last": last})

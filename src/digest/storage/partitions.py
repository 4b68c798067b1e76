"""The ledger of each edition is a table of its own on PostgreSQL: a partition of ``deliveries``.

A fresh edition so has statistics of its own, no question reads another edition's rows, and old ones go as a whole.
The rows have no foreign keys there: a check of each reader writes to the reader's row, as often as the reader gets a
letter. They come from ``readers`` within the transaction that makes the partition, and no reader's row is ever deleted.

On SQLite the ledger is one tree in the order of the claims, and nothing is done here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, and_, func, inspect, select, text
from sqlalchemy import insert as plain_insert
from sqlalchemy.exc import OperationalError

from digest.bookkeeping import Shard
from digest.storage.schema.mailing import deliveries

PATIENCE = "2s"
"""How long dropping a partition waits for who reads the ledger; all who come later would wait behind it."""
FILL_PERCENT = 60
"""How full pages are at first. A letter changes its row three times, mostly within its page where that has room."""

IS_HELD = "COALESCE(worker, '') <> ''"
"""What an index of each partition has: the rows in somebody's hands. It is for who asks for these rows in these words.

As ``worker IS NOT NULL`` it would follow from each ``worker = ...``, and the planner, who has seen no held row when a
partition is new, would read the whole index for each small step (measured).
"""


def fill(connection: Connection, edition_id: int, columns: list[str], chosen: Select[Any]) -> int:
    """Book the chosen rows of an edition; return how many there are.

    On PostgreSQL they are written in order of the readers, indexed, analysed, and made visible at last, so that nobody
    waits meanwhile for a lock on the whole ledger.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(plain_insert(deliveries).from_select(columns, chosen))
        return _count(connection, edition_id)
    name = _create(connection, edition_id)
    rows = chosen.order_by(chosen.selected_columns[columns.index("reader_id")])
    partition = deliveries.to_metadata(type(deliveries.metadata)(), name=name)
    insert = plain_insert(partition).from_select(columns, rows)
    booked = connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount
    if booked:
        _attach(connection, edition_id)
    else:
        connection.execute(text(f"DROP TABLE {name}"))
    return booked


def make(connection: Connection, edition_ids: Iterable[int]) -> None:
    """Make partitions for editions whose rows come from elsewhere; those that exist stay as they are."""
    if connection.dialect.name == "sqlite":
        return
    for edition_id in sorted(set(edition_ids)):
        if not inspect(connection).has_table(_name(edition_id)):
            _create(connection, edition_id)
            _attach(connection, edition_id)


def shards(connection: Connection, edition_id: int, size: int, *states: str) -> list[Shard]:
    """Return the rows of an edition in ranges of so many readers, by their ids; of those in some states, if named."""
    d = deliveries.c
    here = d.edition_id == edition_id if not states else and_(d.edition_id == edition_id, d.state.in_(states))
    numbered = select(d.reader_id, ((func.row_number().over(order_by=d.reader_id) - 1) / size).label("n")).where(here)
    rows = numbered.subquery()
    ranges = select(func.min(rows.c.reader_id), func.max(rows.c.reader_id)).group_by(func.floor(rows.c.n))
    return sorted((Shard(*found) for found in connection.execute(ranges)), key=lambda shard: shard.first)


def drop(connection: Connection, edition_id: int) -> int | None:
    """Take out all rows of an edition at once; return how many, or None when others read the ledger for too long."""
    rows = _count(connection, edition_id)
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    try:
        with connection.begin_nested():
            connection.execute(text(f"DROP TABLE IF EXISTS {_name(edition_id)}"))
    except OperationalError:
        return None
    return rows


def analyse(connection: Connection) -> None:
    """Let the planner know the rows that were put into the ledger from elsewhere."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("ANALYZE deliveries"))


def partitions(connection: Connection) -> frozenset[str]:
    """Return the names of the tables that are parts of another."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    return frozenset(connection.scalars(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")))


def _name(edition_id: int) -> str:
    return f"deliveries_{int(edition_id)}"


def _create(connection: Connection, edition_id: int) -> str:
    """Make the table of an edition, without indexes and not yet a part of the ledger."""
    name = _name(edition_id)
    options = (
        f"fillfactor = {FILL_PERCENT}, autovacuum_vacuum_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5"
    )
    connection.execute(text(f"CREATE TABLE {name} (LIKE deliveries INCLUDING DEFAULTS) WITH ({options})"))
    return name


def _attach(connection: Connection, edition_id: int) -> None:
    """Index and analyse the rows of an edition, and make them a part of the ledger.

    The index of held rows has one entry for each letter in somebody's hands, and that of put off letters few.
    """
    name = _name(edition_id)
    connection.execute(text(f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY (edition_id, reader_id)"))
    connection.execute(text(f"CREATE INDEX ix_{name}_held ON {name} (reader_id) WHERE {IS_HELD}"))
    connection.execute(text(f"CREATE STATISTICS st_{name}_held ON (COALESCE(worker, '')) FROM {name}"))
    put_off = f"CREATE INDEX ix_{name}_next_attempt ON {name} (next_attempt) WHERE next_attempt IS NOT NULL"
    connection.execute(text(put_off))
    connection.execute(text(f"ANALYZE {name}"))
    connection.execute(text(f"ALTER TABLE deliveries ATTACH PARTITION {name} FOR VALUES IN ({int(edition_id)})"))


def _count(connection: Connection, edition_id: int) -> int:
    counted = select(func.count()).select_from(deliveries).where(deliveries.c.edition_id == edition_id)
    return connection.scalar(counted) or 0

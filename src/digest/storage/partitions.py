"""On PostgreSQL, the ledger of each edition is a separate table: a partition of ``deliveries``.

So a new edition has separate statistics, no query reads another edition's rows, and old rows are dropped as a whole.
These rows have no foreign keys: a foreign-key check writes to the reader's row, once for each letter. They are copied
from ``readers`` in the transaction that creates the partition, and no reader's row is ever deleted.

On SQLite the ledger is one tree in the order of the claims, and this module changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, and_, func, inspect, select, text
from sqlalchemy import insert as plain_insert
from sqlalchemy.exc import OperationalError

from digest.bookkeeping import Shard
from digest.storage.schema.mailing import deliveries

LOCK_TIMEOUT = "2s"
"""How long dropping a partition waits for readers of the ledger: all later queries wait behind it."""
FILL_PERCENT = 35
"""How full pages are at first. A letter changes its row twice or more. While its page has space and no index has a
column that changed, the new version stays in the page and needs no entry in an index (a heap-only tuple).

So no index depends on the state or the worker of a row. An index of held rows cost a third of both changes (measured:
18 us of PostgreSQL's CPU a letter for the claim and the result with it and pages filled to 60 %, 13 us without it and
with these pages, and no more disk in the end).
"""
_OPTIONS = f"""fillfactor = {FILL_PERCENT}, autovacuum_vacuum_insert_threshold = -1,
    autovacuum_vacuum_scale_factor = 3, autovacuum_analyze_scale_factor = 3"""
"""While an edition is sent, PostgreSQL does not vacuum or analyse its rows: it would read the whole table for that.
Each letter leaves about two old versions, which are removed when their page is used. All rows are analysed at the
freeze, and the whole table is dropped in the end."""


def fill(connection: Connection, edition_id: int, columns: list[str], chosen: Select[Any]) -> int:
    """Insert the chosen rows of an edition; return their number.

    On PostgreSQL they are written in the order of the readers, then indexed, analysed, and attached last, so that
    nobody waits for a lock on the whole ledger in the meantime.
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
    """Create partitions for editions with rows from elsewhere; existing partitions do not change."""
    if connection.dialect.name == "sqlite":
        return
    for edition_id in sorted(set(edition_ids)):
        if not inspect(connection).has_table(_name(edition_id)):
            _create(connection, edition_id)
            _attach(connection, edition_id)


def table_of(connection: Connection, edition_id: int) -> str:
    """Return the name of the table with the rows of an edition: its partition, or the whole ledger."""
    if connection.dialect.name == "sqlite" or not inspect(connection).has_table(_name(edition_id)):
        return deliveries.name
    return _name(edition_id)


def shards(connection: Connection, edition_id: int, size: int, *states: str) -> list[Shard]:
    """Return the reader ids of an edition in ranges of ``size`` rows; with ``states``, only of rows in these states."""
    d = deliveries.c
    here = d.edition_id == edition_id if not states else and_(d.edition_id == edition_id, d.state.in_(states))
    numbered = select(d.reader_id, ((func.row_number().over(order_by=d.reader_id) - 1) / size).label("n")).where(here)
    rows = numbered.subquery()
    ranges = select(func.min(rows.c.reader_id), func.max(rows.c.reader_id)).group_by(func.floor(rows.c.n))
    return sorted((Shard(*found) for found in connection.execute(ranges)), key=lambda shard: shard.first)


def drop(connection: Connection, edition_id: int) -> int | None:
    """Drop all rows of an edition; return their number, or None when others read the ledger for too long."""
    rows = _count(connection, edition_id)
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    try:
        with connection.begin_nested():
            connection.execute(text(f"DROP TABLE IF EXISTS {_name(edition_id)}"))
    except OperationalError:
        return None
    return rows


def analyse(connection: Connection) -> None:
    """Update the planner's statistics after rows were copied into the ledger."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("ANALYZE deliveries"))


def partitions(connection: Connection) -> frozenset[str]:
    """Return the names of all tables that are partitions."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    return frozenset(connection.scalars(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")))


def _name(edition_id: int) -> str:
    return f"deliveries_{int(edition_id)}"


def _create(connection: Connection, edition_id: int) -> str:
    """Create the table of an edition, without indexes and not yet attached to the ledger."""
    name = _name(edition_id)
    connection.execute(text(f"CREATE TABLE {name} (LIKE deliveries INCLUDING DEFAULTS) WITH ({_OPTIONS})"))
    return name


def _attach(connection: Connection, edition_id: int) -> None:
    """Index and analyse the rows of an edition, and attach them to the ledger.

    The index of deferred letters has few entries.
    """
    name = _name(edition_id)
    connection.execute(text(f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY (edition_id, reader_id)"))
    put_off = f"CREATE INDEX ix_{name}_next_attempt ON {name} (next_attempt) WHERE next_attempt IS NOT NULL"
    connection.execute(text(put_off))
    connection.execute(text(f"ANALYZE {name}"))
    connection.execute(text(f"ALTER TABLE deliveries ATTACH PARTITION {name} FOR VALUES IN ({int(edition_id)})"))


def _count(connection: Connection, edition_id: int) -> int:
    counted = select(func.count()).select_from(deliveries).where(deliveries.c.edition_id == edition_id)
    return connection.scalar(counted) or 0

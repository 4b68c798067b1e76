"""A copy of a database is the same database, whichever kinds the two are; or there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    cast,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeEngine
from tests.conftest import Ready

from digest.errors import StorageError, TargetNotEmpty
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.schema.columns import Instant
from digest.storage.schema.whole import METADATA
from digest.storage.sources import Sources
from digest.storage.transfer import BATCH, _as_stored, transfer

ROWS = 3
MOMENT = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
WORDS = "Grüße, “ferry”\n\\ 🛳 'x' \u2028 %s :y"


MADE: tuple[tuple[type[TypeEngine[Any]], Callable[[int], Any]], ...] = (
    (Integer, lambda number: number),
    (Boolean, lambda number: number % 2 == 0),
    (Float, lambda number: number + 0.1 + 0.2),
    (Instant, lambda number: MOMENT + timedelta(days=number)),
    (Date, lambda number: date(2026, 2, 28) + timedelta(days=number)),
    (LargeBinary, lambda number: bytes(range(256)) * number),
    (JSON, lambda number: {"z": [None, 0.1, 2**60, WORDS], "a": {"deep": number}}),
    (TypeEngine, lambda number: f"{number} {WORDS}"[:64]),
)
"""Type of a column -> a value that is hard to copy, and different for each row."""


def value(column: Column[Any], number: int) -> Any:
    """Return what the row of that number has in a column; a reference leads to the row of the same number."""
    if column.foreign_keys:
        return number
    return next(make for kind, make in MADE if isinstance(column.type, kind))(number)


def fill(database: Database) -> None:
    """Put some rows into every table that there is; what may be unknown is unknown in the last."""
    with database.write() as connection:
        make(connection, range(1, ROWS + 1))
        for table in METADATA.sorted_tables:
            stored = _as_stored(table)
            known = [{c.name: value(c, number) for c in table.columns} for number in range(1, ROWS + 1)]
            connection.execute(insert(stored), known[:-1])
            connection.execute(insert(stored), [{c.name: known[-1][c.name] for c in table.columns if not c.nullable}])


def rows(connection: Connection, table: Table) -> list[RowMapping]:
    """Return all rows of a table, values as the very text that is stored."""
    columns = [cast(c, Text).label(c.name) if isinstance(c.type, JSON) else c for c in _as_stored(table).columns]
    return list(connection.execute(select(*columns).order_by(*table.primary_key)).mappings())


def everything(database: Database) -> dict[str, list[RowMapping]]:
    with database.read() as connection:
        return {table.name: rows(connection, table) for table in METADATA.sorted_tables}


def unseen(_done: int, _total: int, _what: str) -> None:
    """Watch nothing."""


Opened = Callable[[str], Database]


@pytest.fixture
def opened(ready: Ready) -> Iterator[Opened]:
    """Make databases with their tables: ``opened("sqlite")``, ``opened("postgresql")``."""
    made: list[Database] = []

    def one(kind: str) -> Database:
        made.append(Database(ready(kind)))
        return made[-1]

    yield one
    for database in made:
        database.close()


@pytest.fixture(params=["sqlite to postgresql", "sqlite to sqlite", "postgresql to sqlite"])
def both(request: pytest.FixtureRequest, opened: Opened) -> tuple[Database, Database]:
    source, _, target = request.param.partition(" to ")
    return opened(source), opened(target)


def test_every_row_of_every_table_arrives_as_it_was(both: tuple[Database, Database]) -> None:
    source, target = both
    fill(source)
    heard: list[tuple[int, int, str]] = []
    counts = transfer(source, target, lambda *seen: heard.append(seen))
    assert counts == {table.name: ROWS for table in METADATA.sorted_tables}
    assert heard[-1][:2] == (sum(counts.values()),) * 2
    assert everything(target) == everything(source)


def test_a_number_that_the_source_gave_is_never_given_again(both: tuple[Database, Database]) -> None:
    source, target = both
    first = Sources(source).add(stub(1)).source.id
    gone = Sources(source).add(stub(2)).source.id
    Sources(source).remove(gone)
    transfer(source, target, unseen)
    assert [stored.source.id for stored in Sources(target).all()] == [first]
    assert Sources(target).add(stub(3)).source.id > gone


def stub(number: int) -> Source:
    return Source(id=SourceId(0), url=f"https://paper.example/{number}", name=f"Paper {number}", publisher="P")


@pytest.mark.slow
def test_after_the_copy_every_table_numbers_its_rows_on(opened: Opened) -> None:
    source, target = opened("sqlite"), opened("postgresql")
    fill(source)
    transfer(source, target, unseen)
    with target.write() as connection:
        for table in METADATA.sorted_tables:
            if table.autoincrement_column is not None:
                row = {c.name: value(c, ROWS + 1) for c in table.columns if not c.foreign_keys}
                del row[table.autoincrement_column.name]
                row |= {c.name: 1 for c in table.columns if c.foreign_keys}
                connection.execute(insert(_as_stored(table)), [row])
                assert rows(connection, table)[-1][table.autoincrement_column.name] == ROWS + 1


def test_more_rows_than_a_batch_arrive_and_the_copy_shows_one_moment(opened: Opened) -> None:
    source, target = opened("sqlite"), opened("sqlite")
    count = 2 * BATCH + 1

    def suppress(*identities: str) -> None:
        with source.write() as connection:
            row = "INSERT INTO suppressions VALUES (:identity, 'hard', '2026-01-01 00:00:00')"
            connection.execute(text(row), [{"identity": identity} for identity in identities])

    suppress(*(f"r{number:05}@example.com" for number in range(count)))
    during = iter(["late@example.com"])

    def meanwhile(_done: int, _total: int, _what: str) -> None:
        for identity in during:
            suppress(identity)

    assert transfer(source, target, meanwhile)["suppressions"] == count
    with source.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM suppressions")) == count + 1


def test_a_target_with_rows_is_refused_and_left_as_it_is(opened: Opened) -> None:
    source, target = opened("sqlite"), opened("sqlite")
    fill(source)
    Sources(target).add(stub(1))
    with pytest.raises(TargetNotEmpty, match=r"sources 1.*name an empty database"):
        transfer(source, target, unseen)
    assert len(Sources(target).all()) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_that_was_broken_off_left_nothing_and_can_be_made_again(opened: Opened, kind: str) -> None:
    source, target = opened("sqlite"), opened(kind)
    fill(source)

    def broken_off(done: int, total: int, _what: str) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transfer(source, target, broken_off)
    assert not any(everything(target).values())
    transfer(source, target, unseen)
    assert everything(target) == everything(source)


def test_rows_that_went_missing_on_the_way_undo_the_copy(opened: Opened) -> None:
    source, target = opened("sqlite"), opened("sqlite")
    fill(source)
    with target.write() as connection:
        connection.execute(
            text("CREATE TRIGGER gone AFTER INSERT ON runs BEGIN DELETE FROM runs WHERE id = new.id; END")
        )
    with pytest.raises(StorageError, match=f"rows are missing.*runs 0 of {ROWS}"):
        transfer(source, target, unseen)
    assert not any(everything(target).values())


def test_no_table_refers_to_itself_so_the_order_of_tables_is_enough() -> None:
    own = [t.name for t in METADATA.sorted_tables for key in t.foreign_keys if key.column.table is t]
    assert own == []


@pytest.mark.parametrize("url", ["digest.db", "mysql://user:secret@host/name", "sqlite+aiosqlite:///x"])
def test_a_url_of_no_database_that_we_use_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StorageError, match="expected sqlite:///FILE or postgresql://") as refused:
        Database(url)
    assert "secret" not in str(refused.value)


def test_without_its_driver_postgresql_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError, match=r"digest-press\[postgresql\]"):
        Database("postgresql://user@host/name")


def test_a_read_of_several_questions_sees_one_moment(database: Database) -> None:
    with database.read() as connection:
        assert connection.scalar(select(METADATA.tables["sources"].c.id)) is None
        Sources(database).add(stub(1))
        assert connection.scalar(select(METADATA.tables["sources"].c.id)) is None

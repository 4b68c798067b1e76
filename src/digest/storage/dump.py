"""Write a database into one file while others use it, and check that the file is complete."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table, text

from digest.errors import BackupError, DamagedBackup
from digest.private_files import NEW, private
from digest.storage import pgtools
from digest.storage.engine import Database
from digest.storage.partitions import partitions

FILES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
"""Kind of database -> name of its dump file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The content of a dump: the kind of database, its schema, and the number of rows of each table."""

    kind: str
    schema: str
    rows: Mapping[str, int]


def dump(database: Database, folder: Path) -> Dump:
    """Write the state of a database at one moment into a file in ``folder``; other users need not wait.

    Raises BackupError when it fails, and when the database has no tables.
    """
    schema = database.revision
    if schema is None:
        raise BackupError(f"{database.name} has no tables: there is nothing to back up")
    kind = "sqlite" if database.is_sqlite else "postgresql"
    file = folder / FILES[kind]
    os.close(private(file, NEW))
    with database.read() as connection:
        found = Dump(kind=kind, schema=schema, rows=count_rows(connection))  # this begins the snapshot
        if database.is_sqlite:
            _copy(connection, file)
        else:
            pgtools.dump(database.url, file, str(connection.scalar(text("SELECT pg_export_snapshot()"))))
    return found


def check(file: Path, expected: Dump) -> None:
    """Read a whole dump; raise DamagedBackup when its content is not as expected."""
    if expected.kind == "sqlite":
        with _opened(file) as connection:
            _check_sqlite(connection, file, expected.rows)
        return
    try:
        pgtools.read_through(file)
    except BackupError as error:
        raise DamagedBackup(f"{file}: {error}") from error


def count_rows(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table of a database; partitions count with their whole table."""
    names = sorted(set(inspect(connection).get_table_names()) - partitions(connection))
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def _copy(connection: Connection, file: Path) -> None:
    """Copy a SQLite database in one step, from the connection's open snapshot."""
    try:
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")  # all data is in this one file
    except sqlite3.Error as error:
        raise BackupError(f"{file}: {error}") from error


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Yield a read-only connection that creates no other files."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise DamagedBackup(f"{file}: {error}") from error


def _check_sqlite(connection: sqlite3.Connection, file: Path, rows: Mapping[str, int]) -> None:
    words = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    if words != ["ok"]:
        raise DamagedBackup(f"{file}: {words[0]}")
    if orphan := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise DamagedBackup(f"{file}: a row of {orphan[0]} refers to a missing row of {orphan[2]}")
    for name, number in rows.items():
        found = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a table's name
        if found != number:
            raise DamagedBackup(f"{file}: {name} has {found} rows in place of {number}")

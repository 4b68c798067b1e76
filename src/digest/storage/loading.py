"""Restore a database from a dump: never while others use the database, and never over existing rows."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import inspect, text

from digest.errors import BackupError, LivingDatabase, StorageError, TargetNotEmpty
from digest.private_files import NEW, make_folder, private, sync_folder
from digest.storage import pgtools
from digest.storage.dump import FILES, Dump, check, count_rows, dump
from digest.storage.engine import Database
from digest.storage.schema.whole import METADATA

_MARK = "alembic_version"
"""Table that holds the schema's revision."""


def require_target(target: Database, kind: str, *, replace: bool) -> None:
    """Raise unless a dump of that kind may be restored into this database.

    Raises BackupError when the kinds differ, LivingDatabase when others are connected to it, and TargetNotEmpty when
    it has rows and ``replace`` is False.
    """
    if (kind == "sqlite") is not target.is_sqlite:
        raise BackupError(
            f"the backup is of a {kind} database, and database.url names {target.name}: restore it into one of its "
            "kind, then `digest db copy` moves it"
        )
    if target.is_sqlite and not target.file.exists():
        return
    _require_alone(target)
    if not replace and (rows := {name: number for name, number in _ours(target).items() if number}):
        found = ", ".join(f"{name} {number}" for name, number in rows.items())
        raise TargetNotEmpty(f"{target.name} is not empty ({found}): --replace moves its content aside")


@contextmanager
def loaded(target: Database, folder: Path, expected: Dump, aside: Path) -> Iterator[Database]:
    """Yield the restored database, to be completed before others may use it; old content goes to ``aside``.

    A SQLite file gets its final name when the block succeeds. A PostgreSQL database is filled in one transaction, and
    gets its old rows back when that fails. Raises BackupError and StorageError.
    """
    file = folder / FILES[expected.kind]
    if expected.kind == "sqlite":
        with _loaded_file(target, file, expected, aside) as database:
            yield database
    else:
        _load_tables(target, file, aside)
        yield target


def _ours(target: Database) -> dict[str, int]:
    with target.read() as connection:
        return {name: rows for name, rows in count_rows(connection).items() if name != _MARK}


def _require_alone(target: Database) -> None:
    words = f"{target.name}: another process uses it: stop `digest serve` and `digest web`, and try again"
    if target.is_sqlite:
        target.close()
        with closing(sqlite3.connect(target.file, timeout=1, isolation_level=None)) as connection:
            try:  # only a single connection may change the journal mode: https://www.sqlite.org/wal.html
                alone = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
            except sqlite3.OperationalError:
                alone = False
            except sqlite3.DatabaseError as error:
                raise StorageError(f"{target.name}: {error}; move the file away to restore in its place") from error
        if not alone:
            raise LivingDatabase(words)
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with target.read() as connection:
        if connection.scalar(text(f"{others} AND backend_type = 'client backend'")):
            raise LivingDatabase(words)


@contextmanager
def _loaded_file(target: Database, file: Path, expected: Dump, aside: Path) -> Iterator[Database]:
    place = target.file
    make_folder(place.absolute().parent)
    draft = place.with_name(f".{place.name}.restoring")
    draft.unlink(missing_ok=True)
    try:
        with file.open("rb") as content, os.fdopen(private(draft, NEW), "wb") as out:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
        check(draft, expected)
        database = Database(f"sqlite:///{draft.absolute()}")
        try:
            yield database
        finally:
            database.close()
        _fold_up(draft)
        if place.exists():
            os.link(place, aside)
        draft.replace(place)
        sync_folder(place.absolute().parent)
    finally:
        for rest in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            rest.unlink(missing_ok=True)


def _fold_up(file: Path) -> None:
    """Put all data of a SQLite database into its one file, without a WAL."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise StorageError(f"{file}: it is in use")


def _load_tables(target: Database, file: Path, aside: Path) -> None:
    old = target.revision is not None
    if old:
        aside.mkdir(mode=0o700)
        dump(target, aside)
    _drop_tables(target)
    try:
        pgtools.load(target.url, file)
    except BackupError:
        if old:
            pgtools.load(target.url, aside / FILES["postgresql"])
        raise


def _drop_tables(target: Database) -> None:
    names = {_MARK, *METADATA.tables}
    with target.write() as connection:
        found = [name for name in inspect(connection).get_table_names() if name in names]
        for name in found:
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))

"""Connections and transactions of the database, and errors that say what to do.

SQLite runs in WAL mode with ``synchronous=FULL`` (a lost commit could send a letter twice). Every write starts with
BEGIN IMMEDIATE. Otherwise a transaction that reads before it writes fails at once, whatever the timeout, if another
process wrote in between.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Column, Connection, Engine, Row, Select, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from digest.errors import DatabaseBusy, DatabaseFull, RefusedValue, SchemaMismatch, StorageError
from digest.private_files import private
from digest.storage.prepared import end_reading

REVISION = "0026"
"""The schema that this program uses; a test compares it with the newest migration."""

BUSY_SECONDS = 30
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg"}
"""Scheme of a database URL -> SQLAlchemy driver."""
SESSION = {"prepare_threshold": None, "client_encoding": "utf8"}
"""By default, prepare no statements on the server; see ``storage.prepared``.

The encoding holds every script, whatever ``PGCLIENTENCODING`` says.
"""
IDLE_SECONDS = 1.0
"""A pooled connection of PostgreSQL that was not used for so long is asked whether it is alive."""
_USED_AT = "used at"
EXPECTED = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"

T = TypeVar("T")


class Database:
    """Transactions on one database; safe to share between threads."""

    def __init__(self, url: str, folder: Path = Path()) -> None:
        self._url = _parsed(url)
        if self.is_sqlite and self._url.database not in {None, "", ":memory:"}:
            self._url = self._url.set(database=str(folder / str(self._url.database)))
        self.engine = self._connectable()
        self._writer = threading.Lock()
        self._unreadable: dict[str, Exception] = {}

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, which allows one writer at a time."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def url(self) -> URL:
        """The database's URL with its password."""
        return self._url

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return Path(str(self._url.database))

    @property
    def revision(self) -> str | None:
        """The schema's revision; None when there are no tables."""
        return self._revision()

    @property
    def name(self) -> str:
        """The database's URL without its password, for messages."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a read-only connection that sees one state of the database."""
        with self._translated(), self.engine.connect() as connection:
            if self.is_sqlite:
                yield connection
                return
            # By default each query would see commits made just before it.
            connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
            end_reading(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection; its changes are all stored when the block succeeds, and none otherwise."""
        with self._turn(), self._translated(), self.engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                yield connection

    @contextmanager
    def single(self) -> Iterator[Connection]:
        """Yield a connection for one statement, which is a whole transaction: PostgreSQL needs no BEGIN and COMMIT."""
        if self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        with self._translated(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def within(self, schema: str) -> Iterator[Any]:
        """Yield psycopg's connection in a new transaction that finds the tables of ``schema`` first."""
        with self.write() as connection, searching(connection, schema) as driver:
            yield driver

    def rows(self, query: Select[Any], key: Column[Any], make: Callable[[Row[Any]], T]) -> tuple[T, ...]:
        """Return the results of ``make`` for the rows of a query, in their order.

        A row that cannot be read is left out and recorded by its table and ``key``: one bad row must not hide the
        others. ``query`` needs a total order of its rows.
        """
        with self.read() as connection:
            return self.rows_of(connection, query, key, make)

    def rows_of(
        self, connection: Connection, query: Select[Any], key: Column[Any], make: Callable[[Row[Any]], T]
    ) -> tuple[T, ...]:
        """Return ``make(row)`` for each row of a query on an open connection; see ``rows`` for unreadable ones."""
        found: list[T] = []
        broken: list[tuple[int, Exception]] = []
        result, number = connection.execute(query), 0
        while True:
            try:  # reading a row also decodes its values; after an error the next row can still be read
                row = result.fetchone()
                if row is None:
                    break
                found.append(make(row))
            except (SQLAlchemyError, StorageError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is noted, and set aside
                broken.append((number, error))
            number += 1
        if broken:
            keys = connection.scalars(query.with_only_columns(key)).all()
            self._unreadable |= {f"{key.table.name}/{keys[place]}": error for place, error in broken}
        return tuple(found)

    @property
    def has_unreadable(self) -> bool:
        """Whether ``take_unreadable`` would return rows."""
        return bool(self._unreadable)

    def take_unreadable(self) -> dict[str, Exception]:
        """Return the rows that could not be read since the last call: ``table/key`` -> error."""
        taken, self._unreadable = self._unreadable, {}
        return taken

    def require_schema(self) -> None:
        """Raise SchemaMismatch unless the schema is this program's; create the tables in an empty database.

        Raises StorageError when the database's encoding cannot hold every script.
        """
        self._begin_private()
        self.require_encoding()
        revision = self._revision()
        if revision == REVISION:
            return
        if revision is None:
            self.upgrade()
        elif revision < REVISION:
            raise SchemaMismatch(
                f"{self.name} has schema {revision}, this program needs {REVISION}: run `digest db upgrade`"
            )
        else:
            raise SchemaMismatch(
                f"{self.name} has schema {revision}, which is newer than this program ({REVISION}): upgrade the program"
            )

    def require_encoding(self) -> None:
        """Raise StorageError when the encoding of the database cannot hold every script."""
        if not self.is_sqlite and (problem := encoding_problem(self._encoding())):
            raise StorageError(f"{self.name} {problem}")

    def upgrade(self) -> None:
        """Run the missing migrations; safe to repeat. Raises StorageError as ``require_encoding`` does."""
        from digest.storage.migrations.run import upgrade  # noqa: PLC0415 - half a second of imports, rarely needed

        self.require_encoding()
        with self._turn(), self._translated():
            upgrade(self.engine)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Queue the writers of this process before SQLite's own lock, which is not fair to threads."""
        if not self.is_sqlite:
            yield
            return
        with self._writer:
            yield

    def _begin_private(self) -> None:
        """Create a missing SQLite file that only its owner can read: it will hold the readers' addresses."""
        file = self._url.database
        if self.is_sqlite and file and file != ":memory:":
            with suppress(OSError):  # it exists; or it cannot be created, which SQLite reports
                os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))

    def _encoding(self) -> str:
        with self.read() as connection:
            return str(connection.execute(text("SHOW server_encoding")).scalar())

    def _revision(self) -> str | None:
        try:
            with self.read() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                return None if found is None else str(found)
        except StorageError as error:
            if isinstance(error.__cause__, DBAPIError) and "alembic_version" in str(error.__cause__.orig):
                return None
            raise

    def _connectable(self) -> Engine:
        if not self.is_sqlite:
            try:
                # The connection that was used last knows the tables already.
                engine = create_engine(self._url, pool_use_lifo=True, connect_args=SESSION)
            except ModuleNotFoundError as error:
                raise StorageError(f"{self.name} needs a driver: pip install 'digest-press[postgresql]'") from error
            _probe_idle(engine)
            return engine
        engine = create_engine(self._url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._meaning(error) from error
        except StatementError as error:  # a value that our own column types could not write
            raise RefusedValue(f"{self.name}: {error.orig}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"{self.name}: {error}") from error

    def _meaning(self, error: DBAPIError) -> StorageError:
        words = str(error.orig).partition("\nDETAIL:")[0].strip()  # PostgreSQL's details quote rows, with addresses
        if isinstance(error, DataError | IntegrityError) or (isinstance(error, InterfaceError) and "binding" in words):
            return RefusedValue(f"{self.name}: {words}")
        if isinstance(error, OperationalError):
            if "index row" in words:  # PostgreSQL's error for a text that is too long for an index
                return RefusedValue(f"{self.name}: {words}")
            if "locked" in words:
                return DatabaseBusy(f"{self.name} has been locked by another process for {BUSY_SECONDS} s: try again")
            if "disk is full" in words or "disk I/O" in words:
                return DatabaseFull(f"{self.name}: no room left on the disk ({words}); what was stored is intact")
            if "unable to open" in words:
                return StorageError(f"{self.name} cannot be opened: does its folder exist, and may you write there?")
        return StorageError(f"{self.name}: {words}")


def has_schema(database: Database, name: str) -> bool:
    """Return whether a PostgreSQL database has a schema with that name; SQLite has none."""
    if database.is_sqlite:
        return False
    with database.read() as connection:
        found = connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": name})
    return found is not None


@contextmanager
def searching(connection: Connection, schema: str) -> Iterator[Any]:
    """Yield psycopg's connection; until the block ends, the transaction finds the tables of ``schema`` first."""
    connection.execute(text(f"SET LOCAL search_path TO {schema}, public"))
    yield connection.connection.driver_connection
    connection.execute(text("SET LOCAL search_path TO DEFAULT"))


def encoding_problem(encoding: str) -> str:
    """Return why a PostgreSQL database with that encoding cannot be used; empty when it can.

    Only UTF8 can be used: SQL_ASCII checks nothing and returns bytes instead of text; all others lack most scripts.
    """
    if encoding.upper() in {"UTF8", "UNICODE"}:
        return ""
    made = "createdb --encoding=UTF8 --template=template0 NAME"
    return f"is encoded in {encoding}, which cannot hold every name and headline: make one in UTF8 ({made})"


def _parsed(url: str) -> URL:
    """Return the parsed URL of a supported database, with the driver that we use."""
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise StorageError(f"the database's URL cannot be read: expected {EXPECTED}") from error
    driver = DRIVERS.get(found.drivername)
    if driver is None:
        raise StorageError(f"{found.drivername} is not a supported kind of database: expected {EXPECTED}")
    return found.set(drivername=driver)


def _probe_idle(engine: Engine) -> None:
    """Ask a pooled connection that was idle for IDLE_SECONDS whether it is alive, before it is used.

    All pooled connections are replaced when one is dead. SQLAlchemy's ``pool_pre_ping`` asks before each use, which is
    a tenth of PostgreSQL's CPU for a letter (measured).
    """

    def probe(driver: Any, record: Any, _proxy: Any) -> None:  # noqa: ANN401 - of the driver and of SQLAlchemy's pool
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    def note(_driver: Any, record: Any) -> None:  # noqa: ANN401 - the same
        record.info[_USED_AT] = time.monotonic()

    event.listen(engine, "checkout", probe)
    event.listen(engine, "checkin", note)


def _make_private(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    """Create the file before SQLite does, for its owner only; SQLite's side files get the same mode.

    An existing file is not opened: closing it would release all locks that this process holds on it.
    """
    file = str(arguments[0])
    if file != ":memory:" and not file.startswith("file:"):
        with suppress(OSError):  # it exists, or SQLite reports the error
            os.close(private(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC))


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record
    connection.isolation_level = None  # the driver's own BEGIN would come too late and be deferred
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

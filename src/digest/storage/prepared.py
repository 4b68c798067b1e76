"""Statements that PostgreSQL parses once for each session, and not each time.

A short statement costs PostgreSQL more to parse and to plan than to execute (measured: 7.5 of 11.4 us a letter for
in-flight lists). So the few statements that are executed for each batch of letters are prepared on the server.

That needs one session for the whole connection. A pool of transactions (PgBouncer) may give each transaction another
session, where the statement is unknown; then nothing is prepared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

PREPARE_AFTER = 1
"""How often a connection executes a statement before the statement is prepared."""
_IS_DIRECT = "is direct"


@contextmanager
def prepared(connection: Connection) -> Iterator[None]:
    """Prepare the statements that the block executes on this connection, if it is a direct one to PostgreSQL."""
    if connection.dialect.name == "sqlite" or not _is_direct(connection):
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.prepare_threshold = PREPARE_AFTER
    try:
        yield
    finally:
        driver.prepare_threshold = None


def end_reading(connection: Connection) -> None:
    """End a transaction that only read by a commit: after a rollback, psycopg removes all prepared statements."""
    driver: Any = connection.connection.driver_connection
    driver.commit()


def _is_direct(connection: Connection) -> bool:
    """Return whether the connection has one session of the server, and no pool of transactions is in between.

    A server sends its process id when a connection begins. A pool of transactions has no such process yet, and sends
    an invented number. The answer is noted with the pooled connection.
    """
    info = connection.connection.info
    if _IS_DIRECT not in info:
        driver: Any = connection.connection.driver_connection
        (own,) = driver.execute("SELECT pg_backend_pid()").fetchone()
        info[_IS_DIRECT] = own == driver.info.backend_pid
    direct: bool = info[_IS_DIRECT]
    return direct

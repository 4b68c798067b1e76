"""``INSERT .. ON CONFLICT``: the same in SQLite and PostgreSQL, but two dialects in SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """Return an insert into ``table`` with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return inserting(connection.dialect.name, table)


def inserting(dialect: str, table: Table) -> sqlite.Insert:
    """Return the same for a dialect: ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - one dialect is needed, and each costs 0.1 s

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - the same

    same_interface: sqlite.Insert = postgresql.insert(table)  # type: ignore[assignment]
    return same_interface

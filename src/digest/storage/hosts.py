"""What is known of web sites between runs, as plain values that other packages interpret."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from digest.storage.engine import Database
from digest.storage.schema.press import hosts
from digest.storage.upsert import insert

Kind = Literal["robots", "furniture", "front-page"]


class Hosts:
    """Reads and writes what is known of web sites."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, host: str, kind: Kind) -> Any | None:  # noqa: ANN401 - plain JSON, the asking room knows its shape
        """Return what is stored about ``host``; None when nothing is."""
        query = select(hosts.c.known).where(hosts.c.host == host, hosts.c.kind == kind)
        with self._database.read() as connection:
            return connection.scalar(query)

    def learnt_at(self, host: str, kind: Kind) -> datetime | None:
        """Return when the stored value about ``host`` was learnt; None when nothing is stored."""
        query = select(hosts.c.at).where(hosts.c.host == host, hosts.c.kind == kind)
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(query)
            return found

    def learn(self, host: str, kind: Kind, known: Any, now: datetime) -> None:  # noqa: ANN401 - the same
        """Store what was learnt about ``host``; it replaces the old value."""
        row = {"host": host, "kind": kind, "known": known, "at": now}
        with self._database.write() as connection:
            statement = insert(connection, hosts)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["host", "kind"],
                    set_={"known": statement.excluded.known, "at": statement.excluded.at},
                ),
                [row],
            )

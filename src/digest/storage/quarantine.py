"""Items on which the program itself failed, and items that are suspected of crashing processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update

from digest.model.quarantine import ItemKind, SetAside
from digest.storage.engine import Database
from digest.storage.schema.work import quarantine
from digest.storage.upsert import insert

_SET_ASIDE = quarantine.c.error != ""


class Quarantine:
    """Reads and writes quarantined items."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def held(self) -> frozenset[tuple[ItemKind, str]]:
        """Return the kind and key of every quarantined item."""
        query = select(quarantine.c.kind, quarantine.c.key).where(_SET_ASIDE)
        return frozenset(self._database.rows(query.order_by(quarantine.c.id), quarantine.c.id, _named))

    def suspects(self) -> dict[tuple[ItemKind, str], int]:
        """Return how many processes died at each item that is not quarantined yet."""
        query = select(quarantine.c.kind, quarantine.c.key, quarantine.c.starts).where(~_SET_ASIDE)
        query = query.order_by(quarantine.c.id)
        return dict(self._database.rows(query, quarantine.c.id, lambda row: (_named(row), int(row.starts))))

    def suspect(self, items: Iterable[tuple[ItemKind, str]], now: datetime) -> None:
        """Store that a process died while it worked on these items."""
        rows = [{"kind": kind.value, "key": key, "starts": 1, "at": now} for kind, key in items]
        if not rows:
            return
        with self._database.write() as connection:
            statement = insert(connection, quarantine)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["kind", "key"], set_={"starts": quarantine.c.starts + 1, "at": now}
                ),
                rows,
            )

    def put(self, item: SetAside) -> int:
        """Quarantine an item, in place of what is stored about it; return its number."""
        values = {"error": item.error, "trace": item.trace, "data": item.data, "at": item.at}
        row = {"kind": item.kind.value, "key": item.key, "starts": 0, **values}
        with self._database.write() as connection:
            statement = insert(connection, quarantine)
            connection.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=values), [row])
            found = connection.scalar(select(quarantine.c.id).where(_is(item.kind, item.key)))
            return int(found or 0)

    def release(self, kind: ItemKind, key: str) -> None:
        """Delete an item: it caused no failure after all, or it is to be tried again."""
        with self._database.write() as connection:
            connection.execute(delete(quarantine).where(_is(kind, key)))

    def all(self) -> tuple[SetAside, ...]:
        """Return the quarantined items, the newest first, without traces and inputs."""
        columns = [c for c in quarantine.c if c.name not in {"trace", "data"}]
        query = select(*columns).where(_SET_ASIDE).order_by(quarantine.c.at.desc(), quarantine.c.id.desc())
        return self._database.rows(query, quarantine.c.id, lambda row: _item(row, trace="", data=b""))

    def get(self, number: int) -> SetAside | None:
        """Return one item with its trace and input; None when there is none with that number."""
        query = select(quarantine).where(quarantine.c.id == number, _SET_ASIDE)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _item(row, trace=row.trace, data=bytes(row.data))

    def counts(self) -> dict[ItemKind, int]:
        """Return the number of quarantined items of each kind."""
        query = select(quarantine.c.kind, func.count().label("number")).where(_SET_ASIDE).group_by(quarantine.c.kind)
        with self._database.read() as connection:
            found = {str(row.kind): int(row.number) for row in connection.execute(query)}
        return {kind: found[kind.value] for kind in ItemKind if kind.value in found}

    def forget_inputs(self, before: datetime) -> int:
        """Delete the inputs of items quarantined before that time: they may hold personal data."""
        with self._database.write() as connection:
            old = update(quarantine).where(quarantine.c.at < before, func.length(quarantine.c.data) > 0)
            return connection.execute(old.values(data=b"")).rowcount


def _named(row: Row[Any]) -> tuple[ItemKind, str]:
    return ItemKind(row.kind), row.key


def _is(kind: ItemKind, key: str) -> ColumnElement[bool]:
    return (quarantine.c.kind == kind.value) & (quarantine.c.key == key)


def _item(row: Row[tuple[object, ...]], *, trace: str, data: bytes) -> SetAside:
    return SetAside(kind=ItemKind(row.kind), key=row.key, error=row.error, trace=trace, data=data, at=row.at, id=row.id)

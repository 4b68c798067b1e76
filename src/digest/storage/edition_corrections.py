"""What was wrong in editions that went out, and what is right: each is kept, also when it is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from digest.model.edition import Correction
from digest.model.ids import EditionKey
from digest.model.life import FROZEN
from digest.storage.editions import EditionId
from digest.storage.engine import Database
from digest.storage.schema.editions import edition_corrections, editions


class EditionCorrections:
    """Stores corrections of editions and reads them back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, edition_id: EditionId, correction: Correction, author: str) -> int:
        """Store a correction of an edition; return its number."""
        row = {
            "edition_id": edition_id,
            "anchor": correction.anchor,
            "headline": correction.headline,
            "printed": correction.wrong,
            "corrected": correction.right,
            "author": author,
            "at": correction.at,
        }
        with self._database.write() as connection:
            made = connection.execute(insert(edition_corrections).values(row).returning(edition_corrections.c.id))
            return int(made.scalar_one())

    def withdraw(self, number: int, author: str, now: datetime) -> bool:
        """Take a correction back; False when there is none of that number, or it was taken back before."""
        c = edition_corrections.c
        gone = update(edition_corrections).where(c.id == number, c.withdrawn_at.is_(None))
        with self._database.write() as connection:
            return connection.execute(gone.values(withdrawn_at=now, withdrawn_by=author)).rowcount == 1

    def of(self, keys: Iterable[EditionKey]) -> dict[EditionKey, tuple[Correction, ...]]:
        """Return the corrections that hold of some editions, the earliest first; an edition without one is missing."""
        wanted = frozenset(keys)
        names, days = {key.name for key in wanted}, {key.date for key in wanted}
        query = _standing().where(editions.c.name.in_(names), editions.c.date.in_(days))
        found: dict[EditionKey, tuple[Correction, ...]] = {}
        for correction in self._read(query) if wanted else ():
            if correction.edition in wanted:
                found[correction.edition] = (*found.get(correction.edition, ()), correction)
        return found

    def untold(self, key: EditionKey) -> tuple[Correction, ...]:
        """Return the corrections of earlier editions of a name that no edition of it told yet, the earliest first.

        An edition that went out since tells those that it was composed with.
        """
        owed = self._read(_standing().where(editions.c.name == key.name, editions.c.date <= key.date))
        owed = tuple(one for one in owed if one.edition != key)
        if not owed:
            return ()
        first = min(one.edition.date for one in owed)
        went_out = select(editions.c.edition).where(
            editions.c.name == key.name,
            editions.c.date >= first,
            editions.c.state.in_([state.value for state in FROZEN]),
        )
        with self._database.read() as connection:
            told = {one.id for edition in connection.scalars(went_out) if edition for one in edition.corrections}
        return tuple(one for one in owed if one.id not in told)

    def _read(self, query: Select[Any]) -> tuple[Correction, ...]:
        with self._database.read() as connection:
            return tuple(map(_correction, connection.execute(query)))


def _standing() -> Select[Any]:
    c = edition_corrections.c
    joined = select(edition_corrections, editions.c.name, editions.c.date, editions.c.number, editions.c.edition)
    return joined.join(editions, editions.c.id == c.edition_id).where(c.withdrawn_at.is_(None)).order_by(c.at, c.id)


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        edition=EditionKey(name=row.name, date=row.date, number=row.number),
        title=row.edition.title if row.edition else row.name,
        anchor=row.anchor,
        headline=row.headline,
        wrong=row.printed,
        right=row.corrected,
        at=row.at,
    )

"""Corrections of published editions; withdrawn ones are kept too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from digest.model.edition import Correction
from digest.model.ids import EditionKey
from digest.model.life import FROZEN
from digest.model.webhook import Corrected
from digest.storage.announce_editions import announce_edition
from digest.storage.editions import EditionId
from digest.storage.engine import Database
from digest.storage.schema.editions import edition_corrections, editions


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDeed:
    """A correction that was published or withdrawn, for the history of its edition."""

    at: datetime
    author: str
    headline: str
    right: str
    withdrawn: bool


class EditionCorrections:
    """Reads and writes corrections of editions."""

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
            number = int(made.scalar_one())
            told = Corrected(
                number=number,
                anchor=correction.anchor,
                headline=correction.headline,
                wrong=correction.wrong,
                right=correction.right,
            )
            announce_edition(connection, edition_id, told, correction.at)
            return number

    def withdraw(self, number: int, author: str, now: datetime) -> bool:
        """Withdraw a correction; return False when there is none with that number, or it is withdrawn already."""
        c = edition_corrections.c
        gone = update(edition_corrections).where(c.id == number, c.withdrawn_at.is_(None))
        with self._database.write() as connection:
            return connection.execute(gone.values(withdrawn_at=now, withdrawn_by=author)).rowcount == 1

    def of(self, keys: Iterable[EditionKey]) -> dict[EditionKey, tuple[Correction, ...]]:
        """Return the valid corrections of these editions, the earliest first; editions without any are missing."""
        wanted = frozenset(keys)
        names, days = {key.name for key in wanted}, {key.date for key in wanted}
        query = _standing().where(editions.c.name.in_(names), editions.c.date.in_(days))
        found: dict[EditionKey, tuple[Correction, ...]] = {}
        for correction in self._read(query) if wanted else ():
            if correction.edition in wanted:
                found[correction.edition] = (*found.get(correction.edition, ()), correction)
        return found

    def deeds(self, edition_id: EditionId) -> tuple[CorrectionDeed, ...]:
        """Return when the corrections of an edition were published and withdrawn, the earliest first."""
        c = edition_corrections.c
        query = select(edition_corrections).where(c.edition_id == edition_id)
        with self._database.read() as connection:
            found = [deed for row in connection.execute(query) for deed in _deeds(row)]
        return tuple(sorted(found, key=lambda deed: deed.at))

    def untold(self, key: EditionKey) -> tuple[Correction, ...]:
        """Return corrections that no later edition with that name has shown yet, the earliest first.

        They are corrections of earlier editions with that name. A sent edition has shown those in its content.
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


def _deeds(row: Row[Any]) -> Iterator[CorrectionDeed]:
    done = [(row.at, row.author, False)]
    done += [(row.withdrawn_at, row.withdrawn_by, True)] if row.withdrawn_at is not None else []
    for at, author, withdrawn in done:
        yield CorrectionDeed(at=at, author=author, headline=row.headline, right=row.corrected, withdrawn=withdrawn)


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

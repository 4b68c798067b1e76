"""Reads the rows of an edition in the ledger: how many letters are in which state, and when the next ones are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from digest.bookkeeping import ALL_READERS, Change, Counts, Shard, sources
from digest.model.delivery import Delivery, DeliveryState
from digest.model.ids import EditionKey, ReaderId
from digest.storage.engine import Database
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers

S = DeliveryState


class EditionRows:
    """The rows of an edition, or of one shard of it."""

    def __init__(self, database: Database, edition_id: int, shard: Shard = ALL_READERS) -> None:
        self._database = database
        self._edition = edition_id
        self._shard = shard

    def counts(self) -> Counts:
        """Return the number of letters in each state; see Ledger."""
        query = select(deliveries.c.state, func.count()).where(self._here).group_by(deliveries.c.state)
        sums = select(editions.c.sums).where(editions.c.id == self._edition)  # sums of rows that retention deleted
        with self._database.read() as connection:
            pruned: Mapping[str, int] | None = connection.scalar(sums)
            rows = pruned.items() if pruned else ((state, number) for state, number in connection.execute(query))
            found = {S(state): number for state, number in rows}
        return Counts(tuple((state, found[state]) for state in S if state in found))

    def next_attempt(self) -> datetime | None:
        """Return when the first deferred letter is due again; see Ledger."""
        d = deliveries.c
        query = select(func.min(d.next_attempt)).where(self._here, d.state == S.DEFERRED.value)
        with self._database.read() as connection:
            first: datetime | None = connection.scalar(query)
        return first

    def zones(self) -> Sequence[str]:
        """Return the time zones of readers whose letters are queued or deferred; empty for readers without one."""
        waits = deliveries.c.state.in_(sources(Change.EXPIRE))
        query = select(readers.c.zone).join_from(deliveries, readers, readers.c.id == deliveries.c.reader_id)
        with self._database.read() as connection:
            return connection.scalars(query.where(self._here, waits).distinct()).all()

    def mornings(self) -> Sequence[tuple[datetime, int]]:
        """Return how many letters wait for the moment of their reader's time zone, by moment; see ``reader_zones``."""
        d = deliveries.c
        waits = and_(self._here, d.state == S.DEFERRED.value, d.attempts == 0)
        query = select(d.next_attempt, func.count()).where(waits).group_by(d.next_attempt).order_by(d.next_attempt)
        with self._database.read() as connection:
            return [(moment, number) for moment, number in connection.execute(query)]

    def lease_ends(self) -> datetime | None:
        """Return when the last lease on claimed rows ends; None when no row is claimed."""
        d = deliveries.c
        held = d.state.in_((S.CLAIMED.value, S.ATTEMPTING.value))
        query = select(func.max(d.lease_until)).where(self._here, held)
        with self._database.read() as connection:
            last: datetime | None = connection.scalar(query)
        return last

    def rows(self, *states: DeliveryState) -> list[Delivery]:
        """Return every letter of the edition, or those in ``states``, ordered by reader."""
        d, e = deliveries.c, editions.c
        query = (
            select(
                e.name, e.date, e.number, d.reader_id, d.state, d.attempts, d.next_attempt, d.reply, d.relay, d.letter
            )
            .join_from(deliveries, editions)
            .where(d.edition_id == self._edition)
            .order_by(d.reader_id)
        )
        if states:
            query = query.where(d.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return [
            Delivery(
                edition=EditionKey(name=row.name, date=row.date, number=row.number),
                reader_id=ReaderId(row.reader_id),
                state=S(row.state),
                attempts=row.attempts,
                next_attempt=row.next_attempt,
                reply=row.reply,
                relay=row.relay,
                letter=row.letter,
            )
            for row in found
        ]

    @property
    def _here(self) -> ColumnElement[bool]:
        """The condition for this ledger's rows."""
        d = deliveries.c
        edition = d.edition_id == self._edition
        if self._shard == ALL_READERS:
            return edition
        return and_(edition, d.reader_id.between(self._shard.first, self._shard.last))

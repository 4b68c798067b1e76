"""Figures of the last days for monitoring: each query reads an index, or few rows.

No query scans a growing table. Events are counted since an instant, by indexes on time. Letters are counted for one
edition, whose rows are stored together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, func, select

from digest.model.course import Course, Movement
from digest.model.delivery import DeliveryState as S
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import Cause
from digest.storage.engine import Database
from digest.storage.schema.editions import edition_names, editions, letters
from digest.storage.schema.mailing import bounces, deliveries, outbox
from digest.storage.schema.people import readers, suppressions
from digest.storage.schema.press import articles, entries

if TYPE_CHECKING:
    from sqlalchemy import Select


def _course(row: Row[Any]) -> Course:
    return Course(
        id=row.id,
        key=EditionKey(name=row.name, date=row.date, number=row.number),
        state=EditionState(row.state),
        cause=Cause(row.cause),
        reason=row.reason,
        due=row.due,
        expires=row.expires,
        changed_at=row.changed_at,
        began=row.began,
    )


class Figures:
    """Queries for monitoring."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def courses(self, since: datetime, until: datetime) -> tuple[Course, ...]:
        """Return the editions due in [since, until), earliest first."""
        e = editions.c
        query = (
            select(
                e.id,
                e.name,
                e.date,
                e.number,
                e.state,
                e.cause,
                e.reason,
                e.due,
                e.expires,
                e.changed_at,
                func.min(letters.c.frozen_at).label("began"),
            )
            .join_from(editions, letters, letters.c.edition_id == e.id, isouter=True)
            .where(e.due >= since, e.due < until)
            .group_by(e.id)
            .order_by(e.due, e.name, e.number)
        )
        return self._database.rows(query, editions.c.id, _course)

    def known_since(self) -> dict[str, datetime]:
        """Return since when the name of each edition is known; an edition due before that is not missed."""
        first = select(editions.c.name, func.min(editions.c.due)).group_by(editions.c.name)
        with self._database.read() as connection:
            noted = {row.name: row.since for row in connection.execute(select(edition_names))}
            due = {row[0]: row[1] for row in connection.execute(first)}
        return {name: min(filter(None, (noted.get(name), due.get(name)))) for name in noted.keys() | due.keys()}

    def letters(self, edition_id: int) -> dict[str, int]:
        """Return the number of letters of an edition in each state; it reads all rows of that edition."""
        query = select(deliveries.c.state, func.count()).where(deliveries.c.edition_id == edition_id)
        return self._counted(query.group_by(deliveries.c.state))

    def settled_lately(self, now: datetime, seconds: float) -> dict[str, int]:
        """Return the letters settled in the last ``seconds`` for each edition being sent; it reads all its rows."""
        d, e = deliveries.c, editions.c
        lately = and_(
            d.updated_at > now - timedelta(seconds=seconds), d.state.in_([S.ACCEPTED.value, S.REJECTED.value])
        )
        with self._database.read() as connection:
            rows = connection.execute(
                select(e.id, e.name, e.date, e.number).where(e.state == EditionState.SENDING.value)
            ).all()
            return {
                str(EditionKey(name=row.name, date=row.date, number=row.number)): connection.scalar(
                    select(func.count()).where(d.edition_id == row.id, lately)
                )
                or 0
                for row in rows
            }

    def movement(self, since: datetime, until: datetime) -> Movement:
        """Return how many readers joined and left, and how many mails came back, in [since, until)."""

        def within(column: ColumnElement[datetime]) -> ColumnElement[bool]:
            return (column >= since) & (column < until)

        came_back = select(bounces.c.kind, func.count()).where(within(bounces.c.at)).group_by(bounces.c.kind)
        moments = (readers.c.added_at, readers.c.left_at, suppressions.c.since)
        with self._database.read() as connection:
            joined, left, suppressed = (
                connection.scalar(select(func.count()).where(within(moment))) or 0 for moment in moments
            )
            found = {kind: int(number) for kind, number in connection.execute(came_back)}
        return Movement(joined=joined, left=left, suppressed=suppressed, bounces=found)

    def articles(self, since: datetime) -> int:
        """Return the number of articles stored at ``since`` or later."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(articles.c.stored_at >= since)) or 0

    def pending_entries(self) -> int:
        """Return the number of announced pages that are not read yet."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(entries.c.state == "pending")) or 0

    def outbox(self) -> dict[str, int]:
        """Return the number of personal mails in each state; older ones are purged and not counted."""
        return self._counted(select(outbox.c.state, func.count()).group_by(outbox.c.state))

    def _counted(self, query: Select[Any]) -> dict[str, int]:
        with self._database.read() as connection:
            return {state: int(number) for state, number in connection.execute(query)}

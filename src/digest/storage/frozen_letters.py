"""The frozen letter of each edition, and the readers for whom it was frozen.

Freezing starts the sending. A letter changes after that only when nobody can have it, or when a paused edition is
corrected for the readers who do not have it yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal, select, update
from sqlalchemy import insert as plain_insert

from digest.bookkeeping import Shard
from digest.model.delivery import DeliveryState
from digest.model.edition import Edition, EditionState, ToldStory, passages_of
from digest.model.letter import Letter
from digest.model.life import Move
from digest.storage.editions import EditionId, allowed, last_act, locked, store_told
from digest.storage.engine import Database
from digest.storage.in_flight import close_all
from digest.storage.partitions import fill, shards
from digest.storage.reader_zones import LeavesAt, first_attempt, first_state, later_zones, prolong
from digest.storage.readers import subscribed
from digest.storage.schema.editions import earlier_letters, editions, letters
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers
from digest.text.folding import folded

SHARD = 5000
"""Readers of one shard: one job of the cluster sends to them."""
ShareOut = Callable[[Connection, int, Sequence[Shard]], None]
"""Stores the jobs for the shards of an edition, in the transaction of the connection."""
MAY_HAVE_ARRIVED = (DeliveryState.ACCEPTED, DeliveryState.ATTEMPTING, DeliveryState.UNCERTAIN)
"""Letters in these states are with their reader, or may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """A new letter for the remaining readers of a paused edition."""

    edition: Edition
    telling: tuple[ToldStory, ...]
    seen: Mapping[str, Any]
    letter: Letter
    last_act: int
    """Id of the newest act in it; 0 when there is none."""


class FrozenLetters:
    """Freezes letters with their audience, replaces them, and reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def freeze(  # noqa: PLR0913 - all of it is one transaction
        self,
        edition_id: EditionId,
        letter: Letter,
        now: datetime,
        seen: Mapping[str, Any] | None = None,
        *,
        expires: datetime | None = None,
        joined_by: datetime | None = None,
        share_out: ShareOut | None = None,
        leaves_at: LeavesAt | None = None,
    ) -> int | None:
        """Store the letter and freeze the audience, in the transaction that starts sending.

        ``seen`` replaces the stored input of the edition, if given: it then includes the letter's own input.
        ``expires`` replaces the time until which letters may be sent. With ``joined_by``, only readers who subscribed
        by then get the letter. ``share_out`` is called at the end of the transaction, with the edition's id and its
        shards. ``leaves_at`` returns when the letters of a time zone leave; the edition's time is then prolonged by
        the time until the last of them.

        Returns the number of readers in the audience; None when the edition was not ready, or was already frozen.
        """
        here = allowed(edition_id, Move.FREEZE)
        start: dict[str, Any] = {"state": EditionState.SENDING.value, "cause": "", "changed_at": now}
        if expires is not None:
            start["expires"] = expires
        if seen is not None:
            start["seen"] = dict(seen)
        row = {"edition_id": edition_id, "language": letter.language, "letter": letter, "frozen_at": now}
        with self._database.write() as connection:
            if connection.execute(update(editions).where(here).values(start)).rowcount != 1:
                return None
            said = connection.scalar(select(editions.c.edition).where(editions.c.id == edition_id))
            connection.execute(plain_insert(letters), [row | {"words": folded(_told_text(said)) if said else ""}])
            gets = subscribed(letter.edition.name, now, joined_by)
            later = later_zones(connection, gets, leaves_at, now) if leaves_at is not None else {}
            columns = ["edition_id", "reader_id", "state", "attempts", "reply", "updated_at", "next_attempt"]
            chosen = select(
                literal(edition_id),
                readers.c.id,
                first_state(later),
                literal(0),
                literal(""),
                literal(now, deliveries.c.updated_at.type),
                first_attempt(later),
            ).where(gets)
            audience = fill(connection, edition_id, columns, chosen)
            prolong(connection, edition_id, later)
            connection.execute(update(editions).where(editions.c.id == edition_id).values(audience=audience))
            if share_out is not None:
                share_out(connection, edition_id, shards(connection, edition_id, SHARD))
            return audience

    def replace_unsent(self, edition_id: EditionId, letter: Letter, seen: Mapping[str, Any]) -> bool:
        """Replace a frozen letter, if nobody has it or can have it; return whether it was replaced.

        ``seen`` replaces the stored input of the edition.
        """
        may_have = select(deliveries.c.reader_id).where(
            deliveries.c.edition_id == edition_id, deliveries.c.state.in_([s.value for s in MAY_HAVE_ARRIVED])
        )
        with self._database.write() as connection:
            if connection.execute(may_have.limit(1)).first() is not None:
                return False
            values = {"language": letter.language, "letter": letter}
            connection.execute(update(letters).where(letters.c.edition_id == edition_id).values(values))
            connection.execute(update(editions).where(editions.c.id == edition_id).values(seen=dict(seen)))
            return True

    def replace_for_queued(self, edition_id: EditionId, amended: Amended, now: datetime, author: str) -> int | None:
        """Replace the letter of a paused edition for readers whose letter is still queued.

        The old letter is kept with its number, which the ledger refers to. Return the number of the new one; None
        when the edition is not paused, or an act was added since the letter was made.
        """
        with self._database.write() as connection:
            row = locked(connection, edition_id)
            if not row.may(Move.AMEND) or last_act(connection, edition_id) != amended.last_act:
                return None
            before = connection.scalar(select(letters.c.letter).where(letters.c.edition_id == edition_id))
            earlier = {
                "edition_id": edition_id,
                "number": row.letter,
                "edition": row.edition,
                "seen": dict(row.seen),
                "letter": before,
                "replaced_at": now,
                "replaced_by": author,
            }
            connection.execute(plain_insert(earlier_letters), [earlier])
            shown = {"letter": amended.letter, "words": folded(_told_text(amended.edition))}
            connection.execute(update(letters).where(letters.c.edition_id == edition_id).values(shown))
            told_now = {"edition": amended.edition, "seen": dict(amended.seen), "letter": row.letter + 1}
            connection.execute(
                update(editions).where(editions.c.id == edition_id).values(told_now | {"changed_at": now})
            )
            store_told(connection, edition_id, amended.telling)
            close_all(connection, edition_id)
            return row.letter + 1

    def current(self, edition_id: EditionId) -> tuple[Letter, int] | None:
        """Return the letter that is sent now, with its number; None when nothing is frozen."""
        query = select(letters.c.letter, editions.c.letter.label("number"))
        query = query.join(editions, editions.c.id == letters.c.edition_id).where(editions.c.id == edition_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.letter, row.number)

    def earlier(self, edition_id: EditionId) -> dict[int, Letter]:
        """Return the letters that were replaced while the edition was sent: number -> letter."""
        query = select(earlier_letters.c.number, earlier_letters.c.letter)
        with self._database.read() as connection:
            rows = connection.execute(query.where(earlier_letters.c.edition_id == edition_id))
            return {row.number: row.letter for row in rows}

    def get(self, edition_id: EditionId) -> Letter | None:
        """Return the frozen letter; None when sending has not begun."""
        with self._database.read() as connection:
            return connection.scalar(select(letters.c.letter).where(letters.c.edition_id == edition_id))


def _told_text(edition: Edition) -> str:
    """Return the text of an edition for the archive's search, without phrases that every letter has."""
    note = (edition.note.text,) if edition.note else ()
    own = (bullet.text for item in edition.items if item.own for bullet in item.bullets)
    bullets = (*own, *dict.fromkeys(passage.text for _, passage in passages_of(edition)))
    lines = ((item.headline, item.source_name, item.section, *item.publishers) for item in edition.items)
    return "\n".join((*note, *(word for line in lines for word in line), *bullets, *edition.still_covered))

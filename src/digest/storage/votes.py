"""Readers' answers to the questions of a letter: counts without readers, and marks without answers.

A mark is a keyed hash of letter, question and reader. It keeps a reader from being counted twice, and says nothing of
the answer. Marks are deleted when the letter takes no answers any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from digest.model.ids import ReaderId
from digest.model.voice import VoteCounts
from digest.storage.engine import Database
from digest.storage.schema.editions import editions, vote_counts, vote_marks
from digest.storage.schema.mailing import deliveries, outbox
from digest.storage.upsert import insert
from digest.storage.welcomes import WELCOME


class Votes:
    """Reads and writes answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def may_answer(self, edition_id: int, reader_id: ReaderId) -> bool:
        """Return whether a reader is in the audience of an edition, or was greeted with its letter."""
        d, o = deliveries.c, outbox.c
        listed = select(d.reader_id).where(d.edition_id == edition_id, d.reader_id == reader_id)
        greeted = select(o.id).where(
            o.kind == WELCOME,
            o.request["edition_id"].as_integer() == edition_id,
            o.request["reader_id"].as_integer() == reader_id,
        )
        with self._database.read() as connection:
            return any(connection.execute(query.limit(1)).first() is not None for query in (listed, greeted))

    def add(self, edition_id: int, question: str, answer: str, mark: str, former_marks: Collection[str] = ()) -> bool:
        """Count an answer; return False, and count nothing, when the owner of one of the marks was counted before."""
        key = {"edition_id": edition_id, "question": question}
        c, m = vote_counts.c, vote_marks.c
        here = (m.edition_id == edition_id, m.question == question, m.mark.in_(former_marks))
        with self._database.write() as connection:
            if former_marks and connection.execute(select(m.mark).where(*here).limit(1)).first() is not None:
                return False
            marked = insert(connection, vote_marks).values(key | {"mark": mark}).on_conflict_do_nothing()
            if connection.execute(marked.returning(vote_marks.c.mark)).first() is None:
                return False
            first = insert(connection, vote_counts).values(key | {"answer": answer, "number": 1})
            again = first.on_conflict_do_update(
                index_elements=[c.edition_id, c.question, c.answer], set_={"number": c.number + 1}
            )
            connection.execute(again)
        return True

    def counts(self, edition_ids: Collection[int]) -> Mapping[int, VoteCounts]:
        """Return the counts of each of these editions; those without answers are missing."""
        found: dict[int, dict[str, dict[str, int]]] = {}
        with self._database.read() as connection:
            for row in connection.execute(select(vote_counts).where(vote_counts.c.edition_id.in_(edition_ids))):
                found.setdefault(row.edition_id, {}).setdefault(row.question, {})[row.answer] = row.number
        return {edition_id: VoteCounts(by_question=each) for edition_id, each in found.items()}

    def forget_marks(self, due_before: datetime) -> int:
        """Delete the marks of editions that were due before that time; return their number."""
        old = select(editions.c.id).where(editions.c.due < due_before)
        with self._database.write() as connection:
            return connection.execute(delete(vote_marks).where(vote_marks.c.edition_id.in_(old))).rowcount

"""The frequent statements of the ledger, in the SQL of SQLite and of PostgreSQL.

Each takes a whole batch as one JSON value: one statement for a hundred letters, during which SQLite releases Python's
lock. Row by row through ``executemany`` they were the slowest part (measured).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import TextClause, bindparam, text

from digest.bookkeeping import CHANGES, Change, sources
from digest.storage.schema.columns import Instant

_ROWS = {
    "sqlite": """(SELECT json_extract(value, '$[0]') AS reader_id, json_extract(value, '$[1]') AS state,
        json_extract(value, '$[2]') AS attempts, json_extract(value, '$[3]') AS reply,
        json_extract(value, '$[4]') AS next_attempt, json_extract(value, '$[5]') AS relay{more}
        FROM json_each(:rows))""",
    "postgresql": """(SELECT (value->>0)::int AS reader_id, value->>1 AS state, (value->>2)::int AS attempts,
        value->>3 AS reply, (value->>4)::timestamptz AS next_attempt, value->>5 AS relay{more}
        FROM jsonb_array_elements(CAST(:rows AS jsonb)))""",
}
_OURS = """, CAST(:worker AS text) AS worker, CAST(:host AS text) AS journal_host,
        CAST(:file AS text) AS journal_file"""
_OF_HOLDERS = {
    "sqlite": """, json_extract(value, '$[6]') AS was, json_extract(value, '$[7]') AS worker,
        json_extract(value, '$[8]') AS journal_host, json_extract(value, '$[9]') AS journal_file""",
    "postgresql": """, value->>6 AS was, value->>7 AS worker, value->>8 AS journal_host,
        value->>9 AS journal_file""",
}
_IDS = {
    "sqlite": "(SELECT value AS reader_id FROM json_each(:ids))",
    "postgresql": "(SELECT value::int AS reader_id FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))",
}
# Rows are found before the joins, so that the search begins at the cursor and ends at the limit.
_LOCK = {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}

_NAME = "(SELECT e.name FROM editions e WHERE e.id = :edition)"
_PEOPLE = {
    "sqlite": f"""JOIN readers r ON r.id = d.reader_id
        LEFT JOIN subscriptions s ON s.reader_id = d.reader_id AND s.edition = {_NAME}
        LEFT JOIN suppressions x ON x.identity = r.identity""",
    # LATERAL looks up each row by its key. Otherwise the planner would read all readers into a hash table for each
    # claim.
    "postgresql": f"""CROSS JOIN LATERAL (SELECT address, name, identity, state FROM readers
            WHERE id = d.reader_id LIMIT 1) r
        LEFT JOIN LATERAL (SELECT reader_id, paused_until FROM subscriptions
            WHERE reader_id = d.reader_id AND edition = {_NAME} LIMIT 1) s ON true
        LEFT JOIN LATERAL (SELECT why FROM suppressions WHERE identity = r.identity LIMIT 1) x ON true""",  # noqa: S608 - a constant
}


def _in(states: Iterable[str]) -> str:
    """Return a list of states in SQL; they are constants of the program."""
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


def _changes(*changes: Change) -> str:
    """Return the pairs of states of ``changes`` in SQL, as in ``claimed>queued``."""
    return _in(
        f"{state.value}>{end.value}" for each in changes for state, ends in CHANGES[each].items() for end in ends
    )


_RECORDED = _changes(Change.RECORD)
_SETTLED = _changes(Change.RECORD, Change.FIND)
_PROVED = _changes(Change.PROVE)


class Statements:
    """The frequent statements in one SQL dialect.

    ``first`` and ``last`` are the least and the greatest reader of a batch: PostgreSQL would otherwise read a whole
    edition of some thousand readers for each batch. SQLite looks up each reader.
    """

    def __init__(self, dialect: str, table: str = "deliveries") -> None:
        """Write the statements for ``table``: with PostgreSQL, the edition's own partition costs the least to plan."""
        found, taken, ended = _Search(dialect, table), _Holding(dialect, table), _Outcomes(dialect, table)
        self.due, self.departed, self.waiting = found.due(), found.departed(), found.waiting()
        self.claim, self.attempt, self.renew = taken.claim(), taken.attempt(), taken.renew()
        self.record, self.settle, self.prove = ended.record(), ended.settle(), ended.prove()
        self.leave_out = ended.leave_out()


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the statements, for a table in a dialect."""

    dialect: str
    table: str

    @property
    def ids(self) -> str:
        """The readers of a batch."""
        return _IDS[self.dialect]

    @property
    def within(self) -> str:
        """The condition for readers between the least and the greatest of a batch."""
        return "" if self.dialect == "sqlite" else f"AND {self.table}.reader_id BETWEEN :first AND :last"


class _Search(_Part):
    """Statements that find letters."""

    def due(self) -> TextClause:
        """Return the statement for letters that may be claimed now, with their readers."""
        return _timed(
            f"""WITH due AS MATERIALIZED (SELECT reader_id, attempts FROM {self.table}
                WHERE edition_id = :edition AND reader_id > :after AND reader_id <= :last
                    AND (state = 'queued' OR state = 'deferred' AND next_attempt <= :now)
                ORDER BY reader_id LIMIT :most {_LOCK[self.dialect]})
            SELECT d.reader_id, r.address, r.name, d.attempts, CASE
                WHEN x.why IS NOT NULL THEN 'suppressed: ' || x.why
                WHEN r.state <> 'active' OR s.reader_id IS NULL THEN 'left before it was sent'
                WHEN s.paused_until > :now THEN 'paused before it was sent' END AS objection
            FROM due d {_PEOPLE[self.dialect]}
            ORDER BY d.reader_id""",  # noqa: S608
            "now",
        )

    def departed(self) -> TextClause:
        """Return the statement for readers of a batch who must no longer get the letter."""
        return _timed(
            f"""SELECT d.reader_id FROM {self.ids} AS d {_PEOPLE[self.dialect]}
            WHERE r.state <> 'active' OR s.reader_id IS NULL OR x.why IS NOT NULL OR s.paused_until > :now""",  # noqa: S608
            "now",
        )

    def waiting(self) -> TextClause:
        """Return the statement for the number of letters of a batch that wait."""
        return text(
            f"""SELECT count(*) FROM {self.table} WHERE edition_id = :edition {self.within} AND reader_id IN {self.ids}
                AND state IN {_in(sources(Change.PROVE))}"""  # noqa: S608
        )


class _Holding(_Part):
    """Statements by which a run holds letters."""

    def claim(self) -> TextClause:
        """Return the statement that claims a batch."""
        return _timed(
            f"""UPDATE {self.table} SET state = :taken, worker = :worker, lease_until = :lease, updated_at = :now,
                journal_host = :host, journal_file = :file,
                letter = (SELECT e.letter FROM editions e WHERE e.id = :edition)
            WHERE edition_id = :edition {self.within} AND reader_id IN {self.ids}
                AND state IN {_in(sources(Change.CLAIM))}""",  # noqa: S608
            "now",
            "lease",
        )

    def attempt(self) -> TextClause:
        """Return the statement that notes attempts at a batch."""
        return _timed(
            f"""UPDATE {self.table} SET state = 'attempting', journal_host = :host, journal_file = :file,
                lease_until = :lease, updated_at = :now
            WHERE edition_id = :edition AND worker = :worker AND state IN {_in(sources(Change.ATTEMPT))}
                {self.within} AND reader_id IN {self.ids}
            RETURNING reader_id""",  # noqa: S608
            "now",
            "lease",
        )

    def renew(self) -> TextClause:
        """Return the statement that extends the lease of all letters of a run."""
        return _timed(
            f"""UPDATE {self.table} SET lease_until = :lease
            WHERE edition_id = :edition AND reader_id BETWEEN :first AND :last AND worker = :worker
                AND state IN ('claimed', 'attempting')
            RETURNING reader_id""",  # noqa: S608
            "lease",
        )


class _Outcomes(_Part):
    """Statements that write what became of letters."""

    def record(self) -> TextClause:
        """Return the statement for the outcomes of a run's own letters."""
        return _timed(f"{self._change(_OURS)} {_RECORDED}", "now")

    def settle(self) -> TextClause:
        """Return the statement for findings about letters of other runs, if they have not changed since."""
        change = self._change(_OF_HOLDERS[self.dialect])
        return _timed(
            f"{change} {_SETTLED} AND {self.table}.state = new.was RETURNING {self.table}.reader_id",
            "now",
        )

    def _change(self, more: str) -> str:
        """Return the beginning of both. ``more`` gives each new row the worker that holds the letter, and its journal.

        MATERIALIZED lets SQLite look up the old row of each new one; otherwise it would scan the edition for each.
        The worker is a column of the new rows: PostgreSQL's statistics know no worker in a new edition. A condition
        with its name would promise one row, and the join compared each row with each (measured: 30 us a letter in
        batches of 60, 80 us in batches of 250; so it is 15 us and less).
        """
        return f"""WITH new AS MATERIALIZED {_ROWS[self.dialect].format(more=more)}
            UPDATE {self.table} SET state = new.state, attempts = new.attempts, reply = new.reply,
                next_attempt = new.next_attempt, relay = new.relay, updated_at = :now,
                {self._kept("worker")}, {self._kept("lease_until")},
                {self._named("journal_host")}, {self._named("journal_file")}
            FROM new
            WHERE {self.table}.edition_id = :edition AND {self.table}.reader_id = new.reader_id {self.within}
                AND {self.table}.worker = new.worker AND {self.table}.state || '>' || new.state IN"""  # noqa: S608

    def _kept(self, column: str) -> str:
        """Return the change of a column that only uncertain letters keep."""
        return f"{column} = CASE new.state WHEN 'uncertain' THEN {self.table}.{column} END"

    def _named(self, column: str) -> str:
        """Return the change that names the journal of an uncertain letter, where only the run's list named it."""
        own = f"{self.table}.{column}"
        return f"{column} = CASE new.state WHEN 'uncertain' THEN COALESCE({own}, new.{column}) ELSE {own} END"

    def prove(self) -> TextClause:
        """Return the statement for letters that wait, and left by a journal."""
        return _timed(
            f"""WITH new AS MATERIALIZED {_ROWS[self.dialect].format(more="")}
            UPDATE {self.table} SET state = new.state, attempts = {self.table}.attempts + 1, reply = new.reply,
                relay = new.relay, next_attempt = NULL, updated_at = :now, journal_host = '', journal_file = :file,
                worker = CASE new.state WHEN 'uncertain' THEN CAST(:worker AS text) END,
                lease_until = CASE new.state WHEN 'uncertain' THEN :now END
            FROM new
            WHERE {self.table}.edition_id = :edition AND {self.table}.reader_id = new.reader_id {self.within}
                AND {self.table}.state || '>' || new.state IN {_PROVED}
                AND (new.state = 'accepted' OR {self.table}.attempts <= new.attempts)
            RETURNING {self.table}.reader_id""",  # noqa: S608
            "now",
        )

    def leave_out(self) -> TextClause:
        """Return the statement for letters that are not sent, since their reader left, paused or is suppressed."""
        return _timed(
            f"""UPDATE {self.table} SET state = new.state, reply = new.reply, updated_at = :now
            FROM {_ROWS[self.dialect].format(more="")} AS new
            WHERE {self.table}.edition_id = :edition AND {self.table}.reader_id = new.reader_id
                AND {self.table}.state IN {_in(sources(Change.LEAVE_OUT))}""",  # noqa: S608
            "now",
        )


def _timed(words: str, *instants: str) -> TextClause:
    return text(words).bindparams(*(bindparam(name, type_=Instant()) for name in instants))

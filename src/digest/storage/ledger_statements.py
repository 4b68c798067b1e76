"""The frequent statements of the ledger, in the SQL of SQLite and of PostgreSQL.

Each takes a whole batch as one JSON value: one statement for a hundred letters, during which SQLite releases Python's
lock. Row by row through ``executemany`` they were the slowest part (measured).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import TextClause, bindparam, text

from digest.bookkeeping import CHANGES, Change, sources
from digest.storage.partitions import IS_HELD
from digest.storage.schema.columns import Instant

_ROWS = {
    "sqlite": """(SELECT json_extract(value, '$[0]') AS reader_id, json_extract(value, '$[1]') AS state,
        json_extract(value, '$[2]') AS attempts, json_extract(value, '$[3]') AS reply,
        json_extract(value, '$[4]') AS next_attempt, json_extract(value, '$[5]') AS relay,
        json_extract(value, '$[6]') AS was, {worker} AS worker FROM json_each(:rows))""",
    "postgresql": """(SELECT (value->>0)::int AS reader_id, value->>1 AS state, (value->>2)::int AS attempts,
        value->>3 AS reply, (value->>4)::timestamptz AS next_attempt, value->>5 AS relay,
        value->>6 AS was, {worker} AS worker FROM jsonb_array_elements(CAST(:rows AS jsonb)))""",
}
_WORKER_OF_ROW = {"sqlite": "json_extract(value, '$[7]')", "postgresql": "value->>7"}
_IDS = {
    "sqlite": "(SELECT value AS reader_id FROM json_each(:ids))",
    "postgresql": "(SELECT value::int AS reader_id FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))",
}
# Rows are found before the joins, so that the search begins at the cursor and ends at the limit.
_LOCK = {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}

_PEOPLE = {
    "sqlite": """JOIN readers r ON r.id = d.reader_id
        LEFT JOIN subscriptions s ON s.reader_id = d.reader_id AND s.edition = :name
        LEFT JOIN suppressions x ON x.identity = r.identity""",
    # LATERAL looks up each row by its key. Otherwise the planner would read all readers into a hash table for each
    # claim.
    "postgresql": """CROSS JOIN LATERAL (SELECT address, name, identity, state FROM readers
            WHERE id = d.reader_id LIMIT 1) r
        LEFT JOIN LATERAL (SELECT reader_id, paused_until FROM subscriptions
            WHERE reader_id = d.reader_id AND edition = :name LIMIT 1) s ON true
        LEFT JOIN LATERAL (SELECT why FROM suppressions WHERE identity = r.identity LIMIT 1) x ON true""",
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
        ids, rows = _IDS[dialect], _ROWS[dialect].format(worker=_WORKER_OF_ROW[dialect])
        within = "" if dialect == "sqlite" else f"AND {table}.reader_id BETWEEN :first AND :last"
        # MATERIALIZED lets SQLite look up the old row of each new one; otherwise it would scan the edition for each.
        # The worker is a column of the new rows: PostgreSQL's statistics know no worker in a new edition. A condition
        # with its name would promise one row, and the join compared each row with each (measured: 30 us a letter
        # in batches of 60, 80 us in batches of 250; so it is 15 us and less).
        change = f"""
            UPDATE {table} SET state = new.state, attempts = new.attempts, reply = new.reply,
                next_attempt = new.next_attempt, relay = new.relay, updated_at = :now,
                worker = CASE new.state WHEN 'uncertain' THEN {table}.worker END,
                lease_until = CASE new.state WHEN 'uncertain' THEN {table}.lease_until END
            FROM new
            WHERE {table}.edition_id = :edition AND {table}.reader_id = new.reader_id
                {within} AND {table}.worker = new.worker AND {table}.state || '>' || new.state IN """  # noqa: S608
        ours = _ROWS[dialect].format(worker="CAST(:worker AS text)")
        self.record = _timed(f"WITH new AS MATERIALIZED {ours} {change} {_RECORDED}", "now")
        self.settle = _timed(
            f"""WITH new AS MATERIALIZED {rows} {change} {_SETTLED} AND {table}.state = new.was
                RETURNING {table}.reader_id""",
            "now",
        )
        self.waiting = text(
            f"""SELECT count(*) FROM {table} WHERE edition_id = :edition {within} AND reader_id IN {ids}
                AND state IN {_in(sources(Change.PROVE))}"""  # noqa: S608
        )
        self.prove = _timed(
            f"""WITH new AS MATERIALIZED {rows}
            UPDATE {table} SET state = new.state, attempts = {table}.attempts + 1, reply = new.reply, relay = new.relay,
                next_attempt = NULL, updated_at = :now, journal_host = '', journal_file = :file,
                worker = CASE new.state WHEN 'uncertain' THEN CAST(:worker AS text) END,
                lease_until = CASE new.state WHEN 'uncertain' THEN :now END
            FROM new
            WHERE {table}.edition_id = :edition AND {table}.reader_id = new.reader_id {within}
                AND {table}.state || '>' || new.state IN {_PROVED}
                AND (new.state = 'accepted' OR {table}.attempts <= new.attempts)
            RETURNING {table}.reader_id""",  # noqa: S608
            "now",
        )
        self.suppress = _timed(
            f"""INSERT INTO suppressions (identity, why, since)
            SELECT identity, 'rejected', :now FROM readers WHERE id IN {ids} ON CONFLICT DO NOTHING
            RETURNING identity""",  # noqa: S608
            "now",
        )
        self.suppress_repeated = _timed(
            f"""INSERT INTO suppressions (identity, why, since)
            SELECT r.identity, 'rejected', :now FROM readers r WHERE r.id IN {ids} AND :most <= (
                SELECT count(DISTINCT e.date) FROM editions e JOIN deliveries d ON d.edition_id = e.id
                WHERE d.reader_id = r.id AND d.state IN ('rejected', 'expired') AND d.reply LIKE '%RCPT: %'
                    AND e.due > :since AND e.due > COALESCE((
                        SELECT max(a.due) FROM editions a JOIN deliveries t ON t.edition_id = a.id
                        WHERE t.reader_id = r.id AND t.state = 'accepted' AND a.due > :since), :since))
            ON CONFLICT DO NOTHING RETURNING identity""",  # noqa: S608
            "now",
            "since",
        )
        self.attempt = _timed(
            f"""UPDATE {table} SET state = 'attempting', journal_host = :host, journal_file = :file,
                lease_until = :lease, updated_at = :now
            WHERE edition_id = :edition AND worker = :worker AND state IN {_in(sources(Change.ATTEMPT))}
                {within} AND reader_id IN {ids}
            RETURNING reader_id""",  # noqa: S608
            "now",
            "lease",
        )
        self.due = _timed(
            f"""WITH due AS MATERIALIZED (SELECT reader_id, attempts FROM {table}
                WHERE edition_id = :edition AND reader_id > :after AND reader_id <= :last
                    AND (state = 'queued' OR state = 'deferred' AND next_attempt <= :now)
                ORDER BY reader_id LIMIT :most {_LOCK[dialect]})
            SELECT d.reader_id, r.address, r.name, d.attempts, CASE
                WHEN x.why IS NOT NULL THEN 'suppressed: ' || x.why
                WHEN r.state <> 'active' OR s.reader_id IS NULL THEN 'left before it was sent'
                WHEN s.paused_until > :now THEN 'paused before it was sent' END AS objection
            FROM due d {_PEOPLE[dialect]}
            ORDER BY d.reader_id""",  # noqa: S608
            "now",
        )
        self.departed = _timed(
            f"""SELECT d.reader_id FROM {ids} AS d {_PEOPLE[dialect]}
            WHERE r.state <> 'active' OR s.reader_id IS NULL OR x.why IS NOT NULL OR s.paused_until > :now""",  # noqa: S608
            "now",
        )
        self.claim = _timed(
            f"""UPDATE {table} SET state = :taken, worker = :worker, lease_until = :lease, updated_at = :now,
                journal_host = :host, journal_file = :file,
                letter = (SELECT e.letter FROM editions e WHERE e.id = :edition)
            WHERE edition_id = :edition {within} AND reader_id IN {ids}
                AND state IN {_in(sources(Change.CLAIM))}""",  # noqa: S608
            "now",
            "lease",
        )
        self.leave_out = _timed(
            f"""UPDATE {table} SET state = new.state, reply = new.reply, updated_at = :now
            FROM {rows} AS new
            WHERE {table}.edition_id = :edition AND {table}.reader_id = new.reader_id
                AND {table}.state IN {_in(sources(Change.LEAVE_OUT))}""",  # noqa: S608
            "now",
        )
        self.renew = _timed(
            f"""UPDATE {table} SET lease_until = :lease
            WHERE edition_id = :edition AND reader_id BETWEEN :first AND :last AND worker = :worker
                AND state IN ('claimed', 'attempting') AND {IS_HELD}
            RETURNING reader_id""",  # noqa: S608
            "lease",
        )


def _timed(words: str, *instants: str) -> TextClause:
    return text(words).bindparams(*(bindparam(name, type_=Instant()) for name in instants))

"""Add many readers at once: look up a batch, decide on each reader, then write.

Each table takes a batch in one statement, as one JSON value: row by row took ten times as long (measured).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import Connection, TextClause, bindparam, select, text

from digest.storage.day_counts import JOINED, LEFT, count
from digest.storage.schema.columns import Instant
from digest.storage.schema.people import readers


class Added(Enum):
    """The result of adding a reader."""

    NEW = "added"
    CHANGED = "already known, subscriptions added"
    KNOWN = "already subscribed"
    REPEATED = "named twice"
    LEFT = "left earlier: not subscribed"
    SUPPRESSED = "suppressed: not subscribed"
    KEPT_AWAY = "left or bounced there: not subscribed"
    TAKEN_OFF = "subscribed till now: taken off, since they left or bounced there"
    STAYS = "left there before they signed up here: stay subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """A reader to be added; ``consent`` says how we know that they agreed."""

    address: str
    identity: str
    name: str = ""
    language: str = ""
    zone: str = ""
    editions: tuple[str, ...]
    consent: Mapping[str, str]
    shadows: tuple[str, ...] = ()
    """Hashes that replace the identity if the reader was erased."""
    left: bool = False
    """They left elsewhere: they are stored as left and get nothing."""
    left_at: datetime | None = None
    suppressed: str = ""
    """Why nothing may be sent there (``bounced``, ``complained``); empty when it may."""


@dataclass(slots=True)
class _Known:
    """What is known of an identity while a batch is added."""

    id: int
    state: str
    added_at: datetime
    """When they joined; looked up only for an entry with ``left_at``, else the present time."""
    operators_word: bool
    editions: set[str]
    fresh: bool = False
    """Added by this batch or by an earlier batch of the same import."""


class Batch:
    """Readers that are added together: looked up, decided on in order, and written."""

    def __init__(self, connection: Connection, say: Statements, now: datetime) -> None:
        self._connection, self._say, self._now = connection, say, now
        self._known: dict[str, _Known] = {}
        self._away: set[str] = set()
        self._new: dict[str, tuple[NewReader, str]] = {}
        self._wishes: dict[tuple[str, str], None] = {}
        self._suppress: dict[str, tuple[str, datetime]] = {}
        self._off: list[tuple[str, datetime]] = []

    def add(self, wanted: Sequence[NewReader]) -> tuple[Added, ...]:
        """Store readers; return the result for each, in order."""
        self.look_up(wanted)
        outcomes = tuple(self.judge(new) for new in wanted)
        self._write()
        return outcomes

    def look_up(self, wanted: Sequence[NewReader]) -> None:
        """Load what is known of these identities. Call this before ``judge``."""
        identities = [new.identity for new in wanted]
        dated = {new.identity for new in wanted if new.left_at is not None}
        for row in self._connection.execute(self._say.known, {"names": json.dumps(identities), "now": self._now}):
            self._known[row.identity] = _Known(
                id=row.id,
                state=row.state,
                added_at=self._added_at(row.id) if row.identity in dated else self._now,
                operators_word=bool(row.operators_word),
                editions=set(),
                fresh=bool(row.fresh),
            )
        by_id = {known.id: known for known in self._known.values()}
        for reader_id, edition in self._connection.execute(self._say.editions, {"ids": json.dumps(list(by_id))}):
            by_id[reader_id].editions.add(edition)
        names = [*identities, *(shadow for new in wanted for shadow in new.shadows)]
        self._away.update(self._connection.execute(self._say.away, {"names": json.dumps(names)}).scalars())

    def judge(self, new: NewReader) -> Added:
        """Return the result for a reader, and remember what to write."""
        known = self._known.get(new.identity)
        if new.left or new.suppressed:
            return self._keep_away(new, known)
        if known is not None and known.state != "active":
            return Added.REPEATED if known.fresh else Added.LEFT
        if new.identity in self._away or (new.shadows and not self._away.isdisjoint(new.shadows)):
            return Added.SUPPRESSED
        wishes = new.editions if known is None else [name for name in new.editions if name not in known.editions]
        for edition in wishes:
            self._wishes[new.identity, edition] = None
        if known is None:
            self._bring(new, "active")
            return Added.NEW
        known.editions.update(wishes)
        if wishes:
            return Added.CHANGED
        return Added.REPEATED if known.fresh else Added.KNOWN

    def _added_at(self, reader_id: int) -> datetime:
        at: datetime = self._connection.execute(
            select(readers.c.added_at).where(readers.c.id == reader_id)
        ).scalar_one()
        return at

    def _keep_away(self, new: NewReader, known: _Known | None) -> Added:
        if new.suppressed and new.identity not in self._away:
            self._suppress[new.identity] = (new.suppressed, new.left_at or self._now)
            self._away.add(new.identity)
            if known is not None and known.state == "active":
                return Added.TAKEN_OFF
        if known is None:
            if not self._away.isdisjoint(new.shadows):
                return Added.SUPPRESSED
            self._bring(new, "left")
            return Added.KEPT_AWAY
        if known.state != "active" or new.suppressed:
            return Added.REPEATED if known.fresh else Added.LEFT
        if not (known.operators_word if new.left_at is None else new.left_at > known.added_at or known.fresh):
            return Added.STAYS
        self._off.append((new.identity, new.left_at or self._now))
        for edition in known.editions:
            self._wishes.pop((new.identity, edition), None)
        known.state = "left"
        return Added.TAKEN_OFF

    def _bring(self, new: NewReader, state: str) -> None:
        self._new[new.identity] = (new, state)
        wanted = set(new.editions) if state == "active" else set[str]()
        self._known[new.identity] = _Known(
            id=0, state=state, added_at=self._now, operators_word=True, editions=wanted, fresh=True
        )

    def _write(self) -> None:
        run, now = self._connection.execute, self._now
        if self._new:
            rows = [self._row(new, state) for new, state in self._new.values()]
            run(self._say.bring, {"rows": json.dumps(rows), "now": now})
        if self._wishes:
            run(self._say.subscribe, {"rows": json.dumps(list(self._wishes)), "now": now})
            count(self._connection, JOINED, "operator", (edition for _, edition in self._wishes), now)
        if self._suppress:
            rows = [[identity, why, self._say.written(since)] for identity, (why, since) in self._suppress.items()]
            run(self._say.suppress, {"rows": json.dumps(rows)})
        if self._off:
            rows = [[identity, self._say.written(at)] for identity, at in self._off]
            run(self._say.take_off, {"rows": json.dumps(rows)})
            off = run(self._say.forget, {"rows": json.dumps(rows)}).scalars()
            count(self._connection, LEFT, "import", off, now)

    def _row(self, new: NewReader, state: str) -> list[object]:
        left = self._say.written(new.left_at or self._now) if state == "left" else None
        return [new.address, new.identity, new.name, new.language, state, dict(new.consent), left, new.zone]


class Statements:
    """The SQL statements of a batch in one dialect; ``rows``, ``names`` and ``ids`` are JSON arrays."""

    def __init__(self, dialect: str) -> None:
        self._sqlite = dialect == "sqlite"
        rows = "json_each(:rows)" if self._sqlite else "jsonb_array_elements(CAST(:rows AS jsonb)) AS t(value)"
        names = "(SELECT value FROM json_each(:names))"
        ids = "(SELECT value FROM json_each(:ids))"
        if not self._sqlite:
            names = "(SELECT jsonb_array_elements_text(CAST(:names AS jsonb)))"
            ids = "(SELECT jsonb_array_elements_text(CAST(:ids AS jsonb))::int)"
        cell, instant = self._cell, "" if self._sqlite else "::timestamptz"
        consent = cell(5) if self._sqlite else "(value->5)::json"
        by = "json_extract(consent, '$.by')" if self._sqlite else "consent->>'by'"
        self.known = _timed(
            f"""SELECT id, identity, state, added_at = :now AS fresh, {by} = 'operator' AS operators_word
            FROM readers WHERE identity IN {names}"""  # noqa: S608 - constants
        )
        self.editions = text(f"SELECT reader_id, edition FROM subscriptions WHERE reader_id IN {ids}")  # noqa: S608 - constants
        self.away = text(f"SELECT identity FROM suppressions WHERE identity IN {names}")  # noqa: S608 - constants
        self.bring = _timed(
            f"""INSERT INTO readers (address, identity, name, language, state, consent, added_at, left_at, zone)
            SELECT {cell(0)}, {cell(1)}, {cell(2)}, {cell(3)}, {cell(4)}, {consent}, :now, {cell(6)}{instant},
                {cell(7)}
            FROM {rows} WHERE true ON CONFLICT DO NOTHING"""  # noqa: S608 - constants
        )
        self.subscribe = _timed(
            f"""INSERT INTO subscriptions (reader_id, edition, since)
            SELECT r.id, {cell(1)}, :now FROM {rows} JOIN readers r ON r.identity = {cell(0)}
            WHERE r.state = 'active' ON CONFLICT DO NOTHING"""  # noqa: S608 - constants
        )
        self.suppress = text(
            f"""INSERT INTO suppressions (identity, why, since)
            SELECT {cell(0)}, {cell(1)}, {cell(2)}{instant} FROM {rows} WHERE true ON CONFLICT DO NOTHING"""  # noqa: S608 - constants
        )
        self.take_off = text(
            f"""UPDATE readers SET state = 'left', left_at = {cell(1)}{instant}
            FROM {rows} WHERE readers.identity = {cell(0)} AND readers.state = 'active'"""  # noqa: S608 - constants
        )
        self.forget = text(
            f"""DELETE FROM subscriptions WHERE reader_id IN
            (SELECT r.id FROM {rows} JOIN readers r ON r.identity = {cell(0)}) RETURNING edition"""  # noqa: S608 - constants
        )

    def written(self, at: datetime) -> str:
        """Return an instant as text in the format of its column: with SQLite in UTC without a zone (see Instant)."""
        at = at.astimezone(UTC)
        return f"{at:%Y-%m-%d %H:%M:%S.%f}" if self._sqlite else at.isoformat()

    def _cell(self, index: int) -> str:
        return f"json_extract(value, '$[{index}]')" if self._sqlite else f"(value->>{index})"


def _timed(words: str) -> TextClause:
    return text(words).bindparams(bindparam("now", type_=Instant()))

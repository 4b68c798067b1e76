"""Readers who left between a backup and its restoration: they must not get letters again.

The database to be replaced is read before. Its changes to readers that both databases have are then applied to the
restored one. Two readers are the same when their number and time of joining are: readers of another installation do
not match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from digest.errors import StorageError
from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.schema.people import readers, subscriptions, suppressions
from digest.storage.selfservice import forget
from digest.storage.upsert import insert

BATCH = 500
_R, _S, _X = readers.c, subscriptions.c, suppressions.c


@dataclass(frozen=True, slots=True)
class Gone:
    """A reader who left or was erased; for an erased one, ``identity`` is their shadow."""

    id: int
    added_at: datetime
    identity: str
    state: str
    left_at: datetime | None
    left_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """The state of the readers in a database that is to be replaced."""

    gone: tuple[Gone, ...]
    active: frozenset[tuple[int, datetime]]
    """(number, time of joining) of the active readers."""
    subscribed: Mapping[str, frozenset[int]]
    """Edition -> numbers of its readers."""
    suppressed: tuple[tuple[str, str, datetime], ...]
    """(identity, why, since)."""


def standings(database: Database) -> Standings | None:
    """Return the state of a database's readers; None when it has no tables, or others than ours."""
    try:
        if database.revision is None:
            return None
        with database.read() as connection:
            return _read(connection)
    except StorageError:
        return None


def _read(connection: Connection) -> Standings:
    columns = (_R.id, _R.added_at, _R.identity, _R.state, _R.left_at, _R.left_why)
    away = connection.execute(select(*columns).where(_R.state != "active"))
    here = connection.execute(select(_R.id, _R.added_at).where(_R.state == "active"))
    chosen: dict[str, set[int]] = {}
    for reader_id, edition in connection.execute(select(_S.reader_id, _S.edition)):
        chosen.setdefault(edition, set()).add(reader_id)
    stopped = connection.execute(select(_X.identity, _X.why, _X.since))
    return Standings(
        gone=tuple(Gone(*row) for row in away),
        active=frozenset((row.id, row.added_at) for row in here),
        subscribed={edition: frozenset(ids) for edition, ids in chosen.items()},
        suppressed=tuple((row.identity, row.why, row.since) for row in stopped),
    )


def keep_away(database: Database, known: Standings, now: datetime) -> int:
    """Apply departures, ended subscriptions and suppressions; return for how many readers this is a change."""
    with database.write() as connection:
        changed = sum(_leaves(connection, gone, now) for gone in known.gone)
        changed += _end_subscriptions(connection, known)
        rows = [{"identity": identity, "why": why, "since": since} for identity, why, since in known.suppressed]
        for at in range(0, len(rows), BATCH):
            made = insert(connection, suppressions).on_conflict_do_nothing().returning(_X.identity)
            new = connection.scalars(made, rows[at : at + BATCH]).all()
            theirs = and_(_R.state == "active", _R.identity.in_(new))
            changed += len(connection.execute(select(_R.id).where(theirs)).all())
    return changed


def _leaves(connection: Connection, gone: Gone, now: datetime) -> bool:
    same = and_(_R.id == gone.id, _R.added_at == gone.added_at, _R.state == "active")
    identity = connection.scalar(select(_R.identity).where(same))
    if identity is None:
        return False
    if gone.state == "erased":
        forget(connection, ReaderId(gone.id), identity, gone.identity, now)
        return True
    connection.execute(delete(subscriptions).where(_S.reader_id == gone.id))
    left = {"state": gone.state, "left_at": gone.left_at, "left_why": gone.left_why}
    connection.execute(update(readers).where(_R.id == gone.id).values(left))
    return True


def _end_subscriptions(connection: Connection, known: Standings) -> int:
    query = select(_S.reader_id, _S.edition, _R.added_at).join_from(subscriptions, readers)
    nobody = frozenset[int]()
    ended = [
        (reader_id, edition)
        for reader_id, edition, added_at in connection.execute(query)
        if (reader_id, added_at) in known.active and reader_id not in known.subscribed.get(edition, nobody)
    ]
    for reader_id, edition in ended:
        connection.execute(delete(subscriptions).where(_S.reader_id == reader_id, _S.edition == edition))
    return len(ended)

"""In-flight lists: which letters of a run may have left, in one short row for each run.

A run that may be lost with its journal notes attempts in small groups, so that few letters are uncertain then. Such a
step costs PostgreSQL one statement on one row, whatever the size of the ledger (measured: 270 us a letter when each
letter's own row was marked, in groups of ten). The claim marks many rows as ``attempting`` at once, and the list says
what that means::

    the reader is in       meaning                       when the run is lost without its journal
    ``results``            its relay answered            as the result says
    ``readers``            it may have left              uncertain
    neither                it was not handed over        queued

The list names the run's journal, too; the rows of its letters name it only once they are uncertain.

The list is also the fence of its run. A run that takes over its letters closes the list, if it has not changed since it
was read; then its owner can note nothing more, and so sends nothing more. So does an editor who replaces the letter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from digest.bookkeeping import Outcome
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.schema.mailing import in_flight
from digest.storage.upsert import insert

_NOTE = text("""UPDATE in_flight SET number = number + 1, readers = :readers, results = :results
    WHERE worker = :worker AND number = :number AND NOT closed""")


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored list."""

    number: int
    """Its version."""
    readers: frozenset[ReaderId]
    results: Mapping[ReaderId, Outcome]
    journal_host: str = ""
    journal_file: str = ""


@dataclass(slots=True)
class InFlight:
    """The list of one run, as its owner knows it."""

    worker: str
    edition_id: int
    journal_host: str = ""
    journal_file: str = ""
    begun: bool = False
    number: int = 0
    claimed: set[ReaderId] = field(default_factory=set)
    """The readers whose rows the run claimed and has not written since."""
    readers: set[ReaderId] = field(default_factory=set)
    results: dict[ReaderId, Outcome] = field(default_factory=dict)

    def begin(self, connection: Connection) -> None:
        """Store the empty list; no letter is claimed before."""
        row: dict[str, object] = {"worker": self.worker, "edition_id": self.edition_id, "number": 0, "closed": False}
        row |= {"journal_host": self.journal_host, "journal_file": self.journal_file}
        connection.execute(insert(connection, in_flight).values(row | {"readers": "[]", "results": "[]"}))
        self.begun = True

    def change(self, attempt: Collection[ReaderId], interim: Collection[Outcome], written: Iterable[Outcome]) -> bool:
        """Note results, remove what the rows now have, and add attempts; return whether the list is different.

        Attempts come last: a letter that was returned may be attempted again in the same step.
        """
        before = (len(self.readers), len(self.results))
        for outcome in interim:
            self.readers.discard(outcome.reader_id)
            self.results[outcome.reader_id] = outcome
        for outcome in written:
            self.claimed.discard(outcome.reader_id)
            self.readers.discard(outcome.reader_id)
            self.results.pop(outcome.reader_id, None)
        for reader in attempt:
            self.readers.add(reader)
            self.results.pop(reader, None)
        return bool(attempt or interim) or before != (len(self.readers), len(self.results))

    def note(self, connection: Connection) -> bool:
        """Store the list; return False when it was closed, so that the run may note nothing more."""
        given = {
            "worker": self.worker,
            "number": self.number,
            "readers": _short(sorted(self.readers)),
            "results": _short(_as_json(self.results.values())),
        }
        noted = connection.execute(_NOTE, given).rowcount == 1
        self.number += noted
        return noted

    def is_closed(self, connection: Connection) -> bool:
        """Return whether another run took over."""
        query = select(in_flight.c.closed).where(in_flight.c.worker == self.worker)
        return self.begun and connection.scalar(query) is not False


def listed(connection: Connection, workers: Collection[str]) -> dict[str, Listed]:
    """Return the lists of those workers that have one."""
    query = select(in_flight).where(in_flight.c.worker.in_(workers))
    return {
        row.worker: Listed(
            row.number,
            frozenset(json.loads(row.readers)),
            {outcome.reader_id: outcome for each in json.loads(row.results) for outcome in _from_json(each)},
            row.journal_host,
            row.journal_file,
        )
        for row in connection.execute(query)
    }


def close(connection: Connection, worker: str, number: int) -> bool:
    """Close the list of another run, if it still has that version; return whether it is closed."""
    same = update(in_flight).where(in_flight.c.worker == worker, in_flight.c.number == number)
    return connection.execute(same.values(closed=True)).rowcount == 1


def close_all(connection: Connection, edition_id: int) -> None:
    """Close the lists of all runs of an edition, whose letter is replaced in the same transaction."""
    connection.execute(update(in_flight).where(in_flight.c.edition_id == edition_id).values(closed=True))


def clear(connection: Connection, edition_id: int) -> None:
    """Delete the lists of an edition whose letters are all settled; a run that still sleeps finds its own missing."""
    connection.execute(delete(in_flight).where(in_flight.c.edition_id == edition_id))


def _short(values: list[Any]) -> str:
    return json.dumps(values, separators=(",", ":"))


ACCEPTED_UNSEEN = "accepted; the reply was lost with the machine"
"""Reply of a letter that is known to be accepted only by the list of a run whose journal was lost."""


def _as_json(outcomes: Iterable[Outcome]) -> list[list[Any]]:
    """Return results as values. Accepted letters are grouped by relay and attempts, without replies.

    The list is written anew at each step, to its table and to the log of PostgreSQL: so it is short.
    """
    groups: dict[tuple[str, int], list[int]] = {}
    others: list[list[Any]] = []
    for outcome in outcomes:
        if outcome.state is DeliveryState.ACCEPTED and not outcome.suppress:
            groups.setdefault((outcome.relay, outcome.attempts), []).append(outcome.reader_id)
        else:
            others.append(_whole(outcome))
    return [[*key, readers] for key, readers in groups.items()] + others


def _whole(outcome: Outcome) -> list[Any]:
    again = outcome.next_attempt and outcome.next_attempt.isoformat()
    return [
        outcome.reader_id,
        outcome.state.value,
        outcome.attempts,
        outcome.reply,
        again,
        outcome.suppress,
        outcome.relay,
    ]


_ALONE = 4
"""Values of one accepted letter in a list of an earlier version: reader, attempts, reply and relay."""


def _from_json(row: list[Any]) -> Iterator[Outcome]:
    if len(row) == _ALONE:
        reader, attempts, reply, relay = row
        yield Outcome(ReaderId(reader), DeliveryState.ACCEPTED, attempts, reply, relay=relay)
        return
    if isinstance(row[0], str):
        relay, attempts, readers = row
        for reader in readers:
            yield Outcome(ReaderId(reader), DeliveryState.ACCEPTED, attempts, ACCEPTED_UNSEEN, relay=relay)
        return
    reader, state, attempts, reply, again, suppress, relay = row
    moment = again and datetime.fromisoformat(again)
    yield Outcome(ReaderId(reader), DeliveryState(state), attempts, reply, moment, suppress, relay)

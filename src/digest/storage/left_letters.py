"""Writes into the ledger what journals show of letters of which it does not know that they left.

A ledger is older than a journal when its database was restored from a backup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from digest.bookkeeping import EndedRun, LeftLetter
from digest.model.delivery import DeliveryState
from digest.storage.engine import Database
from digest.storage.ledger_statements import Statements

BATCH = 5000
"""Letters in one transaction."""


def prove(database: Database, say: Statements, edition_id: int, run: EndedRun, now: datetime) -> int:
    """Settle the letters of a journal that wait in the ledger and that no run holds; return how many there were.

    A row that counts the attempt of an uncertain letter was queued again on purpose, and is not changed. Without such
    rows nothing is written.
    """
    batches = (run.letters[at : at + BATCH] for at in range(0, len(run.letters), BATCH))
    return sum(_prove(database, say, edition_id, run, letters, now) for letters in batches)


def _prove(
    database: Database, say: Statements, edition_id: int, run: EndedRun, letters: Sequence[LeftLetter], now: datetime
) -> int:
    ids = [letter.reader_id for letter in letters]
    given: dict[str, object] = {"edition": edition_id, "first": min(ids), "last": max(ids)}
    with database.read() as connection:
        if not connection.scalar(say.waiting, given | {"ids": json.dumps(ids)}):
            return 0
    given |= {"rows": json.dumps([_row(letter) for letter in letters]), "now": now}
    with database.write() as connection:
        return len(connection.execute(say.prove, given | {"worker": run.worker, "file": run.journal_file}).all())


def _row(letter: LeftLetter) -> list[object]:
    state = DeliveryState.ACCEPTED if letter.accepted else DeliveryState.UNCERTAIN
    return [letter.reader_id, state.value, letter.attempts, letter.reply, None, letter.relay]

"""Finds out what became of the letters that earlier runs left unfinished."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from digest.bookkeeping import Held, Outcome, RecoveryFinding, Worker
from digest.deliver.ledger.journal import Evidence, Owner, read
from digest.deliver.ledger.ledger import Ledger, finding
from digest.model.delivery import DeliveryState


def recover(  # noqa: PLR0913 - what a journal is held against
    ledger: Ledger,
    worker: Worker,
    journals: Path,
    now: datetime,
    chance: random.Random,
    *,
    resend: bool,
    grace: timedelta = timedelta(),
) -> int:
    """Settle the letters that ended runs left unfinished, by their journals; return how many letters that were.

    ``grace`` is added to the leases of runs on other machines. With ``resend``, letters that stay uncertain are queued
    again: the operator prefers a letter twice to no letter.
    """
    library = _Library(journals)
    found = [finding(held, library.of(held), now, chance, grace) for held in ledger.held_by_others(worker)]
    settled = ledger.settle([each for each in found if each is not None], now)
    if resend:
        settled += ledger.settle([_again(held) for held in ledger.held_by_others(worker) if library.unsure(held)], now)
    return settled


def _again(held: Held) -> RecoveryFinding:
    return RecoveryFinding(
        held, Outcome(held.reader_id, DeliveryState.QUEUED, held.attempts, "sent again: its fate is unknown")
    )


class _Library:
    """The journals in a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[str, str], Evidence] = {}

    def of(self, held: Held) -> Evidence:
        """Return what the journal of a row's run proves."""
        key = (held.journal_host, held.journal_file)
        if key not in self._read:
            self._read[key] = read(self._folder, *key)
        return self._read[key]

    def unsure(self, held: Held) -> bool:
        """Return whether nobody can ever find out what became of the letter."""
        return held.state is DeliveryState.UNCERTAIN and self.of(held).owner is not Owner.ALIVE

"""Settles letters by the journals on this machine, even if the database is older than the journals."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from digest.bookkeeping import Worker
from digest.deliver.ledger.journal import has_ended, here, left
from digest.deliver.ledger.recovery import recover
from digest.errors import DatabaseOlder
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.pipeline.runtime import Runtime
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

GRACE = timedelta(seconds=5)
"""A lease of another machine ends this much later for us: clocks set by the database's time differ by less."""
JOURNALS = "journals"
"""Name of the folder, beside the settings file, for journals of handed-over letters."""

log = get_logger()


def folder_of(runtime: Runtime) -> Path:
    """Return the folder of an installation's journals and marks."""
    return Path(runtime.settings.folder) / JOURNALS


def label(key: EditionKey) -> str:
    """Return the beginning of an edition's file names: those of its journals and of its mark."""
    return f"{key.name}-{key.day}"


def settle(runtime: Runtime, ledger: Deliveries) -> int:
    """Find out what became of letters that ended runs hold, and store it; return how many were settled."""
    worker = Worker("", here(), "")
    resend = runtime.settings.mail.on_uncertain == "resend"
    chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
    return recover(ledger, worker, folder_of(runtime), runtime.clock(), chance, resend=resend, grace=GRACE)


def has_work(runtime: Runtime, row: StoredEdition) -> bool:
    """Return whether ``settle`` may find out about letters of an edition what jobs for its readers do not.

    That is when an ended run left a journal here, or when the edition has no jobs any more and the operator wants
    uncertain letters to be sent again. Otherwise the rows need not be read.
    """
    if row.state is EditionState.SENT and runtime.settings.mail.on_uncertain == "resend":
        return True
    return has_ended(folder_of(runtime), label(row.key))


def settle_left(runtime: Runtime, row: StoredEdition) -> int:
    """Settle letters that left by the journal of an ended run although no run holds them; return how many.

    The database is older than such a journal: it was restored from a backup. Nobody gets these letters again. Raises
    DatabaseOlder when the edition was frozen after letters of it had left: its readers may be others now.
    """
    frozen, folder = runtime.stores.desk.frozen_at(row.id), folder_of(runtime)
    ledger, settled = Deliveries(runtime.stores.database, row.id), 0
    for run in left(folder, label(row.key)):
        if frozen is not None and run.begun_at is not None and run.begun_at < frozen:
            if accepted := sum(letter.accepted for letter in run.letters):
                raise older(row.key, accepted, 0, folder / f"{label(row.key)}.*.journal")
            continue
        settled += ledger.prove(run, runtime.clock())
    if settled:
        log.warning("letters settled that left before the restore", edition=str(row.key), letters=settled)
    return settled


def older(key: EditionKey, gone: int, known: int, files: Path) -> DatabaseOlder:
    """Return the error for an edition of which more letters left (``gone``) than the database knows (``known``)."""
    words = f"{gone} letters left already, and the database knows of {known}: was it restored from a backup?"
    return DatabaseOlder(f"{key}: {words} To send them again all the same, delete {files}; `digest cancel` sends none")

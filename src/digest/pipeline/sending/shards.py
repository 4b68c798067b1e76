"""Sends an edition with many machines: each job sends the letters of one shard, and is repeated until all are settled.

The ledger decides, not the queue of jobs: a job may run twice, or be lost, and no letter is sent twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from digest.bookkeeping import UNFINISHED, Shard
from digest.deliver.protocol.replies import Fate
from digest.errors import DeliveryError, RelayRefused
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.pipeline.progress import unseen
from digest.pipeline.relays import becomes_files
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import Posted, leave
from digest.pipeline.sending.sent_marks import hold_if_older, note
from digest.pipeline.sending.settling import GRACE, folder_of, has_work, settle, settle_left
from digest.storage import partitions
from digest.storage.deliveries import Deliveries
from digest.storage.editions import EditionId, StoredEdition
from digest.storage.frozen_letters import SHARD
from digest.storage.relay_states import RelayStates

LEASE = timedelta(seconds=30)
"""How long one machine's claim on letters lasts. When a machine is lost, its readers wait this long for another one."""
LETTERS_A_LANE = 2
"""Number of claimed letters for each connection: one under way, and the next one."""
TURN = timedelta(seconds=10)
"""How long a job runs at least before it ends in favour of the job of a lost machine."""
AGAIN = timedelta(seconds=30)
"""Pause before a job runs again after a failure, a pause by the operator, or a closed relay."""
OLDER = timedelta(days=2)
"""How long after an edition's expiry the journals of a machine that comes back are still read."""

log = get_logger()


def send_shard(
    runtime: Runtime,
    edition_id: int,
    shard: Shard,
    stop: threading.Event,
    machine: str,
    lost_waits: Callable[[], bool] = bool,
) -> datetime | None:
    """Send the due letters of a shard; return when to run again, or None when all its letters are settled.

    ``lost_waits`` returns whether the job of a lost machine waits: after TURN, this job ends in its favour. Other
    errors are raised; then nothing is lost, and the job runs again.
    """
    row = runtime.stores.editions.by_id(EditionId(edition_id))
    if row is None or row.state in {EditionState.SENT, EditionState.CANCELLED}:
        return None
    now, ledger = runtime.clock(), _ledger(runtime, edition_id, shard)
    relays = RelayStates(runtime.stores.database)
    if row.state is not EditionState.SENDING or relays.closed(now):
        return now + AGAIN

    def forbidden() -> str:
        if runtime.clock() - now >= TURN and lost_waits():
            return "makes way for the job of a lost machine"
        return relays.closed_since(now, runtime.clock())

    report = leave(
        runtime,
        row,
        ledger,
        unseen,
        stop,
        lease=LEASE,
        grace=GRACE,
        letters_a_lane=LETTERS_A_LANE,
        forbidden=forbidden,
    )
    _note_relay(relays, report.error, runtime.clock(), machine, accepted=report.number(Fate.ACCEPTED))
    if not report.counts.unfinished:
        return None
    if report.counts.of(DeliveryState.QUEUED) and report.error is None:
        return runtime.clock()
    return _comes_again(runtime, ledger, report.next_attempt, failed=report.error is not None)


def _note_relay(
    relays: RelayStates, error: DeliveryError | None, now: datetime, machine: str, *, accepted: int
) -> None:
    if isinstance(error, RelayRefused):
        relays.close(str(error), now, machine)
        log.error("sending stopped for all machines", why=type(error).__name__, machine=machine)
    elif accepted:
        relays.open()


def _ledger(runtime: Runtime, edition_id: int, shard: Shard) -> Deliveries:
    return Deliveries(runtime.stores.database, edition_id, shard, LEASE, lists=True)


def _comes_again(runtime: Runtime, ledger: Deliveries, again: datetime | None, *, failed: bool) -> datetime:
    """Return when a letter of a shard can be sent: at the next attempt, or when the lease of a lost machine ends."""
    now, ends = runtime.clock(), ledger.lease_ends()
    if failed:
        return now + AGAIN
    moments = [moment for moment in (again, ends and ends + GRACE) if moment is not None]
    return max(min(moments, default=now), now)


def reject_reader(runtime: Runtime, edition_id: int, shard: Shard) -> datetime | None:
    """Reject one reader's letter, at which each process crashed; return when to try again while a process holds it."""
    ledger = _ledger(runtime, edition_id, shard)
    settle(runtime, ledger)
    why = "not sent: each process that took this letter in hand died"
    if ledger.reject(runtime.clock(), why):
        log.error("letter rejected", edition_id=edition_id, reader=shard.first, why=why)
    if not ledger.counts().unfinished:
        return None
    return _comes_again(runtime, ledger, None, failed=False)


def settle_own(runtime: Runtime) -> int:
    """Read the journals that earlier runs left on this machine, and correct letters that others marked uncertain.

    This is done before a machine begins to work, and now and then: a run that lost its database also leaves a journal,
    and another machine may have taken over its letters by then. Letters that were never sent, as a journal proves, are
    queued again. If their edition was marked as sent meanwhile and has not expired, it is opened again.
    """
    found, now = 0, runtime.clock()
    for row in runtime.stores.editions.latest(states={EditionState.SENDING, EditionState.SENT}):
        if row.expires < now - OLDER:
            continue
        ledger = Deliveries(runtime.stores.database, row.id)
        settled = settle(runtime, ledger) if has_work(runtime, row) else 0
        if row.state is EditionState.SENDING:
            settle_left(runtime, row)
        found += settled
        if settled and row.state is EditionState.SENT and ledger.counts().unfinished:
            if now < row.expires:
                runtime.stores.editions.move(row.id, Move.REOPEN, now)
            else:
                ledger.expire(now, "the edition expired before it could be sent")
    if found:
        log.info("letters of earlier runs settled", letters=found)
    return found


Booked = Callable[[int], Collection[Shard]]
"""Returns the shards of an edition that have a stored job."""
Book = Callable[[int, Sequence[Shard]], None]
"""Stores jobs for shards of an edition. A shard that has a job gets no second one."""


def supervise(runtime: Runtime, row: StoredEdition, booked: Booked, book: Book) -> Posted:
    """Finish an edition when all its letters are settled; otherwise store jobs for readers without one.

    Jobs are lost with the tables of the job queue, and there are none when the operator queues letters again.
    """
    database, now = runtime.stores.database, runtime.clock()
    ledger = Deliveries(database, row.id)
    hold_if_older(runtime, row)
    counts = ledger.counts()
    if counts.unfinished and now >= row.expires:
        settle(runtime, ledger)
        ledger.expire(now, "the edition expired before it could be sent")
        counts = ledger.counts()
    if not counts.unfinished:
        runtime.stores.editions.move(row.id, Move.FINISH, now)
        if not becomes_files(runtime.settings.mail):
            note(folder_of(runtime), row.key, counts.of(DeliveryState.ACCEPTED), now)
        log.info("edition sent", edition=str(row.key))
    else:
        with database.read() as connection:
            open_ones = partitions.shards(connection, row.id, SHARD, *(state.value for state in UNFINISHED))
        if missing := uncovered(open_ones, booked(row.id)):
            book(row.id, missing)
    return Posted(counts=counts, sent_now=0, recovered=0, stopped="", error=None, next_attempt=None)


def uncovered(wanted: Collection[Shard], booked: Collection[Shard]) -> list[Shard]:
    """Return the parts of the wanted shards that no shard with a job covers, in order."""
    found: list[Shard] = []
    for shard in wanted:
        first = shard.first
        for other in sorted(booked, key=lambda each: each.first):
            if other.last < first or other.first > shard.last:
                continue
            if other.first > first:
                found.append(Shard(first, other.first - 1))
            first = max(first, other.last + 1)
        if first <= shard.last:
            found.append(Shard(first, shard.last))
    return found

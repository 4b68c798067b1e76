"""What of an edition no job sends to, and how a shard is halved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace as changed
from tests.conftest import Filled
from tests.pipeline.conftest import DUE, Newsroom, printed

from digest.bookkeeping import ALL_READERS, Outcome, RecoveryFinding, Shard, Step, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.model.delivery import DeliveryState as S
from digest.model.life import Move
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.settling import GRACE, label
from digest.pipeline.sending.shards import LEASE, TURN, send_shard, settle_own, uncovered
from digest.storage.database_clock import DatabaseClock
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.schema.editions import editions


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    database = Database(filled(request.param, printed, tmp_path / "digest.db"))
    made = Newsroom(database, tmp_path, stories=())
    for n in range(3):
        wish = Subscription(address=f"r{n}@readers.example", editions=("morning",))
        subscribe(made.stores, made.now, wish)
    made.now = DUE
    yield made
    database.close()


@pytest.mark.parametrize(("lost", "accepted"), [(True, 0), (False, 3)])
def test_after_its_turn_a_job_makes_way_for_that_of_a_lost_machine(
    room: Newsroom, tmp_path: Path, accepted: int, *, lost: bool
) -> None:
    room.freeze()
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    later = DUE + TURN

    def clock() -> datetime:
        """Return a time at which its turn is over as soon as the run has begun its journal."""
        return later if list(tmp_path.glob("journals/*.journal")) else DUE

    again = send_shard(
        replace(room.runtime, clock=clock), row.id, ALL_READERS, threading.Event(), "one", lost_waits=lambda: lost
    )
    counts = Deliveries(room.stores.database, row.id).counts()
    assert counts.of(S.ACCEPTED) == accepted
    assert counts.of(S.QUEUED) == 3 - accepted
    assert again == (DUE if lost else None), "it comes again at once, behind the other"


def lost_letter(room: Newsroom, journal: Journal) -> Deliveries:
    """Let a run of this machine take a letter, and another call it uncertain; the edition is then sent."""
    room.freeze()
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    ledger = Deliveries(room.stores.database, row.id, lists=True)
    mine = Worker(journal.path.stem, here(), journal.path.name)
    (claim,) = ledger.book(mine, Step(claim=1), DUE).claims
    ledger.book(mine, Step(attempt=(claim.reader_id,)), DUE)
    others = Deliveries(room.stores.database, row.id)
    (held,) = others.held_by_others(Worker("", "", ""))
    others.settle([RecoveryFinding(held, Outcome(held.reader_id, S.UNCERTAIN, 1))], DUE)
    send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "two")
    room.stores.editions.move(row.id, Move.FINISH, DUE)
    return others


def test_a_machine_corrects_uncertain_letters_by_the_journals_that_its_ended_runs_left(
    room: Newsroom, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journals", "morning-2026-11-23")
    assert journal.path.name.startswith(label(room.due().key))
    others = lost_letter(room, journal)
    assert settle_own(room.runtime) == 0, "that run goes on"
    assert others.counts().of(S.UNCERTAIN) == 1
    journal.close(remove=False)
    assert settle_own(room.runtime) == 1, "its journal shows that the letter was never handed over"
    assert (others.counts().of(S.QUEUED), others.counts().of(S.ACCEPTED)) == (1, 2)


@pytest.mark.parametrize(("rule", "queued"), [("hold", 0), ("resend", 1)])
def test_without_a_journal_uncertain_letters_of_a_sent_edition_are_queued_only_on_the_operators_word(
    room: Newsroom, tmp_path: Path, rule: Literal["hold", "resend"], queued: int
) -> None:
    journal = Journal(tmp_path / "elsewhere", "morning")
    others = lost_letter(room, journal)
    journal.close(remove=False)
    settings = room.runtime.settings
    settings = changed(settings, mail=changed(settings.mail, on_uncertain=rule))
    runtime = replace(room.runtime, settings=settings)
    assert settle_own(runtime) == queued
    assert (others.counts().of(S.QUEUED), others.counts().of(S.UNCERTAIN)) == (queued, 1 - queued)


@pytest.mark.slow(because="a server")
@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)], ids=["ahead", "behind"])
def test_a_machine_with_a_wrong_clock_leaves_the_letters_of_another_alone_until_their_lease_ends(
    tmp_path: Path, filled: Filled, ahead: timedelta
) -> None:
    database = Database(filled("postgresql", printed, tmp_path / "digest.db"))
    room = Newsroom(database, tmp_path, stories=())
    for n in range(3):
        wish = Subscription(address=f"r{n}@readers.example", editions=("morning",))
        subscribe(room.stores, room.now, wish)
    room.now = DUE
    room.freeze()
    with database.write() as connection:
        connection.execute(editions.update().values(expires=datetime.now(UTC) + timedelta(hours=4)))
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    right = DatabaseClock(database, lambda: datetime.now(UTC))
    wrong = DatabaseClock(database, lambda: datetime.now(UTC) + ahead)
    for clock in (right, wrong):
        clock.measure()
    theirs = Deliveries(database, row.id, lease=LEASE, lists=True)
    theirs.book(Worker("one", "elsewhere/boot", "one.journal"), Step(claim=2), right())

    again = send_shard(replace(room.runtime, clock=wrong), row.id, ALL_READERS, threading.Event(), "two")
    counts = theirs.counts()
    assert (counts.of(S.ACCEPTED), counts.of(S.ATTEMPTING)) == (1, 2)
    assert again is not None
    assert timedelta() < again - right() <= LEASE + GRACE
    database.close()


@pytest.mark.parametrize(
    ("wanted", "booked", "missing"),
    [
        ([(1, 10)], [], [(1, 10)]),
        ([(1, 10)], [(1, 10)], []),
        ([(1, 10)], [(1, 4), (5, 20)], []),
        ([(1, 10)], [(3, 4)], [(1, 2), (5, 10)]),
        ([(1, 10), (21, 30)], [(1, 10)], [(21, 30)]),
        ([(5, 5)], [(1, 4), (6, 9)], [(5, 5)]),
        ([(1, 10)], [(8, 12), (0, 2)], [(3, 7)]),
        ([(5, 10)], [(1, 2), (5, 10)], []),
    ],
)
def test_jobs_are_booked_for_readers_whom_no_job_sends_to(
    wanted: list[tuple[int, int]], booked: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    found = uncovered([Shard(*each) for each in wanted], [Shard(*each) for each in booked])
    assert found == [Shard(*each) for each in missing]


def test_a_shard_is_halved_down_to_one_reader() -> None:
    assert Shard(1, 4).halves() == (Shard(1, 2), Shard(3, 4))
    assert Shard(3, 3).halves() == ()

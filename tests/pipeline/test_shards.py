"""What of an edition no job sends to, and how a shard is halved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Filled
from tests.pipeline.conftest import DUE, Newsroom, printed

from digest.bookkeeping import ALL_READERS, Shard
from digest.model.delivery import DeliveryState as S
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.shards import TURN, reject_reader, send_shard, supervise, uncovered
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.relay_states import RelayStates


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


def test_a_job_waits_while_nothing_may_be_sent_and_ends_with_its_edition(room: Newsroom) -> None:
    def send(edition_id: int) -> datetime | None:
        return send_shard(room.runtime, edition_id, ALL_READERS, threading.Event(), "one")

    editions, relays = room.stores.editions, RelayStates(room.stores.database)
    room.freeze()
    row = editions.get(room.due().key)
    assert row is not None
    assert send(row.id + 99) is None
    again = DUE + timedelta(seconds=30)
    assert editions.move(row.id, Move.PAUSE, DUE)
    assert send(row.id) == again
    assert editions.move(row.id, Move.RESUME, DUE)
    relays.close("554 refused", DUE, "two")
    assert send(row.id) == again
    relays.open()
    assert send(row.id) is None
    assert editions.move(row.id, Move.FINISH, DUE)
    assert send(row.id) is None
    assert Deliveries(room.stores.database, row.id).counts().of(S.ACCEPTED) == 3


def test_jobs_are_booked_until_all_letters_are_settled_or_the_edition_expires(room: Newsroom) -> None:
    room.freeze()
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    ledger, orders = Deliveries(room.stores.database, row.id), list[Shard]()

    def state() -> EditionState:
        found = room.stores.editions.by_id(row.id)
        assert found is not None
        return found.state

    posted = supervise(room.runtime, row, lambda _id: (), lambda _id, shards: orders.extend(shards))
    assert orders
    assert (posted.sent_now, posted.recovered, posted.counts.of(S.QUEUED)) == (0, 0, 3), "it sends nothing itself"
    supervise(room.runtime, row, lambda _id: orders, lambda _id, _shards: pytest.fail("booked already"))
    assert (state(), ledger.counts().of(S.QUEUED)) == (EditionState.SENDING, 3)
    room.now = row.expires - timedelta(seconds=1)
    supervise(room.runtime, row, lambda _id: orders, lambda _id, _shards: None)
    assert ledger.counts().of(S.QUEUED) == 3
    room.now = row.expires
    supervise(room.runtime, row, lambda _id: orders, lambda _id, _shards: pytest.fail("nothing is left"))
    assert (state(), ledger.counts().of(S.EXPIRED)) == (EditionState.SENT, 3)


def test_a_letter_at_which_each_process_died_is_rejected_alone(room: Newsroom) -> None:
    room.freeze()
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    ledger = Deliveries(room.stores.database, row.id)
    first = min(each.reader_id for each in ledger.rows())
    assert reject_reader(room.runtime, row.id, Shard(first, first)) is None
    counts = ledger.counts()
    assert (counts.of(S.REJECTED), counts.of(S.QUEUED)) == (1, 2)


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

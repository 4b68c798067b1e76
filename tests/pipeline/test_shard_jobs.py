"""When the job of a shard waits, ends or rejects its letter, and how jobs are booked until an edition is settled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
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
from digest.pipeline.sending.shards import reject_reader, send_shard, supervise
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.relay_states import RelayStates


@pytest.fixture
def room(tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    database = Database(filled("sqlite", printed, tmp_path / "digest.db"))
    made = Newsroom(database, tmp_path, stories=())
    for n in range(3):
        wish = Subscription(address=f"r{n}@readers.example", editions=("morning",))
        subscribe(made.stores, made.now, wish)
    made.now = DUE
    yield made
    database.close()


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

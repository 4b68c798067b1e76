"""When the job of a shard waits, ends or rejects its letter, and how jobs are booked until an edition is settled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.conftest import Filled
from tests.pipeline.conftest import DUE, Newsroom, printed
from tests.states import put

from digest.bookkeeping import ALL_READERS, Outcome, Shard, Step, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.deliver.protocol.replies import Fate
from digest.model.delivery import DeliveryState as S
from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.model.life import Move
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.settling import folder_of, label
from digest.pipeline.sending.shards import LEASE, reject_reader, send_shard, settle_own, supervise
from digest.settings import MailSettings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
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

    stored, relays = room.stores.editions, RelayStates(room.stores.database)
    room.freeze()
    row = stored.get(room.due().key)
    assert row is not None
    assert send(row.id + 99) is None
    again = DUE + timedelta(seconds=30)
    assert stored.move(row.id, Move.PAUSE, DUE)
    assert send(row.id) == again
    assert stored.move(row.id, Move.RESUME, DUE)
    relays.close("554 refused", DUE, "two")
    assert send(row.id) == again
    relays.open()
    assert send(row.id) is None
    assert stored.move(row.id, Move.FINISH, DUE)
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


@pytest.fixture
def row(room: Newsroom) -> StoredEdition:
    room.freeze()
    found = room.stores.editions.get(room.due().key)
    assert found is not None
    return found


def ids(room: Newsroom, row: StoredEdition) -> list[ReaderId]:
    return [each.reader_id for each in Deliveries(room.stores.database, row.id).rows()]


def states(room: Newsroom, row: StoredEdition) -> list[S]:
    return [each.state for each in Deliveries(room.stores.database, row.id).rows()]


def state_of(room: Newsroom, row: StoredEdition) -> EditionState:
    found = room.stores.editions.by_id(row.id)
    assert found is not None
    return found.state


def broken_off(room: Newsroom, row: StoredEdition) -> None:
    """Let a run of this machine have ended: one letter was accepted, one handed over, one only claimed."""
    journal = Journal(folder_of(room.runtime), label(row.key), room.now)
    gone, ledger = Worker("gone", here(), journal.path.name), Deliveries(room.stores.database, row.id)
    ledger.book(gone, Step(claim=3), room.now)
    ledger.book(gone, Step(attempt=tuple(ids(room, row))), room.now)
    first, second, _third = ids(room, row)
    journal.begun(first, "mx")
    journal.replied(first, Fate.ACCEPTED, "250 ok")
    journal.begun(second, "mx")
    journal.close(remove=False)


def test_a_machine_that_comes_back_settles_its_letters_by_their_journal(room: Newsroom, row: StoredEdition) -> None:
    broken_off(room, row)
    assert settle_own(room.runtime) == 3
    assert states(room, row) == [S.ACCEPTED, S.UNCERTAIN, S.QUEUED]
    assert state_of(room, row) is EditionState.SENDING
    assert settle_own(room.runtime) == 0


@pytest.mark.parametrize(
    ("before_expiry", "state", "last"),
    [
        (timedelta(seconds=1), EditionState.SENDING, S.QUEUED),
        (timedelta(), EditionState.SENT, S.EXPIRED),
        (timedelta(days=-2), EditionState.SENT, S.EXPIRED),
    ],
)
def test_a_letter_that_never_left_opens_its_edition_again_until_it_expires(
    room: Newsroom, row: StoredEdition, before_expiry: timedelta, state: EditionState, last: S
) -> None:
    broken_off(room, row)
    assert room.stores.editions.move(row.id, Move.FINISH, room.now)
    room.now = row.expires - before_expiry
    assert settle_own(room.runtime) == 3
    assert (state_of(room, row), states(room, row)[2]) == (state, last)


def test_two_days_after_its_expiry_an_edition_reads_no_more_journals(room: Newsroom, row: StoredEdition) -> None:
    broken_off(room, row)
    room.now = row.expires + timedelta(days=2, seconds=1)
    assert settle_own(room.runtime) == 0


def test_editions_that_expired_long_ago_keep_no_other_from_being_settled(room: Newsroom, row: StoredEdition) -> None:
    broken_off(room, row)
    for days in (-1, 1):
        key = EditionKey(name="evening", date=DUE.date() + timedelta(days=days))
        old = room.stores.editions.plan(key, DUE, DUE - timedelta(days=3), DUE)
        put(room.stores.database, old.id, EditionState.SENT)
    assert settle_own(room.runtime) == 3


def test_an_edition_whose_letters_are_known_stays_sent(room: Newsroom, row: StoredEdition) -> None:
    assert send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "one") is None
    assert room.stores.editions.move(row.id, Move.FINISH, room.now)
    assert settle_own(room.runtime) == 0
    assert state_of(room, row) is EditionState.SENT


def test_a_restored_database_learns_of_the_letters_that_left_before(room: Newsroom, row: StoredEdition) -> None:
    room.now += timedelta(minutes=1)
    journal = Journal(folder_of(room.runtime), label(row.key), room.now)
    first, second, _third = ids(room, row)
    journal.begun(first, "mx")
    journal.replied(first, Fate.ACCEPTED, "250 ok")
    journal.begun(second, "mx")
    journal.close(remove=False)
    settle_own(room.runtime)
    assert states(room, row) == [S.ACCEPTED, S.UNCERTAIN, S.QUEUED]


@pytest.mark.parametrize("minutes", [0.25, 10])
def test_a_job_comes_again_at_the_next_attempt_or_when_the_lease_of_another_ends(
    room: Newsroom, row: StoredEdition, minutes: float
) -> None:
    ledger = Deliveries(room.stores.database, row.id, lease=LEASE, lists=True)
    first, second, third = ids(room, row)
    other, due = Worker("other", "elsewhere/boot", "other.journal"), DUE + timedelta(minutes=minutes)
    ledger.book(other, Step(claim=2), DUE)
    ledger.book(other, Step(attempt=(first, second)), DUE)
    ledger.book(other, Step(outcomes=(Outcome(first, S.DEFERRED, 1, "451 later", due),)), DUE)
    again = send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "one")
    assert states(room, row) == [S.DEFERRED, S.ATTEMPTING, S.ACCEPTED]
    assert again == min(due, DUE + timedelta(seconds=30 + 5))
    assert third


@pytest.mark.parametrize(
    ("transport", "mark"), [("smtp://127.0.0.1:9", "3\n"), ("file:outbox", None)], ids=["letters", "files"]
)
def test_what_relays_accepted_is_marked_beside_the_database(
    room: Newsroom, row: StoredEdition, transport: str, mark: str | None
) -> None:
    assert send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "one") is None
    room.settings = structs.replace(room.settings, mail=MailSettings(transport=transport))
    supervise(room.runtime, row, lambda _id: (), lambda _id, _shards: pytest.fail("nothing is left"))
    assert state_of(room, row) is EditionState.SENT
    marks = [file.read_text() for file in folder_of(room.runtime).glob("*.sent")]
    assert marks == ([mark] if mark else [])

"""What is left of a paused edition is corrected: exactly those who still wait get the second letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.bookkeeping import Outcome, Step, Worker
from digest.demo.sink import Sink
from digest.edition.acts import Drop, Retitle, StoryName, Undo
from digest.errors import EditionClosed, RefusedAct
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.pipeline.editions.acting import store_acts
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.amending import refreeze, waiting_of
from digest.pipeline.sending.control import audit, pause, resume
from digest.pipeline.sending.deliver_edition import post
from digest.settings import MailSettings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database

READERS = tuple(f"reader{number}@receiver.test" for number in range(6))
NEW = "The otters are back"


@pytest.fixture
def room(database: Database, tmp_path: Path, sink: Sink) -> Newsroom:
    made = Newsroom(database, tmp_path)
    mail = MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@paper.example", connections=1)
    made.settings = structs.replace(made.settings, mail=mail)
    for address in READERS:
        subscribe(made.stores, made.now, Subscription(address=address, editions=("morning",)))
    made.freeze()
    return made


def row_of(room: Newsroom) -> StoredEdition:
    found = room.stores.editions.get(room.due().key)
    assert found is not None
    return found


def hand_over(room: Newsroom, number: int) -> None:
    """Let so many letters leave, and leave the rest in the queue."""
    ledger, worker = Deliveries(room.stores.database, row_of(room).id, letter=1), Worker("w", "host", "file")
    claims = ledger.book(worker, Step(claim=number), room.now).claims
    ids = [claim.reader_id for claim in claims]
    ledger.book(worker, Step(attempt=tuple(ids)), room.now)
    ledger.book(
        worker, Step(outcomes=tuple(Outcome(reader, DeliveryState.ACCEPTED, 1, "250 ok") for reader in ids)), room.now
    )


def retitled(room: Newsroom, headline: str = NEW) -> None:
    row = row_of(room)
    assert row.edition is not None
    otters = next(item for item in row.edition.items if "Otters" in item.headline)
    store_acts(
        room.runtime, row, (Retitle(story=StoryName(story_id=otters.story_id), headline=headline),), author="Ana"
    )


def letters(room: Newsroom) -> dict[int, int]:
    """Return how many readers got each letter, by its number."""
    found: dict[int, int] = {}
    for letter in Deliveries(room.stores.database, row_of(room).id).rows(DeliveryState.ACCEPTED):
        found[letter.letter] = found.get(letter.letter, 0) + 1
    return found


def test_exactly_those_who_still_wait_get_the_second_letter_and_the_ledger_says_so(room: Newsroom, sink: Sink) -> None:
    before = len(sink.letters)
    hand_over(room, 2)
    pause(room.runtime, "morning")
    first = room.stores.letters.get(row_of(room).id)
    assert waiting_of(room.runtime, row_of(room)) == 4
    retitled(room)
    assert room.stores.letters.get(row_of(room).id) == first
    assert refreeze(room.runtime, row_of(room), "Ana") == 2
    resume(room.runtime, "morning")
    posted = post(room.runtime, row_of(room), progress=unseen)
    assert posted.error is None
    arrived = sink.letters[before:]
    assert sorted(letter.recipients[0] for letter in arrived) == sorted(READERS[2:])
    assert all(NEW.encode() in letter.raw for letter in arrived)
    assert letters(room) == {1: 2, 2: 4}
    assert row_of(room).state is EditionState.SENT
    assert audit(room.runtime, "morning").problems == ()
    assert room.stores.letters.earlier(row_of(room).id) == {1: first}
    edition = row_of(room).edition
    assert edition is not None
    assert NEW in [item.headline for item in edition.items]
    assert rebuild(room.runtime, "morning").difference == ""
    assert verify_edition(room.runtime, "morning").unproved == ()


def test_a_run_that_slept_through_the_pause_hands_over_nothing_of_the_first_letter(room: Newsroom) -> None:
    old, worker = Deliveries(room.stores.database, row_of(room).id, letter=1), Worker("sleeper", "host", "file")
    (claim, *_) = old.book(worker, Step(claim=2), room.now).claims
    pause(room.runtime, "morning")
    retitled(room)
    refreeze(room.runtime, row_of(room))
    resume(room.runtime, "morning")
    booked = old.book(worker, Step(attempt=(claim.reader_id,), claim=2), room.now)
    assert (booked.attempting, tuple(booked.claims)) == (frozenset(), ())
    assert booked.order.name == "PAUSE"


def test_a_second_letter_needs_a_pause_and_a_change(room: Newsroom) -> None:
    with pytest.raises(EditionClosed, match="is sending and cannot be edited"):
        retitled(room)
    pause(room.runtime, "morning")
    with pytest.raises(RefusedAct, match="nothing was changed"):
        refreeze(room.runtime, row_of(room))
    retitled(room)
    row = row_of(room)
    resume(room.runtime, "morning")
    with pytest.raises(EditionClosed, match="is not paused"):
        refreeze(room.runtime, row)


def test_acts_that_are_taken_back_leave_the_first_letter(room: Newsroom) -> None:
    pause(room.runtime, "morning")
    retitled(room)
    number = room.stores.desk.last(row_of(room).id)
    store_acts(room.runtime, row_of(room), (Undo(of=number),))
    with pytest.raises(RefusedAct, match="nothing was changed"):
        refreeze(room.runtime, row_of(room))


def test_a_third_letter_follows_the_second(room: Newsroom) -> None:
    pause(room.runtime, "morning")
    retitled(room)
    assert refreeze(room.runtime, row_of(room)) == 2
    row = row_of(room)
    assert row.edition is not None
    dropped = Drop(story=StoryName(story_id=row.edition.items[-1].story_id))
    store_acts(room.runtime, row, (dropped,))
    assert refreeze(room.runtime, row_of(room)) == 3
    assert sorted(room.stores.letters.earlier(row.id)) == [1, 2]

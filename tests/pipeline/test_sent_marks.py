"""A database that knows of fewer letters than left sends them to nobody twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.conftest import Newsroom

from digest.bookkeeping import EndedRun, LeftLetter, Outcome, Step, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.deliver.protocol.replies import Fate
from digest.errors import DatabaseOlder
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.sent_marks import hold_if_older, note
from digest.pipeline.sending.settling import label, settle_left
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

S = DeliveryState
READERS = 9


@pytest.fixture
def frozen(newsroom: Newsroom) -> StoredEdition:
    """Give an edition that is frozen for nine readers, and of which the database knows no letter that left."""
    for n in range(READERS):
        wish = Subscription(address=f"reader{n}@quay.example", editions=("morning",))
        subscribe(newsroom.stores, newsroom.now, wish)
    newsroom.freeze()
    (row,) = newsroom.stores.editions.latest(states={EditionState.SENDING})
    return row


def folder(newsroom: Newsroom) -> Path:
    return Path(newsroom.runtime.settings.folder) / "journals"


def states(newsroom: Newsroom, row: StoredEdition) -> list[S]:
    return [each.state for each in Deliveries(newsroom.stores.database, row.id).rows()]


def ids(newsroom: Newsroom, row: StoredEdition) -> list[ReaderId]:
    return [each.reader_id for each in Deliveries(newsroom.stores.database, row.id).rows()]


def killed(newsroom: Newsroom, row: StoredEdition, accepted: int, key: EditionKey | None = None) -> Journal:
    """Leave the journal of a run that was killed after so many letters, and before the answer to one more."""
    journal = Journal(folder(newsroom), label(key or row.key), newsroom.now)
    readers = ids(newsroom, row)
    for reader in readers[:accepted]:
        journal.begun(reader, "mx")
        journal.replied(reader, Fate.ACCEPTED, "250 ok")
    journal.begun(readers[accepted], "mx")
    journal.begun(readers[accepted + 1], "mx")
    journal.replied(readers[accepted + 1], Fate.DEFERRED, "451 later")
    journal.close(remove=False)
    return journal


def test_letters_that_left_by_a_journal_are_not_sent_again(newsroom: Newsroom, frozen: StoredEdition) -> None:
    killed(newsroom, frozen, 3)
    hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.ACCEPTED] * 3 + [S.UNCERTAIN] + [S.QUEUED] * 5
    rows = Deliveries(newsroom.stores.database, frozen.id).rows()
    assert (rows[0].reply, rows[0].relay, rows[0].attempts) == ("250 ok", "mx", 1)
    assert settle_left(newsroom.runtime, frozen) == 0, "it is settled once"


def test_a_letter_that_the_operator_queues_again_stays_so(newsroom: Newsroom, frozen: StoredEdition) -> None:
    killed(newsroom, frozen, 3)
    hold_if_older(newsroom.runtime, frozen)
    Deliveries(newsroom.stores.database, frozen.id).resend(newsroom.now)
    hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.ACCEPTED] * 3 + [S.QUEUED] * 6


def test_other_editions_journals_and_those_of_live_runs_are_no_proof(newsroom: Newsroom, frozen: StoredEdition) -> None:
    killed(newsroom, frozen, 3, EditionKey(name="evening", date=frozen.key.date))
    killed(newsroom, frozen, 3, EditionKey(name="morn", date=frozen.key.date))
    with Journal(folder(newsroom), label(frozen.key), newsroom.now) as journal:
        journal.begun(ids(newsroom, frozen)[0], "mx")
        hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.QUEUED] * READERS


def test_a_claimed_letter_that_left_by_its_journal_is_settled_and_not_queued_again(
    newsroom: Newsroom, frozen: StoredEdition
) -> None:
    journal = killed(newsroom, frozen, 3)
    ledger = Deliveries(newsroom.stores.database, frozen.id)
    ledger.book(Worker(journal.path.stem, here(), journal.path.name), Step(claim=6), newsroom.now)
    note(folder(newsroom), frozen.key, 3, newsroom.now)
    hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.ACCEPTED] * 3 + [S.UNCERTAIN] + [S.QUEUED] * 5


def test_a_mark_that_no_journal_explains_holds_and_says_how_to_go_on(newsroom: Newsroom, frozen: StoredEdition) -> None:
    note(folder(newsroom), frozen.key, 4, newsroom.now)
    killed(newsroom, frozen, 3)
    with pytest.raises(DatabaseOlder, match=r"4 letters left already, and the database knows of 3.*\.sent"):
        hold_if_older(newsroom.runtime, frozen)
    (mark,) = folder(newsroom).glob("*.sent")
    mark.unlink()
    hold_if_older(newsroom.runtime, frozen)


def test_a_mark_whose_letters_the_database_or_the_journals_know_holds_nothing(
    newsroom: Newsroom, frozen: StoredEdition
) -> None:
    ledger, me = Deliveries(newsroom.stores.database, frozen.id), Worker("me", here(), "none")
    claims = ledger.book(me, Step(claim=5), newsroom.now).claims
    ledger.book(me, Step(attempt=tuple(each.reader_id for each in claims)), newsroom.now)
    sent = tuple(Outcome(each.reader_id, S.ACCEPTED, 1, "250") for each in claims)
    ledger.book(me, Step(outcomes=sent), newsroom.now)
    killed(newsroom, frozen, 6)
    note(folder(newsroom), frozen.key, 6, newsroom.now)
    hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.ACCEPTED] * 6 + [S.UNCERTAIN] + [S.QUEUED] * 2


def test_an_edition_that_was_frozen_again_is_held_since_its_readers_may_be_others(
    newsroom: Newsroom, frozen: StoredEdition
) -> None:
    newsroom.now = newsroom.now.replace(hour=newsroom.now.hour - 1)
    killed(newsroom, frozen, 3)
    with pytest.raises(DatabaseOlder, match=r"3 letters left already.*\.journal"):
        hold_if_older(newsroom.runtime, frozen)
    assert states(newsroom, frozen) == [S.QUEUED] * READERS


def test_a_mark_that_nobody_can_read_or_write_stops_no_sending(newsroom: Newsroom, frozen: StoredEdition) -> None:
    place = folder(newsroom)
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{label(frozen.key)}.sent").write_text("?", encoding="ascii")
    hold_if_older(newsroom.runtime, frozen)
    (place / "file").write_text("", encoding="ascii")
    note(place / "file", frozen.key, 1, newsroom.now)


def test_a_journal_of_many_letters_is_read_in_parts(newsroom: Newsroom, frozen: StoredEdition) -> None:
    first, *_, last = ids(newsroom, frozen)
    strangers = tuple(
        LeftLetter(ReaderId(1000 + n), accepted=True, reply="250", relay="mx", attempts=0) for n in range(40_000)
    )
    own = tuple(LeftLetter(reader, accepted=True, reply="250", relay="mx", attempts=0) for reader in (first, last))
    run = EndedRun("gone", "gone.journal", newsroom.now, (own[0], *strangers, own[1]))
    assert Deliveries(newsroom.stores.database, frozen.id).prove(run, newsroom.now) == len(own)

"""The operator's orders reach the ledger, and its sums are held against the edition's state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.states import put

from digest.bookkeeping import Order, Outcome, Step, Worker
from digest.errors import EditionClosed, TooLate, UnknownEdition
from digest.model.delivery import DeliveryState
from digest.model.edition import Edition, EditionState
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.life import Move
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.control import audit, cancel, pause, resend, resume
from digest.pipeline.stores import Stores
from digest.settings import Settings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import Draft, EditionId
from digest.storage.engine import Database

S = DeliveryState
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEY = EditionKey(name="morning", date=date(2026, 11, 23))
NAME = "morning/2026-11-23"
ME = Worker("me", "here/boot", "me.journal")


class Office:
    """An edition frozen for four readers, with a clock to set."""

    def __init__(self, database: Database) -> None:
        self.now = NOW
        self.stores = Stores(database)
        self.runtime = Runtime(settings=Settings(), stores=self.stores, clock=lambda: self.now)
        for number in range(4):
            subscribe(self.stores, NOW, Subscription(address=f"r{number}@example.org", editions=("morning",)))
        row = self.stores.editions.plan(KEY, NOW, NOW + timedelta(hours=6), NOW)
        self.stores.editions.draft(row.id, Draft(edition=EDITION, telling=(), seen={"version": "1"}), NOW)
        self.stores.letters.freeze(row.id, LETTER, NOW)
        self.id: EditionId = row.id
        self.ledger = Deliveries(database, row.id)

    @property
    def state(self) -> EditionState:
        row = self.stores.editions.get(KEY)
        assert row is not None
        return row.state

    def settle(self, number: int, state: DeliveryState) -> None:
        """Bring so many letters to ``state``, as a run of sending would."""
        ids = tuple(claim.reader_id for claim in self.ledger.book(ME, Step(claim=number), NOW).claims)
        self.ledger.book(ME, Step(attempt=ids), NOW)
        self.ledger.book(ME, Step(outcomes=tuple(Outcome(each, state, 1) for each in ids)), NOW)


EDITION = Edition(
    key=KEY, title="Morning Update", language="en", zone="UTC", cut=NOW, subject="Hello", preheader="", items=()
)
LETTER = Letter(edition=KEY, language="en", subject="Hello", html="", text="", segments=(b"\r\n",))


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def lite(lite_database: Database) -> Office:
    return Office(lite_database)


def test_a_pause_and_a_cancel_reach_the_run_under_way_with_its_next_transaction(office: Office) -> None:
    assert office.ledger.book(ME, Step(renew=True), NOW).order is Order.GO
    assert pause(office.runtime, NAME).state is EditionState.PAUSED
    assert office.ledger.book(ME, Step(renew=True), NOW).order is Order.PAUSE
    assert resume(office.runtime, NAME).state is EditionState.SENDING
    assert office.ledger.book(ME, Step(renew=True), NOW).order is Order.GO
    assert cancel(office.runtime, NAME).changed == 4
    assert office.ledger.book(ME, Step(renew=True), NOW).order is Order.CANCEL


@pytest.mark.parametrize("state", [EditionState.HELD, EditionState.SKIPPED])
def test_an_edition_held_or_skipped_by_the_editor_is_neither_paused_nor_cancelled(
    lite: Office, state: EditionState
) -> None:
    put(lite.stores.database, lite.id, state)
    assert lite.ledger.book(ME, Step(renew=True), NOW).order is Order.GO


def test_cancelled_letters_that_waited_are_expired_and_what_was_sent_stays_sent(lite: Office) -> None:
    lite.settle(1, S.ACCEPTED)
    done = cancel(lite.runtime, NAME)
    assert (done.state, done.changed) == (EditionState.CANCELLED, 3)
    assert dict(done.counts.by_state) == {S.ACCEPTED: 1, S.EXPIRED: 3}
    assert audit(lite.runtime, NAME).problems == ()


def test_orders_that_do_not_fit_the_editions_state_are_refused_and_change_nothing(lite: Office) -> None:
    with pytest.raises(EditionClosed, match="is for one that is paused"):
        resume(lite.runtime, NAME)
    cancel(lite.runtime, NAME)
    for order in (pause, resume, cancel, resend):
        with pytest.raises(EditionClosed, match="is cancelled"):
            order(lite.runtime, NAME)
    assert lite.state is EditionState.CANCELLED
    with pytest.raises(UnknownEdition):
        pause(lite.runtime, "evening")


def test_uncertain_letters_are_queued_again_by_hand_only_and_a_sent_edition_is_sent_on(lite: Office) -> None:
    lite.settle(3, S.ACCEPTED)
    lite.settle(1, S.UNCERTAIN)
    lite.stores.editions.move(lite.id, Move.FINISH, NOW)
    done = resend(lite.runtime, NAME)
    assert (done.state, done.changed) == (EditionState.SENDING, 1)
    assert dict(done.counts.by_state) == {S.QUEUED: 1, S.ACCEPTED: 3}


def test_rejected_letters_are_queued_again_since_an_instant(lite: Office) -> None:
    lite.settle(3, S.ACCEPTED)
    lite.settle(1, S.REJECTED)
    lite.stores.editions.move(lite.id, Move.FINISH, NOW)
    assert resend(lite.runtime, NAME, rejected=True, since=NOW + timedelta(seconds=1)).changed == 0
    done = resend(lite.runtime, NAME, rejected=True, since=NOW)
    assert (done.state, done.changed) == (EditionState.SENDING, 1)


def test_a_sent_edition_without_uncertain_letters_stays_sent(lite: Office) -> None:
    lite.settle(4, S.ACCEPTED)
    lite.stores.editions.move(lite.id, Move.FINISH, NOW)
    assert (resend(lite.runtime, NAME).changed, lite.state) == (0, EditionState.SENT)


def test_past_its_expiry_nothing_is_resumed_or_sent_again(lite: Office) -> None:
    lite.settle(1, S.UNCERTAIN)
    pause(lite.runtime, NAME)
    lite.now = NOW + timedelta(hours=6)
    for order in (resume, resend):
        with pytest.raises(TooLate, match="2026-11-23 12:00 UTC"):
            order(lite.runtime, NAME)
    assert lite.state is EditionState.PAUSED


def test_an_audit_adds_up_and_names_what_does_not(lite: Office) -> None:
    lite.settle(2, S.ACCEPTED)
    fine = audit(lite.runtime, NAME)
    assert (fine.counts.audience, fine.problems) == (4, ())
    lite.stores.editions.move(lite.id, Move.FINISH, NOW)
    assert audit(lite.runtime, NAME).problems == ("it is sent, but 2 letters are unfinished",)
    with lite.stores.database.write() as connection:
        connection.execute(text("DELETE FROM letters"))
    assert "letters are booked, but none was frozen" in audit(lite.runtime, NAME).problems


def test_an_audit_misses_a_reader_whose_row_was_deleted(lite: Office) -> None:
    lite.settle(3, S.ACCEPTED)
    assert (audit(lite.runtime, NAME).audience, audit(lite.runtime, NAME).problems) == (4, ())
    with lite.stores.database.write() as connection:
        connection.execute(text("DELETE FROM deliveries WHERE reader_id = (SELECT min(reader_id) FROM deliveries)"))
    assert audit(lite.runtime, NAME).problems == ("it was frozen for 4 readers, but the states add up to 3",)


def test_an_audit_names_letters_that_an_expired_edition_left_waiting(lite: Office) -> None:
    lite.now = NOW + timedelta(hours=7)
    assert "expired, but 4 letters are unfinished" in audit(lite.runtime, NAME).problems[0]

"""What the stored ledger does beside the port: the order of claims, leaving out, what is told, and sending again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.contracts.test_ledger import IDS, ME, NOW, OTHER, frozen

from digest.bookkeeping import Order, Outcome, RecoveryFinding, Step
from digest.model.delivery import DeliveryState as S
from digest.model.ids import EditionKey, ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions, suppressions

LATER = NOW + timedelta(minutes=3)
REFUSED_DAYS = 5


@pytest.fixture
def ledger(database: Database) -> Deliveries:
    return frozen(database)


def claimed(ledger: Deliveries, most: int) -> list[int]:
    return [claim.reader_id for claim in ledger.book(ME, Step(claim=most), NOW).claims]


def returned(ledger: Deliveries, *ids: ReaderId) -> None:
    ledger.book(ME, Step(outcomes=tuple(Outcome(reader, S.QUEUED, 0) for reader in ids)), NOW)


def test_claims_go_on_behind_the_last_one_and_begin_again_with_the_first(ledger: Deliveries) -> None:
    assert claimed(ledger, 2) == [1, 2]
    returned(ledger, *IDS[:2])
    assert claimed(ledger, 2) == [3, 4]
    assert claimed(ledger, 9) == [5]
    assert claimed(ledger, 9) == [1, 2]
    assert claimed(ledger, 9) == []


def test_who_may_not_get_it_is_left_out_with_the_reason_and_others_are_claimed_instead(
    ledger: Deliveries, database: Database
) -> None:
    with database.write() as connection:
        connection.execute(subscriptions.delete().where(subscriptions.c.reader_id == 1))
        connection.execute(readers.update().where(readers.c.id == 2).values(state="left"))
        gone = {"identity": "r3@example.org", "why": "rejected", "since": NOW}
        connection.execute(suppressions.insert(), [gone])
        paused = subscriptions.update().where(subscriptions.c.reader_id == 4).values(paused_until=LATER)
        connection.execute(paused)
    assert ledger.departed(IDS, NOW) == {1, 2, 3, 4}
    assert ledger.departed(IDS[3:], LATER) == set()
    assert ledger.departed((), NOW) == set()
    assert claimed(ledger, 2) == [5]
    assert {row.reader_id: (row.state, row.reply) for row in ledger.rows(S.SUPPRESSED)} == {
        1: (S.SUPPRESSED, "left before it was sent"),
        2: (S.SUPPRESSED, "left before it was sent"),
        3: (S.SUPPRESSED, "suppressed: rejected"),
        4: (S.SUPPRESSED, "paused before it was sent"),
    }


def test_rows_are_told_in_the_order_of_the_readers_all_or_those_of_some_states(ledger: Deliveries) -> None:
    ledger.book(ME, Step(claim=2), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:2])), NOW)
    put_off = Outcome(IDS[1], S.DEFERRED, 1, "DATA: 451 later", next_attempt=LATER, relay="mx")
    ledger.book(ME, Step(outcomes=(put_off,)), NOW)
    assert [row.reader_id for row in ledger.rows()] == IDS
    (row,) = ledger.rows(S.DEFERRED)
    assert row.edition == EditionKey(name="morning", date=date(2026, 11, 23))
    assert (row.attempts, row.next_attempt, row.reply, row.relay) == (1, LATER, "DATA: 451 later", "mx")
    assert ledger.next_attempt() == LATER
    assert [row.reader_id for row in ledger.rows(S.DEFERRED, S.ATTEMPTING)] == IDS[:2]
    assert ledger.counts().by_state == ((S.QUEUED, 3), (S.ATTEMPTING, 1), (S.DEFERRED, 1))


def test_what_expires_keeps_its_last_answer(ledger: Deliveries) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:1])), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.DEFERRED, 1, "451 later", next_attempt=LATER),)), NOW)
    assert ledger.expire(NOW, "too late") == 5
    assert [row.reply for row in ledger.rows()] == ["too late; last answer: 451 later", *["too late"] * 4]
    assert ledger.next_attempt() is None
    assert ledger.expire(NOW, "again") == 0


def test_what_was_rejected_since_an_instant_is_sent_again(ledger: Deliveries) -> None:
    for reader, when in zip(IDS[:2], (NOW, LATER), strict=True):
        ledger.book(ME, Step(claim=1), when)
        ledger.book(ME, Step(attempt=(reader,)), when)
        ledger.book(ME, Step(outcomes=(Outcome(reader, S.REJECTED, 1, "DATA: 550 no"),)), when)
    assert ledger.resend(LATER, S.UNCERTAIN) == 0
    assert ledger.resend(LATER, S.ACCEPTED) == 0, "what was accepted is not sent again"
    assert ledger.resend(LATER, S.REJECTED, since=LATER + timedelta(seconds=1)) == 0
    assert ledger.resend(LATER, S.REJECTED, since=LATER) == 1
    assert ledger.resend(LATER, S.REJECTED) == 1
    assert ledger.counts().by_state == ((S.QUEUED, 5),)


@pytest.mark.parametrize(
    ("state", "order"),
    [("sending", Order.GO), ("paused", Order.PAUSE), ("cancelled", Order.CANCEL), ("sent", Order.GO)],
)
def test_the_operators_order_comes_with_each_step(
    ledger: Deliveries, database: Database, state: str, order: Order
) -> None:
    with database.write() as connection:
        connection.execute(editions.update().values(state=state))
    assert ledger.book(ME, Step(renew=True), NOW).order is order


def test_a_renewal_is_told_only_when_it_was_asked_for(ledger: Deliveries) -> None:
    ledger.book(ME, Step(claim=2), NOW)
    assert ledger.book(ME, Step(claim=1), NOW).ours is None
    assert ledger.book(ME, Step(renew=True), NOW).ours == frozenset(IDS[:3])
    assert ledger.book(OTHER, Step(renew=True), NOW).ours == frozenset()


def test_what_is_settled_is_counted_and_nothing_is_nothing(ledger: Deliveries) -> None:
    assert ledger.settle([], NOW) == 0
    ledger.book(OTHER, Step(claim=2), NOW)
    held = ledger.held_by_others(ME)
    findings = [RecoveryFinding(one, Outcome(one.reader_id, S.QUEUED, 0)) for one in held]
    assert ledger.settle(findings, LATER) == 2
    assert ledger.settle(findings, LATER) == 0


def rejected_on(database: Database, days: int, words: str) -> bool:
    """Let the first reader be rejected on days in a row; return whether that suppresses the address."""
    with database.write() as connection:
        for day in range(days):
            due = NOW - timedelta(days=days - 1 - day)
            row = {"id": 100 + day, "name": "morning", "date": due.date() - timedelta(days=50), "state": "sending"}
            connection.execute(editions.insert(), [row | {"reason": "", "due": due, "expires": due, "changed_at": due}])
            letter = {"edition_id": 100 + day, "reader_id": 1, "state": "queued", "updated_at": due}
            make(connection, [100 + day])
            connection.execute(deliveries.insert(), [letter])
    for day in range(days):
        ledger, when = Deliveries(database, 100 + day), NOW - timedelta(days=days - 1 - day)
        ledger.book(ME, Step(claim=1), when)
        ledger.book(ME, Step(attempt=(ReaderId(1),)), when)
        ledger.book(ME, Step(outcomes=(Outcome(ReaderId(1), S.REJECTED, 1, words),)), when)
    with database.read() as connection:
        return bool(connection.scalar(select(suppressions.c.identity)))


@pytest.mark.parametrize("days", [REFUSED_DAYS - 1, REFUSED_DAYS])
def test_an_address_that_was_refused_often_enough_gets_no_more(
    ledger: Deliveries, database: Database, days: int
) -> None:
    assert ledger.counts().audience == 5
    assert rejected_on(database, days, "RCPT: 550 no") == (days == REFUSED_DAYS)


@pytest.mark.parametrize("words", ["DATA: 550 no", ""])
def test_a_letter_that_was_refused_for_itself_says_nothing_of_the_address(
    ledger: Deliveries, database: Database, words: str
) -> None:
    assert ledger.counts().audience == 5
    assert not rejected_on(database, REFUSED_DAYS, words)


def test_an_instant_is_stored_in_utc(ledger: Deliveries) -> None:
    moment = datetime(2026, 11, 23, 9, 0, 0, 250_000, tzinfo=UTC).astimezone()
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:1])), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.DEFERRED, 1, "451", next_attempt=moment),)), NOW)
    assert ledger.next_attempt() == moment


def test_nothing_of_another_edition_is_told_of_this_one(ledger: Deliveries, database: Database) -> None:
    key = {"id": 2, "name": "evening", "date": date(2026, 11, 23), "state": "sending", "reason": ""}
    moments = {"due": NOW, "expires": LATER, "changed_at": NOW}
    held = {"worker": OTHER.name, "lease_until": NOW, "journal_host": "there", "journal_file": "x"}
    put_off = {"state": "deferred", "next_attempt": LATER, "updated_at": NOW}
    with database.write() as connection:
        connection.execute(editions.insert(), [key | moments | {"sums": {"accepted": 7}}])
        make(connection, [2])
        for reader, row in ((1, put_off), (2, {"state": "attempting", "updated_at": NOW} | held)):
            connection.execute(deliveries.insert(), [{"edition_id": 2, "reader_id": reader} | row])
    assert dict(ledger.counts().by_state) == {S.QUEUED: len(IDS)}
    assert ledger.next_attempt() is None
    assert {row.edition.name for row in ledger.rows()} == {"morning"}
    assert list(ledger.held_by_others(ME)) == []
    assert ledger.departed(IDS, NOW) == set()
    evening = Deliveries(database, 2)
    assert dict(evening.counts().by_state) == {S.ACCEPTED: 7}, "what was pruned is counted by its sums"
    assert evening.next_attempt() == LATER
    assert [row.reader_id for row in evening.rows()] == [1, 2]
    assert [each.reader_id for each in evening.held_by_others(ME)] == [2]
    assert evening.departed(IDS, NOW) == set(IDS), "nobody gets it"

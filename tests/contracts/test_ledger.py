"""One suite for the ledger, in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digest.bookkeeping import LEASE, TRANSITIONS, Finding, Outcome, Step, Worker
from digest.deliver.ledger import Ledger
from digest.deliver.memory import MemoryLedger
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions

S = DeliveryState
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ME, OTHER = Worker("me", "here/boot", "me.journal"), Worker("other", "there/boot", "other.journal")
IDS = [ReaderId(n) for n in range(1, 6)]


def frozen(database: Database) -> Deliveries:
    edition = {"id": 1, "name": "morning", "date": date(2026, 11, 23), "state": "sending", "reason": ""}
    with database.write() as connection:
        connection.execute(editions.insert(), [edition | {"due": NOW, "expires": NOW, "changed_at": NOW}])
        for n in IDS:
            who = {"id": n, "address": f"r{n}@example.org", "identity": f"r{n}@example.org", "state": "active"}
            connection.execute(readers.insert(), [who | {"consent": {}, "added_at": NOW}])
            connection.execute(subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": NOW}])
            row = {"edition_id": 1, "reader_id": n, "state": "queued", "updated_at": NOW}
            connection.execute(deliveries.insert(), [row])
    return Deliveries(database, 1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger({n: f"r{n}@example.org" for n in IDS})
        return
    url = f"sqlite:///{tmp_path / 'x.db'}" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    database = Database(url)
    database.require_schema()
    yield frozen(database)
    database.close()


def test_a_letter_is_claimed_once(ledger: Ledger) -> None:
    mine = ledger.book(ME, Step(claim=3), NOW).claims
    theirs = ledger.book(OTHER, Step(claim=10), NOW).claims
    assert [claim.reader_id for claim in mine] == IDS[:3]
    assert [(claim.reader_id, claim.address) for claim in theirs] == [(n, f"r{n}@example.org") for n in IDS[3:]]
    assert ledger.book(ME, Step(claim=10), NOW).claims == ()


def test_only_its_claimer_may_attempt_and_record(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=2), NOW)
    assert ledger.book(OTHER, Step(attempt=(IDS[0],)), NOW).attempting == frozenset()
    assert ledger.book(ME, Step(attempt=tuple(IDS)), NOW).attempting == frozenset(IDS[:2])
    taken = Outcome(IDS[0], S.ACCEPTED, 1, "250 ok")
    ledger.book(OTHER, Step(outcomes=(taken,)), NOW)
    assert ledger.counts().of(S.ACCEPTED) == 0
    ledger.book(ME, Step(outcomes=(taken,)), NOW)
    assert ledger.counts().by_state == ((S.QUEUED, 3), (S.ATTEMPTING, 1), (S.ACCEPTED, 1))


def test_a_final_state_stays(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.QUEUED, 1),)), NOW)
    assert ledger.counts().of(S.ACCEPTED) == 1


def test_a_deferred_letter_is_due_at_its_time(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=5), NOW)
    later = NOW + timedelta(minutes=5)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[1], S.DEFERRED, 1, "451", next_attempt=later),)), NOW)
    assert ledger.next_attempt() == later
    assert ledger.book(ME, Step(claim=5), later - timedelta(seconds=1)).claims == ()
    (again,) = ledger.book(ME, Step(claim=5), later).claims
    assert (again.reader_id, again.attempts) == (IDS[1], 1)


def test_what_others_hold_is_shown_and_settled_only_as_it_was_found(ledger: Ledger) -> None:
    ledger.book(OTHER, Step(claim=2), NOW)
    ledger.book(OTHER, Step(attempt=(IDS[0],)), NOW)
    held = ledger.held_by_others(ME)
    assert [(one.reader_id, one.state, one.worker) for one in held] == [
        (IDS[0], S.ATTEMPTING, "other"),
        (IDS[1], S.CLAIMED, "other"),
    ]
    assert {one.lease_until for one in held} == {NOW + LEASE}
    assert {(one.journal_host, one.journal_file) for one in held} == {("there/boot", "other.journal")}
    assert ledger.held_by_others(OTHER) == []
    ledger.book(OTHER, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    findings = [Finding(one, Outcome(one.reader_id, S.QUEUED, 0)) for one in held]
    assert ledger.settle(findings, NOW) == 1
    assert ledger.counts().by_state == ((S.QUEUED, 4), (S.ACCEPTED, 1))


def test_a_renewal_tells_what_is_still_ours(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=2), NOW)
    (first, _) = ledger.held_by_others(OTHER)
    ledger.settle([Finding(first, Outcome(first.reader_id, S.QUEUED, 0))], NOW)
    later = NOW + timedelta(minutes=1)
    assert ledger.book(ME, Step(renew=True), later).ours == frozenset(IDS[1:2])
    assert ledger.held_by_others(OTHER)[0].lease_until == later + LEASE


def test_its_own_worker_may_still_say_what_became_of_an_uncertain_letter(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:1])), NOW)
    (held,) = ledger.held_by_others(OTHER)
    ledger.settle([Finding(held, Outcome(IDS[0], S.UNCERTAIN, 1, "out of reach"))], NOW)
    assert ledger.counts().of(S.UNCERTAIN) == 1
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1, "250"),)), NOW)
    assert ledger.counts().of(S.ACCEPTED) == 1


def test_an_expired_edition_ends_what_was_not_sent(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    assert ledger.expire(NOW, "too late") == 4
    assert ledger.counts().by_state == ((S.ACCEPTED, 1), (S.EXPIRED, 4))
    assert ledger.counts().audience == 5


def test_no_state_that_is_final_leads_anywhere() -> None:
    assert set(TRANSITIONS) == set(S)
    assert {state for state, ways in TRANSITIONS.items() if not ways} == {
        S.ACCEPTED,
        S.REJECTED,
        S.EXPIRED,
        S.SUPPRESSED,
    }

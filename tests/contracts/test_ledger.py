"""One suite for the ledger, in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from tests.conftest import Ready

from digest.bookkeeping import (
    CHANGES,
    LEASE,
    Change,
    EndedRun,
    Held,
    LeftLetter,
    Outcome,
    RecoveryFinding,
    Shard,
    Step,
    Worker,
)
from digest.deliver.ledger.ledger import Ledger
from digest.deliver.ledger.memory import MemoryLedger
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.ledger_statements import Statements
from digest.storage.partitions import make
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
        make(connection, [1])
        for n in IDS:
            who = {"id": n, "address": f"r{n}@example.org", "identity": f"r{n}@example.org", "state": "active"}
            connection.execute(readers.insert(), [who | {"consent": {}, "added_at": NOW}])
            connection.execute(subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": NOW}])
            row = {"edition_id": 1, "reader_id": n, "state": "queued", "updated_at": NOW}
            connection.execute(deliveries.insert(), [row])
    return Deliveries(database, 1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, ready: Ready) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger({n: f"r{n}@example.org" for n in IDS})
        return
    database = Database(ready(request.param))
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
    ledger.book(ME, Step(attempt=(IDS[0],)), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.QUEUED, 1),)), NOW)
    assert ledger.counts().of(S.ACCEPTED) == 1


def test_a_deferred_letter_is_due_at_its_time(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=5), NOW)
    ledger.book(ME, Step(attempt=(IDS[1],)), NOW)
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
    findings = [RecoveryFinding(one, Outcome(one.reader_id, S.QUEUED, 0)) for one in held]
    assert ledger.settle(findings, NOW) == 1
    assert ledger.counts().by_state == ((S.QUEUED, 4), (S.ACCEPTED, 1))


def test_a_renewal_tells_what_is_still_ours(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=2), NOW)
    (first, _) = ledger.held_by_others(OTHER)
    ledger.settle([RecoveryFinding(first, Outcome(first.reader_id, S.QUEUED, 0))], NOW)
    later = NOW + timedelta(minutes=1)
    assert ledger.book(ME, Step(renew=True), later).ours == frozenset(IDS[1:2])
    assert ledger.held_by_others(OTHER)[0].lease_until == later + LEASE


def test_a_renewal_names_what_is_claimed_in_the_same_step(ledger: Ledger) -> None:
    first = ledger.book(ME, Step(claim=2, renew=True), NOW)
    assert first.ours == frozenset(IDS[:2])
    later = NOW + timedelta(minutes=1)
    assert ledger.book(ME, Step(claim=1, renew=True), later).ours == frozenset(IDS[:3])
    assert {held.lease_until for held in ledger.held_by_others(OTHER)} == {later + LEASE}


def test_its_own_worker_may_still_say_what_became_of_an_uncertain_letter(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(attempt=tuple(IDS[:1])), NOW)
    (held,) = ledger.held_by_others(OTHER)
    ledger.settle([RecoveryFinding(held, Outcome(IDS[0], S.UNCERTAIN, 1, "out of reach"))], NOW)
    assert ledger.counts().of(S.UNCERTAIN) == 1
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1, "250"),)), NOW)
    assert ledger.counts().of(S.ACCEPTED) == 1


def test_an_expired_edition_ends_what_was_not_sent(ledger: Ledger) -> None:
    ledger.book(ME, Step(claim=1), NOW)
    ledger.book(ME, Step(attempt=(IDS[0],)), NOW)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    assert ledger.expire(NOW, "too late") == 4
    assert ledger.counts().by_state == ((S.ACCEPTED, 1), (S.EXPIRED, 4))
    assert ledger.counts().audience == 5


def put(ledger: Ledger, state: DeliveryState, worker: Worker = ME) -> None:
    """Bring the first letter into a state, in the hands of a worker."""
    if isinstance(ledger, MemoryLedger):
        row = ledger.rows[IDS[0]]
        row.state, row.worker, row.lease_until, row.next_attempt = state, worker, NOW + LEASE, NOW
        return
    assert isinstance(ledger, Deliveries)
    values: dict[str, object] = {
        "state": state.value,
        "worker": worker.name,
        "journal_host": worker.journal_host,
        "attempts": 0,
    }
    values |= {"journal_file": worker.journal_file, "lease_until": NOW + LEASE, "next_attempt": NOW}
    with ledger._database.write() as connection:
        connection.execute(deliveries.update().where(deliveries.c.reader_id == IDS[0]).values(values))


def state_of(ledger: Ledger) -> DeliveryState:
    if isinstance(ledger, MemoryLedger):
        return ledger.rows[IDS[0]].state
    assert isinstance(ledger, Deliveries)
    with ledger._database.read() as connection:
        return S(connection.scalar(select(deliveries.c.state).where(deliveries.c.reader_id == IDS[0])))


def record(ledger: Ledger, end: DeliveryState) -> None:
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], end, 1),)), NOW)


def settle(ledger: Ledger, end: DeliveryState) -> None:
    held = Held(IDS[0], state_of(ledger), ME.name, NOW, ME.journal_host, ME.journal_file, 0)
    ledger.settle([RecoveryFinding(held, Outcome(IDS[0], end, 1))], NOW)


@pytest.mark.parametrize(
    ("write", "changes"), [(record, [Change.RECORD]), (settle, [Change.RECORD, Change.FIND])], ids=["record", "settle"]
)
def test_an_outcome_is_written_only_where_the_table_of_changes_has_it(
    ledger: Ledger, write: Callable[[Ledger, DeliveryState], None], changes: list[Change]
) -> None:
    for state, end in product(S, S):
        put(ledger, state)
        write(ledger, end)
        allowed = any(end in CHANGES[change].get(state, ()) for change in changes)
        assert state_of(ledger) is (end if allowed else state), (state, end)


def leave_out(ledger: Ledger) -> None:
    """Claim the letter of a reader who has left."""
    if isinstance(ledger, MemoryLedger):
        ledger.left.add(IDS[0])
    elif isinstance(ledger, Deliveries):
        with ledger._database.write() as connection:
            connection.execute(subscriptions.delete().where(subscriptions.c.reader_id == IDS[0]))
    ledger.book(ME, Step(claim=5), NOW)


WRITERS: dict[Change, Callable[[Ledger], object]] = {
    Change.CLAIM: lambda ledger: ledger.book(ME, Step(claim=5), NOW),
    Change.ATTEMPT: lambda ledger: ledger.book(ME, Step(attempt=(IDS[0],)), NOW),
    Change.EXPIRE: lambda ledger: ledger.expire(NOW, "too late"),
    Change.LEAVE_OUT: leave_out,
}


@pytest.mark.parametrize("change", WRITERS)
def test_each_statement_changes_the_states_that_the_table_of_changes_has_for_it(ledger: Ledger, change: Change) -> None:
    for state in S:
        put(ledger, state)
        WRITERS[change](ledger)
        (end,) = CHANGES[change].get(state, {state})
        assert state_of(ledger) is end, state


def test_at_the_operators_word_only_what_is_uncertain_or_was_refused_is_queued_again(database: Database) -> None:
    ledger = frozen(database)
    for state in S:
        put(ledger, state)
        ledger.resend(NOW, state)
        (end,) = CHANGES[Change.RESEND].get(state, {state})
        assert state_of(ledger) is end, state


@pytest.mark.parametrize("accepted", [True, False])
def test_a_journal_proves_something_only_of_letters_that_wait(database: Database, accepted: bool) -> None:  # noqa: FBT001 - the case itself
    ledger, end = frozen(database), S.ACCEPTED if accepted else S.UNCERTAIN
    letter = LeftLetter(IDS[0], accepted=accepted, reply="250", relay="mx", attempts=0)
    for state in S:
        put(ledger, state)
        ledger.prove(EndedRun("gone", "gone.journal", NOW, (letter,)), NOW)
        allowed = end in CHANGES[Change.PROVE].get(state, ())
        assert state_of(ledger) is (end if allowed else state), state


def test_only_what_waits_is_rejected_when_whoever_takes_it_in_hand_dies_and_only_in_its_shard(
    database: Database,
) -> None:
    whole = frozen(database)
    one = Deliveries(database, 1, Shard(IDS[0], IDS[0]))
    for state in S:
        put(whole, state)
        one.reject(NOW, "its processes died")
        (end,) = CHANGES[Change.REJECT].get(state, {state})
        assert state_of(whole) is end, state
    assert whole.counts().of(S.QUEUED) == len(IDS) - 1


def test_a_shard_is_claimed_counted_and_asked_about_by_itself(database: Database) -> None:
    whole, shard = frozen(database), Deliveries(database, 1, Shard(IDS[1], IDS[2]), timedelta(seconds=30))
    assert shard.lease_ends() is None
    assert [claim.reader_id for claim in shard.book(ME, Step(claim=10), NOW).claims] == IDS[1:3]
    assert shard.book(ME, Step(claim=10), NOW).claims == ()
    assert shard.lease_ends() == NOW + timedelta(seconds=30)
    assert (shard.counts().audience, whole.counts().audience) == (2, len(IDS))
    whole.book(OTHER, Step(claim=10), NOW)
    assert [held.reader_id for held in shard.held_by_others(OTHER)] == IDS[1:3]
    assert [held.reader_id for held in shard.held_by_others(ME)] == []
    assert shard.expire(NOW, "too late") == 0


def test_no_statement_touches_what_another_worker_holds(ledger: Ledger) -> None:
    for state in (S.CLAIMED, S.ATTEMPTING, S.UNCERTAIN):
        put(ledger, state, OTHER)
        for end in S:
            record(ledger, end)
        ledger.book(ME, Step(attempt=(IDS[0],), claim=5), NOW)
        assert state_of(ledger) is state


def test_every_statement_that_writes_a_state_is_walked_here() -> None:
    for dialect in ("sqlite", "postgresql"):
        written = {name for name, text in vars(Statements(dialect)).items() if "SET state" in str(text)}
        assert written == {"record", "settle", "prove", "attempt", "claim", "leave_out"}
    by_name = {Change.RECORD, Change.FIND, Change.PROVE, Change.RESEND, Change.REJECT}
    assert {*WRITERS, *by_name} == set(Change)


def test_a_letter_that_was_accepted_expired_or_left_out_stays_so() -> None:
    begun = {state for changes in CHANGES.values() for state in changes}
    assert set(S) - begun == {S.ACCEPTED, S.EXPIRED, S.SUPPRESSED}

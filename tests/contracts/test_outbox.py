"""The outbox is a ledger of mails to one person, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, update

from digest.bookkeeping import CHANGES, LEASE, Change, Outcome, RecoveryFinding, Step, Worker
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.outbox import ADDRESS_FOR, NOT_SENT_FOR, Outbox
from digest.storage.schema.mailing import outbox as rows
from digest.storage.signups import Decided, NewAsk, Signups

S = DeliveryState
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
EXPIRES = NOW + timedelta(hours=24)
ME, OTHER = Worker("me", "here/boot", "me.journal"), Worker("other", "there/boot", "other.journal")
IDS = [ReaderId(n) for n in range(1, 6)]


def asked(database: Database, numbers: list[ReaderId]) -> Signups:
    signups = Signups(database)
    for n in numbers:
        name = f"r{n}@example.org"
        ask = NewAsk(
            kind="sign-up",
            address=name,
            identity=name,
            limit_key=f"hash{n}",
            language="de",
            request={"editions": ["morning"]},
            nonce=f"n{n}",
            expires=EXPIRES,
        )
        assert signups.ask(ask, (), NOW) is None
    return signups


@pytest.fixture
def outbox(database: Database) -> Outbox:
    """Give an outbox with five mails that may go."""
    said = {"request": {"key": "k"}, "expires": EXPIRES, "language": "de"}
    decided = [Decided(id=n, kind="confirm", address=f"r{n}@example.org", **said) for n in IDS]  # type: ignore[arg-type]
    assert asked(database, IDS).settle(decided, NOW, NOW) == 5
    return Outbox(database)


def accepted(outbox: Outbox, number: ReaderId, now: datetime = NOW) -> None:
    outbox.book(ME, Step(claim=5), now)
    outbox.book(ME, Step(attempt=(number,)), now)
    outbox.book(ME, Step(outcomes=(Outcome(number, S.ACCEPTED, 1, f"250 r{number}@example.org"),)), now)


def test_what_nobody_decided_on_is_no_mail_yet(database: Database) -> None:
    asked(database, IDS)
    outbox = Outbox(database)
    assert not outbox.is_due(NOW)
    assert outbox.counts().audience == 0
    assert outbox.book(ME, Step(claim=5), NOW).claims == ()


def test_a_mail_says_what_is_to_be_written(outbox: Outbox) -> None:
    mail = outbox.mail(2)
    assert (mail.kind, mail.address, mail.language, mail.nonce) == ("confirm", "r2@example.org", "de", "n2")
    assert mail.request == {"key": "k"}
    with pytest.raises(LookupError, match="99"):
        outbox.mail(99)


def test_a_mail_is_claimed_once_and_in_the_order_of_asking(outbox: Outbox) -> None:
    mine = outbox.book(ME, Step(claim=3), NOW).claims
    theirs = outbox.book(OTHER, Step(claim=10), NOW).claims
    assert [(claim.reader_id, claim.address) for claim in mine] == [(n, f"r{n}@example.org") for n in IDS[:3]]
    assert [claim.reader_id for claim in theirs] == IDS[3:]
    assert not outbox.is_due(NOW)


def test_only_its_claimer_may_attempt_and_record(outbox: Outbox) -> None:
    outbox.book(ME, Step(claim=2), NOW)
    assert outbox.book(OTHER, Step(attempt=(IDS[0],)), NOW).attempting == frozenset()
    assert outbox.book(ME, Step(attempt=tuple(IDS)), NOW).attempting == frozenset(IDS[:2])
    taken = Outcome(IDS[0], S.ACCEPTED, 1, "250 ok")
    outbox.book(OTHER, Step(outcomes=(taken,)), NOW)
    assert outbox.counts().of(S.ATTEMPTING) == 2
    outbox.book(ME, Step(outcomes=(taken,)), NOW)
    assert outbox.counts().by_state == ((S.QUEUED, 3), (S.ATTEMPTING, 1))
    outbox.book(ME, Step(outcomes=(Outcome(IDS[0], S.QUEUED, 1),)), NOW)
    assert outbox.counts().of(S.QUEUED) == 3


def test_a_mail_that_was_put_off_is_due_at_its_time(outbox: Outbox) -> None:
    outbox.book(ME, Step(claim=5), NOW)
    outbox.book(ME, Step(attempt=tuple(IDS)), NOW)
    later = NOW + timedelta(minutes=5)
    gone = tuple(Outcome(n, S.ACCEPTED, 1) for n in IDS if n != IDS[1])
    outbox.book(ME, Step(outcomes=(Outcome(IDS[1], S.DEFERRED, 1, "451", next_attempt=later), *gone)), NOW)
    assert outbox.next_attempt() == later
    assert not outbox.is_due(later - timedelta(seconds=1))
    assert outbox.is_due(later)
    (again,) = outbox.book(ME, Step(claim=5), later).claims
    assert (again.reader_id, again.attempts) == (IDS[1], 1)


def test_a_mail_that_could_not_leave_in_its_time_is_ended(outbox: Outbox) -> None:
    assert outbox.book(ME, Step(claim=5), EXPIRES).claims == ()
    assert outbox.counts().unfinished == 0


def test_what_others_hold_is_shown_and_settled_only_as_it_was_found(outbox: Outbox) -> None:
    outbox.book(OTHER, Step(claim=2), NOW)
    outbox.book(OTHER, Step(attempt=(IDS[0],)), NOW)
    held = outbox.held_by_others(ME)
    assert [(one.reader_id, one.state, one.worker) for one in held] == [
        (IDS[0], S.ATTEMPTING, "other"),
        (IDS[1], S.CLAIMED, "other"),
    ]
    assert {one.lease_until for one in held} == {NOW + LEASE}
    assert {(one.journal_host, one.journal_file) for one in held} == {("there/boot", "other.journal")}
    assert outbox.held_by_others(OTHER) == []
    outbox.book(OTHER, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1),)), NOW)
    findings = [RecoveryFinding(one, Outcome(one.reader_id, S.QUEUED, 0)) for one in held]
    assert outbox.settle(findings, NOW) == 1
    assert outbox.counts().by_state == ((S.QUEUED, 4),)


def test_what_a_killed_run_held_is_due_when_its_lease_is_over(outbox: Outbox) -> None:
    outbox.book(OTHER, Step(claim=5), NOW)
    assert not outbox.is_due(NOW + LEASE - timedelta(seconds=1))
    assert outbox.is_due(NOW + LEASE)


def test_a_renewal_tells_what_is_still_ours(outbox: Outbox) -> None:
    outbox.book(ME, Step(claim=2), NOW)
    (first, _) = outbox.held_by_others(OTHER)
    outbox.settle([RecoveryFinding(first, Outcome(first.reader_id, S.QUEUED, 0))], NOW)
    later = NOW + timedelta(minutes=1)
    assert outbox.book(ME, Step(renew=True), later).ours == frozenset(IDS[1:2])
    assert outbox.held_by_others(OTHER)[0].lease_until == later + LEASE


def test_its_own_worker_may_still_say_what_became_of_an_uncertain_mail(outbox: Outbox) -> None:
    outbox.book(ME, Step(claim=1), NOW)
    outbox.book(ME, Step(attempt=tuple(IDS[:1])), NOW)
    (held,) = outbox.held_by_others(OTHER)
    outbox.settle([RecoveryFinding(held, Outcome(IDS[0], S.UNCERTAIN, 1, "out of reach"))], NOW)
    assert outbox.counts().of(S.UNCERTAIN) == 1
    outbox.book(ME, Step(outcomes=(Outcome(IDS[0], S.ACCEPTED, 1, "250"),)), NOW)
    assert outbox.counts().of(S.UNCERTAIN) == 0


def test_all_that_waits_can_be_ended(outbox: Outbox) -> None:
    accepted(outbox, IDS[0])
    outbox.book(ME, Step(outcomes=tuple(Outcome(n, S.QUEUED, 0) for n in IDS[1:])), NOW)
    assert outbox.expire(NOW, "the operator said so") == 4
    assert outbox.counts().audience == 0


def test_a_purge_takes_addresses_first_and_what_is_counted_last(database: Database, outbox: Outbox) -> None:
    accepted(outbox, IDS[0])
    signups = Signups(database)
    assert outbox.expire(NOW, "ended") == 0  # the others are in our hands
    outbox.book(ME, Step(attempt=tuple(IDS[1:])), NOW)
    outbox.book(ME, Step(outcomes=tuple(Outcome(n, S.REJECTED, 1, "550") for n in IDS[1:])), NOW)
    assert outbox.purge(NOW + NOT_SENT_FOR, YEAR) == 0
    assert outbox.purge(NOW + NOT_SENT_FOR + timedelta(seconds=1), YEAR) == 4
    assert outbox.mail(1).address == "r1@example.org"
    outbox.purge(NOW + ADDRESS_FOR + timedelta(seconds=1), YEAR)
    assert (outbox.mail(1).address, outbox.mail(1).request) == ("", {})
    assert [mail.limit_key for mail in signups.mails(["hash1"], NOW - YEAR)] == ["hash1"]
    assert outbox.purge(NOW + YEAR + timedelta(seconds=1), YEAR) == 1
    assert signups.mails(["hash1"], NOW - YEAR) == ()


def test_what_waits_to_be_decided_is_never_purged_within_its_year(database: Database) -> None:
    signups = asked(database, IDS)
    assert Outbox(database).purge(NOW + timedelta(days=30), YEAR) == 0
    assert len(signups.waiting(NOW, 10)) == 5


def put(database: Database, state: DeliveryState) -> None:
    held = {"worker": ME.name, "lease_until": NOW + LEASE, "next_attempt": NOW, "expires": EXPIRES}
    with database.write() as connection:
        connection.execute(update(rows).where(rows.c.id == IDS[0]).values(state=state.value, **held))


def state_of(database: Database) -> DeliveryState:
    with database.read() as connection:
        return S(connection.scalar(select(rows.c.state).where(rows.c.id == IDS[0])))


def test_an_outcome_is_written_only_where_the_table_of_changes_has_it(database: Database, outbox: Outbox) -> None:
    for state, end in product(S, S):
        put(database, state)
        outbox.book(ME, Step(outcomes=(Outcome(IDS[0], end, 1),)), NOW)
        allowed = end in CHANGES[Change.RECORD].get(state, ())
        assert state_of(database) is (end if allowed else state), (state, end)


@pytest.mark.parametrize("change", [Change.CLAIM, Change.ATTEMPT, Change.EXPIRE])
def test_each_statement_changes_the_states_that_the_table_of_changes_has_for_it(
    database: Database, outbox: Outbox, change: Change
) -> None:
    writers: dict[Change, Callable[[], object]] = {
        Change.CLAIM: lambda: outbox.book(ME, Step(claim=5), NOW),
        Change.ATTEMPT: lambda: outbox.book(ME, Step(attempt=(IDS[0],)), NOW),
        Change.EXPIRE: lambda: outbox.expire(NOW, "too late"),
    }
    for state in S:
        put(database, state)
        writers[change]()
        (end,) = CHANGES[change].get(state, {state})
        assert state_of(database) is end, state

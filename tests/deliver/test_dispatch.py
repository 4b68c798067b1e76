"""A run over a ledger: everybody once, whatever the relay does."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.bookkeeping import Claim, Order, Step, Worker
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.pacing.rate_limits import Limit, Rates
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.options import Controls, Progress
from digest.deliver.transports.files import FileTransport
from digest.errors import BadAddress, OutboxUnwritable, RelayMishandled, RelayRefused, RelayUnreachable
from digest.model.delivery import DeliveryState
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

Relays = Callable[..., "ScriptedRelay"]
Audience = Callable[[int], Mapping[int, str]]
S = DeliveryState

STRANGER = Worker("stranger", "elsewhere/boot", "stranger.journal")


def states(ledger: MemoryLedger) -> list[DeliveryState]:
    return [row.state for row in ledger.rows.values()]


def test_two_runs_send_each_reader_one_letter(
    database: Database, freeze: Callable[[Database, int], Deliveries], relays: Relays, post: Post
) -> None:
    ledger, relay = freeze(database, 200), relays()
    first = post.send(ledger, post.transport(relay, connections=4))
    second = post.send(ledger, post.transport(relay, connections=4))
    assert relay.recipients == sorted({f"reader{n}@example.org" for n in range(1, 201)})
    assert (first.number(Fate.ACCEPTED), second.settled) == (200, ())
    assert first.counts.by_state == second.counts.by_state == ((S.ACCEPTED, 200),)
    assert list(post.journals.iterdir()) == []


@pytest.mark.parametrize("abilities", [("PIPELINING",), ()])
def test_the_letters_arrive_byte_for_byte(
    relays: Relays, post: Post, audience: Audience, abilities: tuple[str, ...]
) -> None:
    relay = relays(abilities=abilities)
    ledger = MemoryLedger(audience(30))
    post.send(ledger, post.transport(relay, connections=3))
    sent = {address: post.message(address) for address in audience(30).values()}
    assert dict(relay.letters) == sent


def test_a_deferred_letter_waits_for_its_time_and_is_the_same_again(
    relays: Relays, post: Post, audience: Audience
) -> None:
    relay = relays(lambda verb, nth, _who: b"451 4.7.1 come back\r\n" if verb == "RCPT" and nth == 0 else None)
    ledger, transport = MemoryLedger(audience(2)), post.transport(relay)
    first = post.send(ledger, transport)
    assert states(ledger) == [S.DEFERRED, S.ACCEPTED]
    assert first.next_attempt is not None
    assert timedelta(minutes=3) < first.next_attempt - post.now < timedelta(minutes=7)
    assert post.send(ledger, transport).settled == ()
    post.now = first.next_attempt
    post.send(ledger, transport)
    assert states(ledger) == [S.ACCEPTED, S.ACCEPTED]
    assert ledger.rows[next(iter(ledger.rows))].attempts == 2


@pytest.mark.slow
def test_a_run_may_stay_for_deferred_letters(relays: Relays, post: Post, audience: Audience) -> None:
    relay = relays(lambda verb, nth, _who: b"451 4.7.1 come back\r\n" if verb == "RCPT" and nth == 0 else None)
    ledger, moments = MemoryLedger(audience(2)), iter(range(10**9))
    post.clock = lambda: post.now + timedelta(seconds=45) * next(moments)
    report = post.send(ledger, post.transport(relay), wait_for_deferred=timedelta(hours=1))
    assert states(ledger) == [S.ACCEPTED, S.ACCEPTED]
    assert report.stopped == ""


def test_after_its_expiry_no_letter_leaves(relays: Relays, post: Post, audience: Audience) -> None:
    relay, ledger = relays(), MemoryLedger(audience(5))
    report = post.send(ledger, post.transport(relay), expires=post.now)
    assert relay.letters == []
    assert report.counts.by_state == ((S.EXPIRED, 5),)


def test_a_reader_who_left_after_the_freeze_gets_nothing(
    database: Database, freeze: Callable[[Database, int], Deliveries], relays: Relays, post: Post
) -> None:
    ledger, relay = freeze(database, 4), relays()
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM subscriptions WHERE reader_id = 1")
        connection.exec_driver_sql("UPDATE readers SET state = 'left' WHERE id = 2")
        connection.exec_driver_sql(
            "INSERT INTO suppressions SELECT identity, 'complaint', added_at FROM readers WHERE id = 3"
        )
    post.send(ledger, post.transport(relay))
    assert relay.recipients == ["reader4@example.org"]
    assert [row.state for row in ledger.rows()] == [S.SUPPRESSED, S.SUPPRESSED, S.SUPPRESSED, S.ACCEPTED]


def test_an_unknown_mailbox_is_suppressed_and_a_full_one_is_not(
    database: Database, freeze: Callable[[Database, int], Deliveries], relays: Relays, post: Post
) -> None:
    replies = {"reader1@example.org": b"550 5.1.1 who?\r\n", "reader2@example.org": b"552 5.2.2 full\r\n"}
    relay = relays(lambda verb, _nth, who: replies.get(who) if verb == "RCPT" else None)
    ledger = freeze(database, 3)
    post.send(ledger, post.transport(relay))
    with database.read() as connection:
        gone = connection.exec_driver_sql("SELECT identity FROM suppressions").scalars().all()
    assert gone == ["reader1@example.org"]
    assert [row.state for row in ledger.rows()] == [S.REJECTED, S.REJECTED, S.ACCEPTED]
    assert "5.1.1 who?" in ledger.rows()[0].reply


def test_a_letter_that_cannot_be_written_is_left_out_and_the_rest_goes(
    relays: Relays, post: Post, audience: Audience
) -> None:
    def write(claim: Claim) -> Parcel:
        if claim.reader_id == 2:
            raise BadAddress("reader2: no address")
        return Parcel(claim.reader_id, "a@paper.example", claim.address, b"Subject: x\r\n\r\nx\r\n")

    relay, ledger = relays(), MemoryLedger(audience(3))
    post.send(ledger, post.transport(relay), write=write)
    assert states(ledger) == [S.ACCEPTED, S.REJECTED, S.ACCEPTED]


def test_an_error_in_the_program_ends_the_run_and_is_reported(relays: Relays, post: Post, audience: Audience) -> None:
    def write(claim: Claim) -> Parcel:
        raise ZeroDivisionError(str(claim.reader_id))

    ledger, relay = MemoryLedger(audience(3)), relays()
    report = post.send(ledger, post.transport(relay), write=write)
    assert isinstance(report.error, RelayMishandled)
    assert [type(fault) for _, fault in report.faults] == [ZeroDivisionError]
    assert not relay.letters
    assert not set(states(ledger)) & {S.ACCEPTED, S.REJECTED, S.UNCERTAIN}


def test_an_unreachable_relay_costs_no_attempt(post: Post, audience: Audience, relays: Relays) -> None:
    ledger, relay = MemoryLedger(audience(3)), relays()
    transport = post.transport(relay, port=1)
    report = post.send(ledger, transport, relay_patience=post.patience)
    assert isinstance(report.error, RelayUnreachable)
    assert "127.0.0.1:1" in str(report.error)
    assert states(ledger) == [S.QUEUED] * 3
    assert {row.attempts for row in ledger.rows.values()} == {0}


def test_a_policy_refusal_stops_the_run_and_suppresses_nobody(relays: Relays, post: Post, audience: Audience) -> None:
    relay = relays(lambda verb, _nth, _who: b"550 5.7.1 your address is listed\r\n" if verb == "RCPT" else None)
    ledger = MemoryLedger(audience(100))
    report = post.send(ledger, post.transport(relay))
    assert "5.7.1" in report.stopped
    assert isinstance(report.error, RelayRefused)
    assert report.counts.of(S.QUEUED) == 100
    assert ledger.left == set()


def test_a_burst_of_refusals_opens_the_breaker(relays: Relays, post: Post, audience: Audience) -> None:
    relay = relays(lambda verb, _nth, _who: b"550 no\r\n" if verb == "RCPT" else None)
    report = post.send(MemoryLedger(audience(100)), post.transport(relay))
    assert "refuses us" in report.stopped
    assert report.counts.of(S.QUEUED) == 100
    assert report.counts.audience == 100


@pytest.mark.parametrize(("order", "state"), [(Order.PAUSE, S.QUEUED), (Order.CANCEL, S.EXPIRED)])
def test_the_operator_pauses_and_cancels_a_run(
    relays: Relays, post: Post, audience: Audience, order: Order, state: DeliveryState
) -> None:
    ledger = MemoryLedger(audience(50))
    ledger.order = order
    report = post.send(ledger, post.transport(relays()))
    assert "operator" in report.stopped
    assert set(states(ledger)) == {state}


def test_a_stopped_run_drains_and_the_next_goes_on(relays: Relays, post: Post, audience: Audience) -> None:
    stop = threading.Event()

    def watch(progress: Progress) -> None:
        if progress.settled >= 20:
            stop.set()

    relay, ledger = relays(), MemoryLedger(audience(400))
    report = post.send(ledger, post.transport(relay, connections=2), controls=Controls(stop=stop, on_progress=watch))
    assert report.stopped == "asked to stop"
    assert report.counts.of(S.QUEUED) + report.counts.of(S.ACCEPTED) == 400
    assert report.counts.of(S.QUEUED) > 0
    post.send(ledger, post.transport(relay, connections=2))
    assert len(relay.letters) == len(set(relay.recipients)) == 400


def test_a_rate_is_counted_before_sending(relays: Relays, post: Post, audience: Audience) -> None:
    relay = relays()
    began = time.monotonic()
    rates = Rates(overall=(Limit(4, 0.5),))
    post.send(MemoryLedger(audience(9)), post.transport(relay, connections=3), rates=rates)
    assert time.monotonic() - began >= 1.0
    assert len(relay.letters) == 9


def test_a_domain_at_its_limit_does_not_hold_up_the_others(relays: Relays, post: Post) -> None:
    addresses = {n: f"r{n}@{'full' if n <= 8 else 'free'}.example" for n in range(1, 13)}
    stop, relay = threading.Event(), relays()

    def watch(progress: Progress) -> None:
        if progress.settled >= 8:  # the others wait for hours
            stop.set()

    rates = Rates(domains={"*": (Limit(4, 7200),)})
    controls = Controls(stop=stop, on_progress=watch)
    post.send(MemoryLedger(addresses), post.transport(relay), rates=rates, controls=controls)
    assert Counter(who.partition("@")[2] for who, _ in relay.letters) == {"full.example": 4, "free.example": 4}


def test_letters_over_the_limit_of_their_domain_leave_when_its_time_is_over(relays: Relays, post: Post) -> None:
    addresses = {n: f"r{n}@{'slow' if n % 2 else 'fast'}.example" for n in range(1, 13)}
    relay = relays()
    post.send(MemoryLedger(addresses), post.transport(relay), rates=Rates(domains={"*": (Limit(3, 0.3),)}))
    assert len(relay.letters) == 12


def test_letters_of_a_worker_out_of_reach_become_uncertain_after_its_lease(
    relays: Relays, post: Post, audience: Audience
) -> None:
    ledger, relay = MemoryLedger(audience(3)), relays()
    ledger.book(STRANGER, Step(claim=2), post.now)
    ledger.book(STRANGER, Step(attempt=tuple(list(ledger.rows)[:1])), post.now)
    post.send(ledger, post.transport(relay))
    assert states(ledger) == [S.ATTEMPTING, S.CLAIMED, S.ACCEPTED]
    post.now += timedelta(minutes=3)
    post.send(ledger, post.transport(relay))
    assert states(ledger) == [S.UNCERTAIN, S.ACCEPTED, S.ACCEPTED]
    post.send(ledger, post.transport(relay))
    assert states(ledger)[0] is S.UNCERTAIN
    post.send(ledger, post.transport(relay), on_uncertain="resend")
    assert states(ledger)[0] is S.ACCEPTED


def test_the_outbox_holds_each_letter_once(post: Post, audience: Audience) -> None:
    ledger, folder = MemoryLedger(audience(3)), post.journals.parent / "outbox"
    post.send(ledger, FileTransport(folder))
    assert states(ledger) == [S.ACCEPTED] * 3
    assert sorted(path.name for path in folder.iterdir()) == [f"{n:06d}-reader{n}@example.org.eml" for n in (1, 2, 3)]
    assert (folder / "000002-reader2@example.org.eml").read_bytes() == post.message("reader2@example.org")


def test_an_outbox_that_cannot_be_written_is_named(post: Post, audience: Audience) -> None:
    blocked = post.journals.parent / "outbox"
    blocked.write_text("a file, not a folder")
    ledger = MemoryLedger(audience(3))
    report = post.send(ledger, FileTransport(blocked))
    assert isinstance(report.error, OutboxUnwritable)
    assert str(blocked) in str(report.error)
    assert states(ledger) == [S.QUEUED] * 3

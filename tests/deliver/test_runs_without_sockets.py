"""Whole runs of dispatch over a transport in memory: what a run counts, tells, waits for and leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from digest.bookkeeping import Order, Step, Worker
from digest.deliver.ledger.journal import here
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.pacing.rate_limits import Limit, Rates
from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.options import Controls, DispatchReport, Progress
from digest.deliver.run.way import Way
from digest.deliver.transports.transport import Feed
from digest.errors import OutboxUnwritable, RelayMishandled, RelayRefused, RelayUnreachable
from digest.model.delivery import DeliveryState as S
from digest.model.ids import ReaderId

if TYPE_CHECKING:
    from tests.deliver.conftest import Post

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
Audience = Callable[[int], Mapping[int, str]]
KEPT = Verdict(Fate.ACCEPTED, reply="250 kept")
LATER = Verdict(Fate.DEFERRED, reply="451 later", about=About.NOW, reason=Reason.GREYLIST)
LOST = Verdict(Fate.RETURNED, Act.BACK_OFF, "421 closing")


@dataclass
class Box:
    """A relay in memory: ``answer`` gives each letter its verdict, or raises."""

    answer: Callable[[Parcel], Verdict] = lambda _parcel: KEPT
    name: str = "box"
    lanes: int = 1
    taken: list[int] = field(default_factory=list)
    opened: int = 0

    async def carry(self, feed: Feed) -> None:
        self.opened += 1
        while await feed.more():
            while (parcel := feed.take()) is not None:
                feed.handing_over(parcel)
                self.taken.append(parcel.id)
                feed.settle(parcel, self.answer(parcel))


class Shut(Box):
    """A relay that lets nobody in."""

    async def carry(self, feed: Feed) -> None:
        assert feed
        self.opened += 1
        raise RelayUnreachable(f"{self.name} is away")


class Full(Box):
    """A folder that cannot be written."""

    async def carry(self, feed: Feed) -> None:
        assert feed
        self.opened += 1
        raise OutboxUnwritable(f"{self.name} cannot be written")


def states(ledger: MemoryLedger) -> dict[int, S]:
    return {reader: row.state for reader, row in ledger.rows.items()}


def test_a_run_tells_what_it_did_and_that_it_is_done(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(5))
    report = post.send(ledger, Box(lambda parcel: LATER if parcel.id == 3 else KEPT))
    assert (report.number(Fate.ACCEPTED), report.number(Fate.DEFERRED), report.number(Fate.REJECTED)) == (4, 1, 0)
    assert report.replies == (("accepted", 4), ("deferred now greylist", 1))
    assert report.counts.by_state == ((S.ACCEPTED, 4), (S.DEFERRED, 1))
    assert (report.stopped, report.error, report.troubles, report.recovered) == ("", None, (), 0)
    assert report.next_attempt == ledger.next_attempt()
    assert 0 <= report.seconds < 60
    assert list(post.journals.iterdir()) == [], "the ledger knows all"


def test_progress_begins_with_what_earlier_runs_settled_and_counts_no_letter_twice(
    post: Post, audience: Audience
) -> None:
    ledger = MemoryLedger(audience(6))
    post.send(ledger, Box(lambda parcel: KEPT if parcel.id <= 2 else LATER))
    for row in ledger.rows.values():
        row.next_attempt = NOW if row.state is S.DEFERRED else None
    lost, told = [5], list[Progress]()

    def answer(parcel: Parcel) -> Verdict:
        if parcel.id in lost:
            lost.remove(parcel.id)
            return LOST
        return KEPT

    post.send(ledger, Box(answer), controls=Controls(on_progress=told.append))
    assert told[0].settled >= 2
    assert {each.audience for each in told} == {6}
    assert told[-1].settled == 6
    assert max(each.settled for each in told) == 6
    assert [each.seconds for each in told] == sorted(each.seconds for each in told)
    assert 0 <= told[-1].seconds < 60


def in_no_time(post: Post, ledger: MemoryLedger, box: Box, stay: float, **orders: Any) -> DispatchReport:
    """Send by a clock that goes two minutes at each look, staying so many minutes for deferred letters."""
    moment = [NOW]

    def clock() -> datetime:
        moment[0] += timedelta(seconds=120)
        return moment[0]

    post.clock = clock
    return post.send(ledger, box, wait_for_deferred=timedelta(minutes=stay), **orders)


def test_a_run_stays_for_what_is_due_while_it_was_asked_to_stay(post: Post, audience: Audience) -> None:
    tries: dict[int, int] = {}

    def answer(parcel: Parcel) -> Verdict:
        tries[parcel.id] = tries.get(parcel.id, 0) + 1
        return LATER if tries[parcel.id] == 1 else KEPT

    ledger = MemoryLedger(audience(2))
    report = in_no_time(post, ledger, Box(answer), 90, expires=NOW + timedelta(hours=9))
    assert report.counts.of(S.ACCEPTED) == 2
    assert tries == {1: 2, 2: 2}


def test_a_run_does_not_stay_for_what_is_due_after_its_time_or_the_editions(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(2))
    assert (
        in_no_time(post, ledger, Box(lambda _parcel: LATER), 4, expires=NOW + timedelta(hours=9)).counts.of(S.DEFERRED)
        == 2
    )
    again = MemoryLedger(audience(2))
    report = in_no_time(post, again, Box(lambda _parcel: LATER), 90, expires=NOW + timedelta(minutes=4))
    assert report.counts.of(S.EXPIRED, S.DEFERRED) == 2


def test_an_order_to_cancel_ends_what_was_not_sent_and_says_so(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(4))
    ledger.order = Order.CANCEL
    report = post.send(ledger, Box())
    assert report.stopped == "cancelled by the operator"
    assert {row.reply for row in ledger.rows.values()} == {"cancelled by the operator"}
    assert set(states(ledger).values()) == {S.EXPIRED}


def test_an_order_to_pause_leaves_letters_for_later(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(4))
    ledger.order = Order.PAUSE
    assert post.send(ledger, Box()).stopped == "paused by the operator"
    assert set(states(ledger).values()) == {S.QUEUED}


def test_an_edition_whose_time_is_over_is_ended_and_says_so(post: Post, audience: Audience) -> None:
    ledger, box = MemoryLedger(audience(3)), Box()
    report = post.send(ledger, box, expires=NOW)
    assert report.stopped == "the edition has expired"
    assert {row.reply for row in ledger.rows.values()} == {"the edition expired before it could be sent"}
    assert (set(states(ledger).values()), box.taken) == ({S.EXPIRED}, [])
    other = MemoryLedger(audience(3))
    post.send(other, box, expires=NOW + timedelta(microseconds=1))
    assert set(states(other).values()) == {S.ACCEPTED}


def test_a_run_that_is_asked_to_stop_before_it_begins_sends_nothing(post: Post, audience: Audience) -> None:
    ledger, stop = MemoryLedger(audience(3)), threading.Event()
    stop.set()
    report = post.send(ledger, Box(), controls=Controls(stop=stop))
    assert report.stopped == "asked to stop"
    assert set(states(ledger).values()) == {S.QUEUED}


def held_by_another(ledger: MemoryLedger, count: int) -> None:
    """Let another run on this machine, that is gone with its journal, have letters in its hands."""
    gone = Worker("gone", here(), "gone.journal")
    claims = ledger.book(gone, Step(claim=count), NOW - timedelta(hours=1)).claims
    ledger.book(gone, Step(attempt=tuple(claim.reader_id for claim in claims)), NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("how", "state", "recovered"), [("hold", S.UNCERTAIN, 2), ("resend", S.ACCEPTED, 2), ("skip", S.UNCERTAIN, 2)]
)
def test_letters_of_unknown_fate_are_settled_as_the_operator_wants(
    post: Post, audience: Audience, how: str, state: S, recovered: int
) -> None:
    ledger = MemoryLedger(audience(5))
    held_by_another(ledger, 2)
    report = post.send(ledger, Box(), on_uncertain=how)
    assert report.recovered >= recovered
    assert states(ledger) == {1: state, 2: state, 3: S.ACCEPTED, 4: S.ACCEPTED, 5: S.ACCEPTED}


def ways(*boxes: Box) -> tuple[Way, ...]:
    return tuple(Way(transport=box, name=box.name) for box in boxes)


def test_a_folder_that_cannot_be_written_is_the_error_of_a_run_that_has_no_other(
    post: Post, audience: Audience
) -> None:
    ledger = MemoryLedger(audience(3))
    report = post.send(ledger, Full(name="outbox"))
    assert isinstance(report.error, OutboxUnwritable)
    assert report.stopped == "outbox cannot be written"
    assert report.troubles == ()
    assert set(states(ledger).values()) == {S.QUEUED}


def test_with_another_way_it_is_a_trouble_and_everything_leaves(post: Post, audience: Audience) -> None:
    ledger, open_ = MemoryLedger(audience(9)), Box(name="open")
    report = post.send(ledger, ways(Full(name="outbox"), open_))
    assert (report.error, report.stopped, report.troubles) == (None, "", ("outbox cannot be written",))
    assert len(open_.taken) == 9


def test_when_all_ways_are_closed_the_run_ends_with_the_first_trouble_and_names_the_other(
    post: Post, audience: Audience
) -> None:
    ledger = MemoryLedger(audience(3))
    report = post.send(ledger, ways(Full(name="one"), Full(name="two")))
    assert str(report.error) == "one cannot be written"
    assert report.stopped in {"one cannot be written", "two cannot be written"}
    assert report.troubles == (() if report.stopped.startswith("two") else ("two cannot be written",))


def test_a_relay_that_stays_away_longer_than_its_patience_ends_the_run(post: Post, audience: Audience) -> None:
    ledger, away = MemoryLedger(audience(3)), Shut(name="mx")
    report = post.send(ledger, away, relay_patience=timedelta(seconds=0.2))
    assert isinstance(report.error, RelayUnreachable)
    assert report.stopped == "mx is away"
    assert set(states(ledger).values()) == {S.QUEUED}
    assert away.opened >= 2
    once = Shut(name="mx")
    post.send(MemoryLedger(audience(3)), once, relay_patience=timedelta())
    assert once.opened == 1


def test_letters_of_a_relay_that_is_away_leave_by_the_other(post: Post, audience: Audience) -> None:
    ledger, open_ = MemoryLedger(audience(30)), Box(name="open")
    report = post.send(ledger, ways(Shut(name="shut"), open_))
    assert (report.error, report.troubles) == (None, ("shut is away",))
    assert sorted(open_.taken) == list(range(1, 31))


def test_refusals_of_us_stop_the_run_and_name_the_relay(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(20))
    refused = Verdict(Fate.RETURNED, reply="550 listed", about=About.US, reason=Reason.REPUTATION)
    report = post.send(ledger, Box(lambda _parcel: refused, name="mx"))
    assert isinstance(report.error, RelayRefused)
    assert report.stopped.startswith("the relay refuses us: 550 listed")
    assert set(states(ledger).values()) == {S.QUEUED}
    assert {row.attempts for row in ledger.rows.values()} == {0}


def test_what_holds_all_letters_up_is_told_once_nothing_else_is_to_do(post: Post, audience: Audience) -> None:
    ledger, told, stop = MemoryLedger(audience(5)), list[Progress](), threading.Event()

    def watch(progress: Progress) -> None:
        told.append(progress)
        if progress.waiting:
            stop.set()

    report = post.send(
        ledger,
        Box(),
        rates=Rates(overall=(Limit(2, 3600.0),)),
        controls=Controls(on_progress=watch, stop=stop),
    )
    assert any(each.waiting.startswith("waiting: 2 an hour reached") for each in told)
    assert not told[0].waiting
    assert report.counts.by_state == ((S.QUEUED, 3), (S.ACCEPTED, 2))


def test_a_reader_who_leaves_meanwhile_gets_nothing(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(3))
    ledger.left.add(ReaderId(2))
    box = Box()
    post.send(ledger, box)
    assert sorted(box.taken) == [1, 3]
    assert states(ledger)[2] is S.SUPPRESSED


class Faulty(Box):
    """A relay at which the program itself fails, with a letter in hand that it may have handed over."""

    handed = False

    async def carry(self, feed: Feed) -> None:
        self.opened += 1
        while await feed.more():
            parcel = feed.take()
            if parcel is not None:
                if self.handed:
                    feed.handing_over(parcel)
                raise KeyError(parcel.id)


def test_a_relay_at_which_the_program_fails_leaves_its_letters_to_the_other(post: Post, audience: Audience) -> None:
    ledger, good = MemoryLedger(audience(20)), Box(name="good")
    report = post.send(ledger, (Way(transport=Faulty(name="bad")), Way(transport=good)))
    assert report.counts.by_state == ((S.ACCEPTED, 20),)
    assert [(name, type(error)) for name, error in report.faults] == [("bad", KeyError)]
    assert report.error is None
    assert "digest itself failed" in report.troubles[0]


def test_the_only_relay_at_which_the_program_fails_ends_the_run_and_keeps_the_letters(
    post: Post, audience: Audience
) -> None:
    ledger = MemoryLedger(audience(3))
    report = post.send(ledger, Faulty(name="bad"))
    assert isinstance(report.error, RelayMishandled)
    assert set(states(ledger).values()) == {S.QUEUED}
    assert post.send(ledger, Box()).counts.by_state == ((S.ACCEPTED, 3),), "the next run tries again"


def test_a_letter_handed_over_when_the_program_failed_is_uncertain(post: Post, audience: Audience) -> None:
    ledger, faulty = MemoryLedger(audience(3)), Faulty(name="bad")
    faulty.handed = True
    post.send(ledger, faulty)
    assert sorted(state.value for state in states(ledger).values()) == ["queued", "queued", "uncertain"]

"""A run's parts by a clock of our own: what waits for what, and for how long; no relay and no second passes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.bookkeeping import Claim, Order, Outcome, Step, Worker
from digest.deliver.ledger.journal import Journal, here, read
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.pacing.rate_limits import Limit, Rates
from digest.deliver.pacing.relay_choice import RateLimiter, SendSlot
from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.ledger_batches import RESULTS_SECONDS, LedgerBatches
from digest.deliver.run.options import DispatchOptions
from digest.deliver.run.route import Route
from digest.deliver.run.run_state import GROUP, RunState
from digest.deliver.run.way import Way
from digest.deliver.transports.transport import Feed
from digest.errors import DigestError, RelayBusy, RelayRefused, RelayUnreachable
from digest.model.delivery import DeliveryState as S
from digest.model.ids import ReaderId

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ME = Worker("me", here(), "me.journal")
ACCEPTED = Verdict(Fate.ACCEPTED, reply="250 kept")
GONE = Verdict(Fate.REJECTED, reply="550 unknown", about=About.RECIPIENT, reason=Reason.GONE)
OF_US = Verdict(Fate.RETURNED, reply="550 listed", about=About.US, reason=Reason.REPUTATION)
TOO_FAST = Verdict(Fate.RETURNED, Act.SLOW, "421 too fast", about=About.NOW, reason=Reason.RATE)


@dataclass(frozen=True)
class Pipe:
    """A transport that is never opened."""

    name: str = "mx"
    lanes: int = 2

    async def carry(self, feed: Feed) -> None:
        raise AssertionError(feed)


def claim(reader: int, **changes: Any) -> Claim:
    return Claim(ReaderId(reader), f"r{reader}@example.org", **changes)


def parcel_of(claim: Claim) -> Parcel:
    return Parcel(claim.reader_id, "b@paper.example", claim.address, b"letter")


@dataclass
class Bench:
    """A shift, its routes and its books, at a time that only we change."""

    journals: Path
    stack: ExitStack
    at: float = 1000.0
    write: Callable[[Claim], Parcel] = parcel_of
    options: dict[str, Any] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    readers: int = 5
    reported: list[Route] = field(default_factory=list)

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.at - 1000.0)

    def run_state(self) -> RunState:
        orders = DispatchOptions(expires=NOW + timedelta(hours=1), journals=self.journals, **self.options)
        journal = self.stack.enter_context(Journal(self.journals))
        run_state = RunState(self.write, orders, self.clock, journal, lambda: self.at)
        run_state.lease_ends, run_state.looked_at = self.at + 1e6, self.at + 1e6
        run_state.chance = random.Random(1)  # noqa: S311 - spreads retries
        return run_state

    def route(self, run_state: RunState, way: Way | None = None, *, alone: bool = True) -> Route:
        return Route(way or Way(transport=Pipe()), run_state, alone=alone, changed=self.reported.append)

    def batches(self, run_state: RunState, *routes: Route) -> tuple[LedgerBatches, MemoryLedger]:
        ledger = MemoryLedger({n: f"r{n}@example.org" for n in range(1, self.readers + 1)})
        return LedgerBatches(ledger, ME, RateLimiter(self.rates, run_state.orders.tallies), run_state, routes), ledger


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(tmp_path / "journals", stack)


def is_closed(route: Route) -> bool:
    return route.closed


def works(route: Route) -> bool:
    return route.works


def is_done(batches: LedgerBatches) -> bool:
    return batches.is_done


def is_exhausted(batches: LedgerBatches) -> bool:
    return batches.exhausted


def permit(reader: int, due: float = float("-inf"), lapses: float = float("inf"), **changes: Any) -> SendSlot:
    return SendSlot(claim(reader, **changes), 0, due, lapses)


# --- a run --------------------------------------------------------------------------------------------------------


def test_a_letter_that_comes_back_a_fourth_time_is_put_off(bench: Bench) -> None:
    run_state = bench.run_state()
    for _ in range(4):
        run_state.note(claim(1), Verdict(Fate.RETURNED, reply="lost"), "mx")
    run_state.note(claim(2), Verdict(Fate.RETURNED), "mx")
    assert [each.state for each in run_state.outcomes] == [S.QUEUED] * 3 + [S.DEFERRED, S.QUEUED]
    assert run_state.settled[Fate.RETURNED] == 5


def test_outcomes_are_written_when_they_are_many_or_nothing_else_is_under_way(bench: Bench) -> None:
    run_state = bench.run_state()
    run_state.under_way = 1
    for reader in range(1, GROUP):
        run_state.note(claim(reader), ACCEPTED, "mx")
    assert not run_state.to_book.is_set()
    run_state.note(claim(GROUP), ACCEPTED, "mx")
    assert run_state.to_book.is_set()
    quiet = bench.run_state()
    quiet.note(claim(1), ACCEPTED, "mx")
    assert quiet.to_book.is_set()
    assert quiet.replies == {"accepted": 1}


def test_the_first_reason_to_end_a_run_is_the_one_that_is_told(bench: Bench) -> None:
    run_state = bench.run_state()
    run_state.halt(RelayUnreachable("first"))
    run_state.halt(RelayUnreachable("second"))
    run_state.end("third")
    assert (str(run_state.error), run_state.stopped, run_state.over) == ("first", "first", True)
    assert run_state.ended.is_set()
    assert run_state.to_book.is_set()


def test_no_letter_leaves_from_the_instant_at_which_its_edition_expires(bench: Bench) -> None:
    run_state = bench.run_state()
    bench.at += 3599.9
    assert not run_state.is_expired()
    assert not run_state.over
    bench.at += 0.1
    assert run_state.is_expired()
    assert run_state.stopped == "the edition has expired"


# --- one way out --------------------------------------------------------------------------------------------------


def test_a_way_has_the_name_that_it_was_given_or_its_transports() -> None:
    assert (Way(transport=Pipe()).label, Way(transport=Pipe(), name="spare").label) == ("mx", "spare")


def test_the_only_way_gets_a_group_of_letters_when_it_has_less_than_one(bench: Bench) -> None:
    route = bench.route(bench.run_state())
    for reader in range(GROUP - 1):
        route.give(permit(reader))
    assert route.room().free == GROUP
    route.give(permit(GROUP))
    assert route.held == GROUP
    assert route.room().free == 0
    assert route.room().takes


def test_one_of_several_ways_gets_four_letters_for_each_lane(bench: Bench) -> None:
    route = bench.route(bench.run_state(), Way(transport=Pipe(lanes=3), weight=2.5), alone=False)
    room = route.room()
    assert (room.name, room.free, room.weight, room.takes) == ("mx", 12, 2.5, True)
    route.give(permit(1))
    assert route.room().free == 11
    for reader in range(20):
        route.give(permit(reader))
    assert route.room().free == 0


def test_letters_are_taken_in_order_and_asked_for_when_half_the_hand_is_empty(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state, Way(transport=Pipe(lanes=1)), alone=False)
    for reader in (1, 2, 3, 4):
        route.give(permit(reader))
    taken = [route.take(), route.take()]
    assert [parcel.id for parcel in taken if parcel] == [1, 2]
    assert (run_state.under_way, route.held) == (2, 2)
    assert not run_state.to_book.is_set()
    assert route.take() is not None
    assert run_state.to_book.is_set()


def test_letters_of_readers_who_left_or_are_no_longer_ours_come_out_of_the_hand(bench: Bench) -> None:
    route = bench.route(bench.run_state())
    for reader in (1, 2, 3):
        route.give(permit(reader))
    assert route.drop({ReaderId(9)}) == []
    assert [each.reader_id for each in route.drop({ReaderId(2)})] == [2]
    assert list(route.in_hand()) == [1, 3]
    assert [each.reader_id for each in route.keep(frozenset({ReaderId(3)}))] == [1]
    assert [each.reader_id for each in route.put_down()] == [3]
    assert (route.held, route.take()) == (0, None)


def test_a_letter_waits_for_its_moment_and_goes_back_when_it_is_missed(bench: Bench) -> None:
    run_state = bench.run_state()
    route, moment = bench.route(run_state), bench.clock().timestamp()
    route.give(permit(1, due=moment + 2.0, lapses=moment + 2.05))
    assert route._wait() == pytest.approx(2.0)
    assert route.take() is None
    bench.at += 2.05
    assert route.take() is not None, "at its last moment"
    route.give(permit(2, due=moment + 2.0, lapses=moment + 2.05))
    bench.at += 0.01
    assert route.take() is None
    assert [each.reader_id for each in run_state.undealt] == [2]
    assert run_state.to_book.is_set()


@pytest.mark.parametrize("how", ["lease", "look", "over", "closed", "expired"])
def test_no_letter_leaves_without_a_lease_a_fresh_look_and_a_run_that_goes_on(bench: Bench, how: str) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    route.give(permit(1))
    match how:
        case "lease":
            run_state.lease_ends = bench.at
        case "look":
            run_state.looked_at = bench.at - 1.5
        case "over":
            run_state.end("asked")
        case "closed":
            route.closed = True
        case "expired":
            bench.at += 3600
            run_state.lease_ends = run_state.looked_at = bench.at + 100
    assert route.take() is None
    assert route._wait() == 0.05
    assert run_state.to_book.is_set() or how == "closed"


def test_a_letter_leaves_just_before_its_lease_and_its_look_are_over(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    route.give(permit(1))
    run_state.lease_ends, run_state.looked_at = bench.at + 0.001, bench.at - 1.49
    assert route.take() is not None


def test_a_letter_that_cannot_be_written_is_left_out_and_the_next_one_goes(bench: Bench) -> None:
    def write(claim: Claim) -> Parcel:
        if claim.reader_id == 1:
            raise DigestError("no such slot")
        return parcel_of(claim)

    bench.write = write
    run_state = bench.run_state()
    route = bench.route(run_state)
    route.give(permit(1))
    route.give(permit(2))
    parcel = route.take()
    assert parcel is not None
    assert parcel.id == 2
    (outcome,) = run_state.outcomes
    assert (outcome.state, outcome.reply, outcome.relay) == (S.REJECTED, "not sent: no such slot", "")


def settled(route: Route, reader: int, verdict: Verdict) -> None:
    """Let a letter leave by a route, and be answered so."""
    route.give(permit(reader))
    parcel = route.take()
    assert parcel is not None
    route.handing_over(parcel)
    route.settle(parcel, verdict)


def test_what_a_relay_says_is_in_the_journal_and_among_the_outcomes(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, ACCEPTED)
    settled(route, 2, Verdict(Fate.DEFERRED, reply="451 later", about=About.NOW, reason=Reason.GREYLIST))
    settled(route, 3, Verdict(Fate.UNCERTAIN, Act.BACK_OFF, "silence"))
    settled(route, 4, Verdict(Fate.RETURNED, Act.BACK_OFF, "421 closing"))
    assert [(each.reader_id, each.state, each.relay) for each in run_state.outcomes] == [
        (1, S.ACCEPTED, "mx"),
        (2, S.DEFERRED, "mx"),
        (3, S.UNCERTAIN, "mx"),
        (4, S.QUEUED, ""),
    ]
    assert run_state.under_way == 0
    assert run_state.to_book.is_set()
    path = run_state.journal.path
    kept = path.read_text().splitlines()[1:]
    assert kept == [
        "A 1 0 mx",
        "R 1 accepted 250 kept",
        "A 2 0 mx",
        "R 2 deferred 451 later",
        "A 3 0 mx",
        "A 4 0 mx",
        "R 4 returned 421 closing",
    ]
    assert read(path.parent, here(), path.name).marks == {}, "it lives"


def test_a_refusal_is_held_until_a_later_letter_is_accepted(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, GONE)
    assert run_state.outcomes == []
    assert run_state.journal.path.read_text().endswith("R 1 returned 550 unknown\n")
    settled(route, 2, ACCEPTED)
    assert {each.reader_id: each.state for each in run_state.outcomes} == {1: S.REJECTED, 2: S.ACCEPTED}
    assert route.trouble() == ""


def test_a_refusal_of_us_that_others_do_not_meet_is_put_off_and_told(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, OF_US)
    settled(route, 2, ACCEPTED)
    assert {each.reader_id: each.state for each in run_state.outcomes} == {1: S.DEFERRED, 2: S.ACCEPTED}
    assert route.trouble().startswith("mx refuses some letters for our sake (550 listed")


def test_with_small_groups_outcomes_are_noted_at_once_and_written_together(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    booked(batches, bench)
    run_state.orders, run_state.group = replace(run_state.orders, letters_a_lane=2), 2
    run_state.under_way = 1
    first = [Outcome(ReaderId(n), S.QUEUED, 0) for n in (1, 2)]
    run_state.outcomes += first
    step = booked(batches, bench)
    assert (step.interim, step.outcomes) == (tuple(first), ())
    run_state.outcomes.append(Outcome(ReaderId(3), S.QUEUED, 0))
    assert booked(batches, bench).outcomes == (), "a group is not full, and nothing is old"
    bench.at += RESULTS_SECONDS
    assert [each.reader_id for each in booked(batches, bench).outcomes] == [1, 2, 3]


def test_what_was_noted_is_written_before_a_run_ends(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    booked(batches, bench)
    run_state.orders, run_state.group, run_state.under_way = replace(run_state.orders, letters_a_lane=2), 1, 1
    run_state.outcomes.append(Outcome(ReaderId(1), S.QUEUED, 0))
    assert booked(batches, bench).interim
    assert not is_done(batches)
    run_state.end("asked to stop")
    assert [each.reader_id for each in booked(batches, bench).outcomes][:1] == [1]
    assert ledger.counts().of(S.QUEUED) == 5


@pytest.mark.parametrize("order", [Order.PAUSE, Order.CANCEL, Order.LEAVE])
def test_a_run_ends_at_each_order(bench: Bench, order: Order) -> None:
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    ledger.order = order
    booked(batches, bench)
    assert (run_state.over, run_state.order) == (True, order)
    assert run_state.stopped


def test_three_refusals_of_us_close_the_relay_and_everything_goes_back(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    for reader in (1, 2):
        settled(route, reader, OF_US)
    assert not is_closed(route)
    settled(route, 3, OF_US)
    assert is_closed(route)
    assert not works(route)
    assert isinstance(route.error, RelayRefused)
    assert route.why.startswith("the relay refuses us: 550 listed")
    assert route.trouble().startswith("mx refuses to take letters (550 listed")
    assert [each.state for each in run_state.outcomes] == [S.QUEUED] * 3
    assert bench.reported == [route]
    assert (route.room().free, route.room().takes) == (0, False)


def test_what_is_held_at_the_end_of_the_work_is_concluded(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, GONE)
    route.release()
    assert [each.state for each in run_state.outcomes] == [S.REJECTED]
    settled(route, 2, OF_US)
    route.release()
    assert is_closed(route), "it spoke of us, and nobody tells otherwise"
    assert run_state.outcomes[-1].state is S.QUEUED


def test_a_relay_that_wants_somebody_to_look_is_used_no_more(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, Verdict(Fate.RETURNED, Act.STOP, "530 log in", about=About.US, reason=Reason.LOGIN))
    assert is_closed(route)
    assert [each.state for each in run_state.outcomes] == [S.QUEUED]


def test_a_letter_that_came_too_fast_stays_noted_and_the_next_one_waits(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, TOO_FAST)
    assert [each.reader_id for each in run_state.undealt] == [1]
    assert run_state.outcomes == []
    assert route._throttle.wait(bench.at) > 0
    route.give(permit(2))
    assert route.take() is None
    assert not is_closed(route)


def test_a_relay_to_which_every_pace_is_too_fast_is_given_up(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    for reader in range(1, 20):
        if route.closed:
            break
        settled(route, reader, TOO_FAST)
        bench.at += 20
    assert reader == 8, "after six rests"
    assert "it takes nothing however slowly we send: 421 too fast" in route.why


def test_a_letter_for_which_there_were_too_many_connections_is_dealt_again(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    settled(route, 1, Verdict(Fate.RETURNED, Act.FEWER, "421 busy", about=About.NOW, reason=Reason.CONNECTIONS))
    assert [each.reader_id for each in run_state.undealt] == [1]
    route.give(permit(2))
    assert route.take() is not None, "it is not slower for that"


def test_a_relay_rests_longer_at_each_failure_up_to_a_minute(bench: Bench) -> None:
    route = bench.route(bench.run_state())
    rests = []
    for _ in range(10):
        rests.append(route._failed(RelayUnreachable("away")))
        again = route._failed(RelayUnreachable("another lane saw it too"))
        assert again == rests[-1], "one rest for all lanes"
        bench.at += rests[-1]
    bounds = [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert all(bound / 2 <= rest <= bound for rest, bound in zip(rests, bounds, strict=True))
    assert len(bench.reported) == 20
    assert route.unreachable_for == pytest.approx(sum(rests))


def test_a_relay_that_is_away_gets_one_letter_after_its_rest_and_all_again_once_it_answers(bench: Bench) -> None:
    route = bench.route(bench.run_state(), alone=False)
    assert (route.works, route.unreachable_for) == (True, 0.0)
    rest = route._failed(RelayUnreachable("away"))
    assert not works(route)
    assert (route.room().free, route.room().takes) == (0, False)
    bench.at += rest
    assert (route.room().free, route.room().takes) == (1, True)
    route.give(permit(1))
    assert (route.room().free, route.room().takes) == (0, False)
    parcel = route.take()
    assert parcel is not None
    assert works(route), "a letter is under way"
    route.settle(parcel, ACCEPTED)
    assert (route.works, route.unreachable_for, route.trouble()) == (True, 0.0, "")
    assert route._failed(RelayUnreachable("away again")) <= 0.5, "rests begin short again"
    assert route.trouble() == "away again"


@pytest.mark.parametrize(
    ("verdict", "reached"),
    [
        (Verdict(Fate.RETURNED, Act.BACK_OFF, "421", about=About.NOW), False),
        (Verdict(Fate.UNCERTAIN, Act.BACK_OFF, "silence"), False),
        (Verdict(Fate.RETURNED, Act.GO_ON, "nothing said"), False),
        (TOO_FAST, True),
        (OF_US, True),
        (Verdict(Fate.DEFERRED, Act.GO_ON, "451", about=About.NOW), True),
    ],
)
def test_a_relay_is_reached_when_it_answers_for_a_letter_and_keeps_the_connection(
    bench: Bench,
    verdict: Verdict,
    reached: bool,  # noqa: FBT001 - the case itself
) -> None:
    route = bench.route(bench.run_state(), alone=False)
    bench.at += route._failed(RelayUnreachable("away"))
    settled(route, 1, verdict)
    assert (route.unreachable is None) == reached


def test_a_relay_that_wants_fewer_connections_gets_them_down_to_one(bench: Bench) -> None:
    route = bench.route(bench.run_state(), Way(transport=Pipe(lanes=3)))
    for left in (2, 1):
        route._crowded(RelayBusy("too many"))
        assert route.lanes.allowed == left
        assert works(route)
    route._crowded(RelayBusy("too many"))
    assert not works(route)


def test_a_route_that_is_closed_says_why_once(bench: Bench) -> None:
    route = bench.route(bench.run_state())
    route._close("first", RelayRefused("first error"))
    route._close("second", RelayRefused("second error"))
    assert (route.why, str(route.error), len(bench.reported)) == ("first", "first error", 1)


# --- the books ----------------------------------------------------------------------------------------------------


def booked(batches: LedgerBatches, bench: Bench) -> Step:
    """Write what is to be written now; return the step."""
    entry = batches.entry()
    batches.write(entry, bench.clock())()
    return entry.step


def test_letters_are_claimed_noted_and_dealt_and_then_the_run_is_done(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    first = booked(batches, bench)
    assert (first.claim, first.renew) == (500, True)
    assert not is_done(batches)
    booked(batches, bench)
    assert route.held == 5
    assert ledger.counts().of(S.ATTEMPTING) == 5
    assert is_exhausted(batches), "a second claim found nothing"
    for _ in range(5):
        parcel = route.take()
        assert parcel is not None
        assert not is_done(batches)
        route.settle(parcel, ACCEPTED)
    assert not is_done(batches), "what became of them is not written"
    booked(batches, bench)
    assert ledger.counts().of(S.ACCEPTED) == 5
    assert is_done(batches)
    assert not batches.entry()


@pytest.mark.parametrize(("readers", "more"), [(GROUP - 1, 500), (GROUP, 0)])
def test_more_letters_are_claimed_while_less_than_a_group_is_in_hand(bench: Bench, readers: int, more: int) -> None:
    bench.readers = readers
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    assert booked(batches, bench).claim == 500
    assert batches.entry().step.claim == more


def test_outcomes_gather_while_letters_are_under_way(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, _ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    parcels = [route.take() for _ in range(2)]
    assert parcels[0] is not None
    route.settle(parcels[0], ACCEPTED)
    assert batches.entry().step.outcomes == (), "the other is under way, and the last writing was just now"
    bench.at += 0.051
    assert len(batches.entry().step.outcomes) == 1
    assert batches.entry().step.outcomes == (), "each is written once"


def test_a_group_of_outcomes_is_written_at_once(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    booked(batches, bench)
    run_state.under_way = 1
    run_state.outcomes = [Outcome(ReaderId(n), S.ACCEPTED, 1) for n in range(GROUP - 1)]
    assert batches.entry().step.outcomes == ()
    run_state.outcomes.append(Outcome(ReaderId(GROUP), S.ACCEPTED, 1))
    assert len(batches.entry().step.outcomes) == GROUP


def test_the_lease_is_renewed_every_ten_seconds_and_ends_for_us_before_it_does(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    run_state.lease_ends = 0.0
    assert booked(batches, bench).renew
    assert run_state.lease_ends == bench.at + 90
    bench.at += 9.9
    assert not batches.entry().step.renew
    bench.at += 0.1
    assert batches.entry().step.renew
    run_state.end("asked")
    assert not batches.entry().step.renew


def test_who_has_left_is_asked_every_seven_tenths_of_a_second_while_letters_are_in_hand(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    run_state.looked_at = 0.0
    booked(batches, bench)
    assert run_state.looked_at == bench.at, "who is claimed has not left"
    booked(batches, bench)
    bench.at += 0.69
    assert batches.entry().look == ()
    bench.at += 0.02
    assert batches.entry().look == (1, 2, 3, 4, 5)
    ledger.left.add(ReaderId(4))
    booked(batches, bench)
    assert run_state.looked_at == bench.at
    assert list(route.in_hand()) == [1, 2, 3, 5]
    assert [(each.reader_id, each.state) for each in run_state.outcomes] == [(4, S.QUEUED)]
    booked(batches, bench)
    booked(batches, bench)
    assert ledger.rows[ReaderId(4)].state is S.SUPPRESSED


def test_a_claim_says_nothing_of_readers_whose_letters_are_in_hand_already(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    run_state.looked_at = bench.at - 0.5
    run_state.undealt.append(claim(3))
    booked(batches, bench)
    assert run_state.looked_at == bench.at - 0.5


def test_a_reader_who_left_is_found_among_the_letters_that_no_way_has(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    booked(batches, bench)
    ledger.left |= {ReaderId(1), ReaderId(5)}
    run_state.looked_at = 0.0
    booked(batches, bench)
    assert {each.reader_id for each in run_state.outcomes} == {1, 5}
    assert ledger.counts().of(S.ATTEMPTING) == 3


def test_a_limit_holds_letters_up_and_says_until_when(bench: Bench) -> None:
    bench.rates = Rates(overall=(Limit(2, 3600.0),))
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    assert route.held == 2
    booked(batches, bench)
    assert batches.wait is not None
    assert str(batches.wait).startswith("waiting: 2 an hour reached")
    assert batches.entry().rooms == ()
    assert batches.entry().step.claim == 0
    booked(batches, bench)
    assert ledger.counts().by_state == ((S.QUEUED, 3), (S.ATTEMPTING, 2)), "others may have the rest meanwhile"


def test_a_short_limit_keeps_its_letters_and_looks_again_in_time(bench: Bench) -> None:
    bench.rates = Rates(overall=(Limit(2, 20.0),))
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    while batches.wait is None:
        booked(batches, bench)
        bench.at += 0.01
    assert ledger.counts().of(S.CLAIMED) >= 3
    assert batches.entry().rooms == ()
    bench.at = 1000.0 + (batches.wait.until - NOW).total_seconds() - 0.51
    assert batches.entry().rooms == ()
    bench.at += 0.02
    assert batches.entry().rooms != ()


def test_claims_are_read_again_after_five_minutes(bench: Bench) -> None:
    bench.rates = Rates(overall=(Limit(1, 59.0),))
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    booked(batches, bench)
    bench.at += 299.9
    assert run_state.outcomes == []
    batches.entry()
    assert len(batches._claimed) == 5
    bench.at += 0.1
    entry = batches.entry()
    assert {each.state for each in entry.step.outcomes} == {S.QUEUED}
    assert len(entry.step.outcomes) == 5
    batches.write(entry, bench.clock())()
    assert ledger.counts().of(S.CLAIMED) == 5, "and claimed again"


def test_at_the_end_everything_that_did_not_leave_goes_back(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    parcel = route.take()
    assert parcel is not None
    run_state.undealt.append(claim(2))
    route.drop({ReaderId(2)})
    run_state.end("asked to stop")
    booked(batches, bench)
    assert route.held == 0
    assert ledger.counts().by_state == ((S.QUEUED, 4), (S.ATTEMPTING, 1))
    assert batches.entry().step.claim == 0
    route.settle(parcel, ACCEPTED)
    booked(batches, bench)
    assert ledger.counts().of(S.ACCEPTED) == 1


@pytest.mark.parametrize(
    ("order", "why"), [(Order.PAUSE, "paused by the operator"), (Order.CANCEL, "cancelled by the operator")]
)
def test_the_operators_order_ends_the_run(bench: Bench, order: Order, why: str) -> None:
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    ledger.order = order
    batches.renew(bench.clock())()
    assert (run_state.over, run_state.stopped, run_state.order) == (True, why, order)


def test_letters_that_others_took_while_we_slept_are_forgotten(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    run_state.undealt.append(claim(5))
    route.drop({ReaderId(5)})
    for reader in (1, 5):
        ledger.rows[ReaderId(reader)].worker = Worker("other", "there/boot", "other.journal")
    bench.at += 10
    booked(batches, bench)
    assert list(route.in_hand()) == [2, 3, 4]
    assert not run_state.undealt
    assert {each.reader_id for each in run_state.outcomes} == {1, 5}


def test_a_route_that_closed_meanwhile_leaves_its_letters_to_others(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, _ledger = bench.batches(run_state, route)
    booked(batches, bench)
    entry = batches.entry()
    take_up = batches.write(entry, bench.clock())
    route.closed = True
    take_up()
    assert route.held == 0
    assert [each.reader_id for each in run_state.undealt] == [1, 2, 3, 4, 5]


def test_what_came_back_is_claimed_again(bench: Bench) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, _ledger = bench.batches(run_state, route)
    booked(batches, bench)
    booked(batches, bench)
    assert is_exhausted(batches)
    parcel = route.take()
    assert parcel is not None
    route.settle(parcel, Verdict(Fate.RETURNED, Act.BACK_OFF, "421"))
    booked(batches, bench)
    assert not is_exhausted(batches)
    assert batches.entry().step.claim == 500


def test_a_run_claims_nothing_more_when_another_machine_found_that_a_relay_refuses_us(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, ledger = bench.batches(run_state, bench.route(run_state))
    run_state.orders = replace(run_state.orders, forbidden=lambda: "550 no (found by one)")
    run_state.outcomes.append(Outcome(ReaderId(1), S.QUEUED, 0))
    booked(batches, bench)
    assert (run_state.over, run_state.stopped) == (True, "550 no (found by one)")
    assert ledger.counts().of(S.CLAIMED) == 0


def test_a_run_asks_at_each_renewal_whether_it_may_go_on(bench: Bench) -> None:
    run_state = bench.run_state()
    batches, _ledger = bench.batches(run_state, bench.route(run_state))
    run_state.orders = replace(run_state.orders, forbidden=lambda: "makes way")
    batches.renew(bench.clock())()
    assert (run_state.over, run_state.stopped) == (True, "makes way")


def test_a_relay_had_a_letter_at_the_latest_as_long_before_its_answer_as_its_quickest_answer_takes(
    bench: Bench,
) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    took = [0.3, 0.2, 0.5, *[0.4] * 18, 0.6]
    for reader, seconds in enumerate(took, start=1):
        route.give(permit(reader))
        parcel = route.take()
        assert parcel is not None
        bench.at += seconds
        route.settle(parcel, ACCEPTED)
        before = 0.0 if reader <= 20 else 0.2  # a few answers do not show how quick it can be
        who, moment = run_state.answered[-1]
        assert who == reader
        assert moment == pytest.approx(bench.clock().timestamp() - before)


def test_a_limit_hears_of_letters_that_were_answered_and_of_those_that_may_still_leave(bench: Bench) -> None:
    bench.rates = Rates(overall=(Limit(2, 1.0),))
    run_state = bench.run_state()
    route = bench.route(run_state)
    batches, _ledger = bench.batches(run_state, route)
    for _ in range(2):
        booked(batches, bench)
    parcel = route.take()
    assert parcel is not None
    bench.at += 2.0
    assert batches.entry().fates is not None
    entry = batches.entry()
    assert entry.fates is not None
    assert entry.fates.open == {1, 2}
    route.settle(parcel, ACCEPTED)
    bench.at += 2.0
    entry = batches.entry()
    assert entry.fates is not None
    assert [reader for reader, _moment in entry.fates.answered] == [1]
    assert entry.fates.open == {2}
    assert run_state.answered == [], "each answer is told once"


@pytest.mark.parametrize(("noted", "room"), [(0, 2), (1, 1), (2, 0)])
def test_no_more_letters_are_noted_than_a_lane_may_have_where_the_folder_may_be_lost(
    bench: Bench, noted: int, room: int
) -> None:
    run_state = bench.run_state()
    route = bench.route(run_state)
    run_state.orders = replace(run_state.orders, letters_a_lane=2)
    for reader in range(1, noted + 1):
        route.give(permit(reader))
    assert route.room().free == room + 2 * (route.lanes.most - 1)

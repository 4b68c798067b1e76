"""One route by a clock of our own: how many letters it takes, when they may leave, and what their answers change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from digest.bookkeeping import Claim
from digest.deliver.ledger.journal import Journal
from digest.deliver.pacing.relay_choice import SendSlot
from digest.deliver.pacing.relay_health import in_words
from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.options import DispatchOptions
from digest.deliver.run.route import Route, Way
from digest.deliver.run.run_state import RunState
from digest.deliver.transports.transport import Feed
from digest.errors import DigestError, JournalUnwritable, RelayBusy, RelayUnreachable
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.model.meter import Unmetered
from digest.model.sign import RelayTrouble

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEPT = Verdict(Fate.ACCEPTED, reply="250 kept")
AWAY = RelayUnreachable("mx is away")


@dataclass
class Mx:
    """A relay with so many connections, which nobody uses here."""

    lanes: int = 1
    name: str = "mx"

    async def carry(self, feed: Feed) -> None:
        raise AssertionError(feed)


@dataclass
class Counting(Unmetered):
    """What was counted of a relay."""

    troubles: list[RelayTrouble] = field(default_factory=list)
    answers: list[tuple[str, float, bool]] = field(default_factory=list)

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        assert relay == "mx"
        self.answers.append((fate, seconds, again))

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        assert name == "mx"
        self.troubles.append(trouble)


class Widest(Random):
    """Chance that takes the greatest number."""

    def uniform(self, a: float, b: float) -> float:
        assert a <= b
        return b


@dataclass
class Bench:
    """A route with all that it needs, at a moment that the test sets."""

    journals: Path
    at: float = 100.0
    meter: Counting = field(default_factory=Counting)
    changes: list[Route] = field(default_factory=list)
    unwritable: frozenset[int] = frozenset()

    def route(self, *, lanes: int = 1, alone: bool = False, **orders: Any) -> tuple[Route, RunState]:
        options = DispatchOptions(expires=NOW + timedelta(hours=6), journals=self.journals, **orders)
        journal = Journal(self.journals)
        state = RunState(self.write, options, lambda: NOW, journal, lambda: self.at)
        state.lease_ends, state.looked_at, state.chance = 10_000.0, self.at, Widest()
        route = Route(Way(transport=Mx(lanes)), state, alone=alone, changed=self.changes.append, meter=self.meter)
        return route, state

    def write(self, claim: Claim) -> Parcel:
        if claim.reader_id in self.unwritable:
            raise DigestError("no words")
        return Parcel(claim.reader_id, "bounce@paper.example", claim.address, b"")

    def later(self, state: RunState, seconds: float) -> None:
        self.at += seconds
        state.looked_at = self.at


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "journals")


def give(route: Route, *readers: int, attempts: int = 0, **moments: float) -> None:
    for reader in readers:
        claim = Claim(ReaderId(reader), f"r{reader}@example.org", attempts=attempts)
        route.give(SendSlot(claim, 0, **moments))


def taken(route: Route) -> Parcel:
    parcel = route.take()
    assert parcel is not None
    return parcel


def test_a_route_takes_four_letters_a_connection_and_the_only_one_a_hundred_at_a_time(bench: Bench) -> None:
    route, _ = bench.route(lanes=3)
    assert route.room().free == 12
    give(route, *range(1, 11))
    assert (route.room().free, route.held) == (2, 10)
    give(route, *range(11, 14))
    assert route.room().free == 0
    alone, _ = bench.route(lanes=3, alone=True)
    give(alone, *range(1, 100))
    assert alone.room().free == 100
    give(alone, 100)
    assert alone.room().free == 0


def test_with_small_groups_letters_under_way_take_their_place_too(bench: Bench) -> None:
    route, _ = bench.route(lanes=2, letters_a_lane=3)
    give(route, 1, 2, 3)
    taken(route)
    assert route.room().free == 6 - 3
    give(route, 4, 5, 6, 7)
    assert route.room().free == 0


def test_a_relay_that_rests_takes_one_letter_after_its_rest(bench: Bench) -> None:
    route, state = bench.route(lanes=3)
    route._crowded(RelayBusy("mx is busy"))
    assert route.room().free == 12
    for _ in range(2):
        route._crowded(RelayBusy("mx is busy"))
    assert (route.room().free, route.room().takes, route.works) == (0, False, False)
    bench.later(state, 0.5)
    assert (route.room().free, route.room().takes) == (1, True)
    give(route, 1)
    assert route.room().free == 0


def test_rests_double_up_to_a_minute_and_begin_again_when_it_was_reached(bench: Bench) -> None:
    route, state = bench.route()
    rests = []
    for _ in range(9):
        rests.append(route._failed(AWAY))
        bench.later(state, rests[-1])
    assert rests == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert route.unreachable_for == sum(rests)
    assert route.trouble() == "mx is away"
    assert bench.changes == [route] * 9
    give(route, 1)
    route.settle(taken(route), KEPT)
    assert (route.works, route.unreachable_for, route.trouble()) == (True, 0.0, "")
    assert bench.meter.troubles == [RelayTrouble.UNREACHABLE] * 9 + [RelayTrouble.NONE]
    assert route._failed(AWAY) == 0.5


def test_connections_that_fail_at_once_are_one_failure(bench: Bench) -> None:
    route, state = bench.route(lanes=3)
    assert route._failed(AWAY) == 0.5
    bench.later(state, 0.25)
    assert route._failed(AWAY) == 0.25


@pytest.mark.parametrize(
    ("verdict", "reached"),
    [
        (KEPT, True),
        (Verdict(Fate.DEFERRED, reply="451 later", about=About.NOW, reason=Reason.GREYLIST), True),
        (Verdict(Fate.RETURNED, reply="451 slowly", act=Act.SLOW, about=About.US), True),
        (Verdict(Fate.RETURNED, Act.BACK_OFF, "421 closing", about=About.NOW), False),
        (Verdict(Fate.RETURNED, Act.GO_ON, "lost"), False),
        (Verdict(Fate.UNCERTAIN, Act.BACK_OFF, "lost"), False),
    ],
)
def test_a_relay_that_answers_and_keeps_the_connection_is_reached(
    bench: Bench, verdict: Verdict, *, reached: bool
) -> None:
    route, _ = bench.route()
    give(route, 1)
    parcel = taken(route)
    route._failed(AWAY)
    route.settle(parcel, verdict)
    assert (route.unreachable_since is None) is reached


def test_a_letter_whose_moment_is_over_goes_back_and_the_next_one_leaves(bench: Bench) -> None:
    route, state = bench.route()
    moment = NOW.timestamp()
    give(route, 1, due=moment - 2, lapses=moment - 1)
    give(route, 2, due=moment - 2, lapses=moment)
    assert taken(route).id == 2
    assert [claim.reader_id for claim in state.undealt] == [1]
    assert state.to_book.is_set()


def test_a_letter_waits_for_its_moment(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1, due=NOW.timestamp() + 3)
    assert route.take() is None
    bench.later(state, 3)
    assert taken(route).id == 1


def test_a_letter_that_cannot_be_written_is_rejected_and_holds_nobody_up(bench: Bench) -> None:
    bench.unwritable = frozenset({1})
    route, state = bench.route()
    give(route, 1, 2)
    assert taken(route).id == 2
    (noted,) = state.outcomes
    assert (noted.reader_id, noted.reply) == (1, "not sent: no words")
    assert (state.under_way, list(route.under_way())) == (1, [2])


@pytest.mark.parametrize(
    "stale",
    [
        lambda bench, state: setattr(state, "lease_ends", bench.at),
        lambda bench, state: setattr(state, "looked_at", bench.at - 1.5),
        lambda _bench, state: state.end("asked to stop"),
        lambda _bench, state: setattr(state, "clock", lambda: NOW + timedelta(hours=6)),
    ],
    ids=["the lease is over", "nobody looked who left", "the run ends", "the edition expired"],
)
def test_no_letter_leaves_when(bench: Bench, stale: Callable[[Bench, RunState], None]) -> None:
    route, state = bench.route()
    give(route, 1)
    stale(bench, state)
    assert route.take() is None
    assert state.to_book.is_set()


def test_an_answer_is_counted_with_its_time_and_whether_it_was_tried_before(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1)
    give(route, 2, attempts=1)
    first, second = taken(route), taken(route)
    assert state.under_way == 2
    bench.later(state, 0.25)
    state.to_book.clear()
    route.settle(first, KEPT)
    assert not state.to_book.is_set()
    route.settle(second, KEPT)
    assert bench.meter.answers == [("accepted", 0.25, False), ("accepted", 0.25, True)]
    assert (state.under_way, state.to_book.is_set()) == (0, True)
    assert [reader for reader, _at in state.answered] == [1, 2]


def test_a_relay_had_a_letter_at_the_latest_its_quickest_answer_before_it_answered(bench: Bench) -> None:
    route, state = bench.route()
    for reader in range(1, 22):
        give(route, reader)
        parcel = taken(route)
        bench.later(state, 0.25)
        route.settle(parcel, KEPT)
    last = NOW.timestamp() + 21 * 0.25
    assert state.answered[-2:] == [(20, last - 0.25), (21, last - 0.25)]


def test_a_letter_for_which_the_relay_has_no_time_goes_back_and_the_next_waits(bench: Bench) -> None:
    slow = Verdict(Fate.RETURNED, Act.SLOW, "451 slowly", about=About.NOW)
    route, state = bench.route(letters_a_lane=9)
    give(route, 1, 2)
    route.settle(taken(route), slow)
    assert route.take() is None, "the relay complained"
    assert [claim.reader_id for claim in state.undealt] == [1]
    assert [(each.reader_id, each.attempts) for each in state.returned] == [(1, 0)]
    assert state.outcomes == []


@pytest.mark.parametrize(
    ("verdict", "relay"),
    [
        (KEPT, "mx"),
        (Verdict(Fate.DEFERRED, reply="451 later", about=About.NOW, reason=Reason.GREYLIST), "mx"),
        (Verdict(Fate.UNCERTAIN, Act.BACK_OFF, "lost"), "mx"),
        (Verdict(Fate.RETURNED, Act.BACK_OFF, "421 closing"), ""),
    ],
)
def test_the_ledger_is_told_which_relay_has_or_may_have_a_letter(bench: Bench, verdict: Verdict, relay: str) -> None:
    route, state = bench.route()
    give(route, 1)
    route.settle(taken(route), verdict)
    assert [(each.reader_id, each.relay) for each in state.outcomes] == [(1, relay)]


def test_what_goes_back_and_a_hand_that_is_half_empty_are_looked_at_at_once(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1, 2, 3, 4)
    first = taken(route)
    taken(route)
    assert not state.to_book.is_set()
    taken(route)
    assert state.to_book.is_set()
    state.to_book.clear()
    route.settle(first, Verdict(Fate.RETURNED, Act.SLOW, "451 slowly", about=About.NOW))
    assert state.to_book.is_set()


GONE = Verdict(Fate.REJECTED, reply="550 no such user", about=About.RECIPIENT, reason=Reason.GONE)
LISTED = Verdict(Fate.RETURNED, reply="550 listed", about=About.US, reason=Reason.REPUTATION)


def test_a_refusal_of_us_is_held_until_a_later_letter_passes(bench: Bench) -> None:
    route, state = bench.route(letters_a_lane=9)
    give(route, 1, 2)
    route.settle(taken(route), LISTED)
    assert (state.outcomes, [(each.reader_id, each.reply) for each in state.returned]) == ([], [(1, "550 listed")])
    assert state.to_book.is_set()
    route.settle(taken(route), KEPT)
    assert sorted(each.reader_id for each in state.outcomes) == [1, 2]
    assert route.trouble() == f"mx refuses some letters for our sake ({in_words(LISTED)})"


def test_a_held_refusal_is_decided_when_nothing_else_leaves(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1)
    route.settle(taken(route), GONE)
    assert (state.outcomes, route.trouble()) == ([], "")
    route.release()
    assert [(each.reader_id, each.state) for each in state.outcomes] == [(1, DeliveryState.REJECTED)]
    assert not route.closed


def test_a_held_refusal_of_us_closes_the_route_when_nothing_else_leaves(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1)
    route.settle(taken(route), LISTED)
    route.release()
    assert (route.closed, route.why) == (True, f"the relay refuses us: {in_words(LISTED)}")
    assert [(each.reader_id, each.state) for each in state.outcomes] == [(1, DeliveryState.QUEUED)]


def test_one_refusal_of_us_after_another_closes_the_route(bench: Bench) -> None:
    route, state = bench.route()
    for reader in range(1, 50):
        give(route, reader)
        if route.closed:
            break
        route.settle(taken(route), LISTED)
    assert route.closed
    assert route.why.startswith("the relay refuses us: 550 listed")
    assert {each.state for each in state.outcomes} == {DeliveryState.QUEUED}


def test_the_last_connection_but_one_is_given_up_before_the_relay_rests(bench: Bench) -> None:
    route, _ = bench.route(lanes=2)
    route._crowded(RelayBusy("mx is busy"))
    assert (route.works, route.lanes.allowed) == (True, 1)
    route._crowded(RelayBusy("mx is busy"))
    assert not route.works


def test_a_relay_that_wants_fewer_connections_is_asked_on_at_the_same_pace(bench: Bench) -> None:
    fewer = Verdict(Fate.RETURNED, Act.FEWER, "421 too many connections", about=About.NOW)
    route, state = bench.route()
    give(route, 1, 2)
    route.settle(taken(route), fewer)
    assert [claim.reader_id for claim in state.undealt] == [1]
    assert taken(route).id == 2


def test_a_relay_that_takes_nothing_however_slowly_is_closed_with_its_words(bench: Bench) -> None:
    slow = Verdict(Fate.RETURNED, Act.SLOW, "451 slowly", about=About.NOW)
    route, state = bench.route()
    for reader in range(1, 9):
        give(route, reader)
        while not route.closed and (parcel := route.take()) is None:
            bench.later(state, 0.5)
        if route.closed:
            break
        route.settle(parcel, slow)
    assert route.closed
    assert route.why == "the relay refuses us: it takes nothing however slowly we send: 451 slowly"
    assert bench.meter.troubles[-1] is RelayTrouble.REFUSES


def test_a_relay_that_refuses_us_is_closed_for_good_and_told_once(bench: Bench) -> None:
    stop = Verdict(Fate.RETURNED, Act.STOP, "535 who are you", about=About.US)
    route, _ = bench.route()
    give(route, 1, 2)
    one, two = taken(route), taken(route)
    route.settle(one, stop)
    route.settle(two, stop)
    assert route.trouble() == "mx refuses to take letters (535 who are you)"
    assert bench.changes == [route]
    assert bench.meter.troubles == [RelayTrouble.REFUSES]
    assert (route.room().free, route.room().takes, route.room_for_granted(1.0)) == (0, False, 0)


def test_letters_with_moments_are_taken_as_far_ahead_as_was_asked(bench: Bench) -> None:
    route, _ = bench.route()
    assert route.room_for_granted(5.0) == 2000
    give(route, 1, due=NOW.timestamp() + 5)
    assert route.room_for_granted(5.0) == 2000
    give(route, 2, due=NOW.timestamp() + 6)
    assert route.room_for_granted(5.0) == 0
    route._failed(AWAY)
    assert route.room_for_granted(9.0) == 0


def test_a_journal_that_cannot_be_written_ends_the_run(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1)
    parcel = taken(route)
    state.journal.close(remove=False)
    route.settle(parcel, KEPT)
    assert isinstance(state.error, JournalUnwritable)
    assert state.over


def test_letters_of_who_left_are_taken_out_of_the_hand(bench: Bench) -> None:
    route, _ = bench.route()
    give(route, 1, 2, 3, 4)
    assert [claim.reader_id for claim in route.drop({ReaderId(2)})] == [2]
    assert [claim.reader_id for claim in route.keep({ReaderId(1), ReaderId(4)})] == [3]
    assert list(route.in_hand()) == [1, 4]
    assert [claim.reader_id for claim in route.put_down()] == [1, 4]
    assert route.held == 0

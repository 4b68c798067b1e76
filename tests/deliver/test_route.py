"""One route by a clock of our own: how many letters it takes, when they may leave, and what their answers change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
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
from digest.deliver.run.route import Route
from digest.deliver.run.run_state import RunState
from digest.deliver.run.way import Way
from digest.deliver.transports.transport import Feed
from digest.errors import DigestError, JournalUnwritable, RelayUnreachable
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


def give(route: Route, *readers: int, attempts: int = 0, due: float = -inf, lapses: float = inf) -> None:
    for reader in readers:
        claim = Claim(ReaderId(reader), f"r{reader}@example.org", attempts=attempts)
        route.give(SendSlot(claim, 0, due, lapses))


def taken(route: Route) -> Parcel:
    parcel = route.take()
    assert parcel is not None
    return parcel


def test_with_small_groups_letters_under_way_take_their_place_too(bench: Bench) -> None:
    route, _ = bench.route(lanes=2, letters_a_lane=3)
    give(route, 1, 2, 3)
    taken(route)
    assert route.room().free == 6 - 3
    give(route, 4, 5, 6, 7)
    assert route.room().free == 0


def test_a_letter_whose_moment_is_over_goes_back_and_the_next_one_leaves(bench: Bench) -> None:
    route, state = bench.route()
    moment = NOW.timestamp()
    give(route, 1, due=moment - 2, lapses=moment - 1)
    give(route, 2, due=moment - 2, lapses=moment)
    assert taken(route).id == 2
    assert [claim.reader_id for claim in state.undealt] == [1]
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


class Narrowest(Random):
    """Chance that takes the least number."""

    def uniform(self, a: float, b: float) -> float:
        assert a <= b
        return a


@pytest.mark.parametrize(("chance", "rest"), [(Widest(), 0.5), (Narrowest(), 0.25)])
def test_a_rest_is_half_a_second_or_less_by_chance_so_that_not_all_come_back_at_once(
    bench: Bench, chance: Random, rest: float
) -> None:
    route, state = bench.route()
    state.chance = chance
    assert route._failed(AWAY) == rest
    give(route, 1)
    bench.later(state, rest)
    route.settle(taken(route), KEPT)
    assert bench.meter.troubles == [RelayTrouble.UNREACHABLE, RelayTrouble.NONE]


def test_each_letter_takes_its_turn_after_a_complaint(bench: Bench) -> None:
    route, state = bench.route()
    give(route, 1, 2, 3, 4)
    route.settle(taken(route), KEPT)
    route.settle(taken(route), Verdict(Fate.RETURNED, Act.SLOW, "451 slowly", about=About.NOW))
    bench.later(state, 2.0)
    assert taken(route).id == 3
    assert route.take() is None

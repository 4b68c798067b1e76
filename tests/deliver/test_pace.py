"""Limits are counted before sending, and hold in every window, whoever counts on the same tallies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bookkeeping import Claim, Tally
from digest.deliver.pacing.rate_limits import (
    Counted,
    Limit,
    Rates,
    Spaced,
    Wait,
    joint,
    line,
    longest,
    scope,
    span,
)
from digest.deliver.pacing.relay_choice import (
    Admission,
    Capacity,
    OwnTallies,
    RateLimiter,
    RelayBalancer,
    SendSlot,
    reached,
)
from digest.model.ids import ReaderId

AHEAD, FARTHEST, GRACE, TOLERANCE = 1.0, 4.0, 30.0, 0.05
"""Seconds that the limits are kept by: written out, so that a change of them is seen here."""
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def claims(*domains: str) -> list[Claim]:
    return [Claim(ReaderId(n), f"r{n}@{domain}") for n, domain in enumerate(domains, 1)]


def many(number: int) -> list[Claim]:
    return claims(*["a.example"] * number)


def admitted(gate: RateLimiter, letters: list[Claim], now: datetime, *rooms: Capacity) -> Admission:
    return gate.admit(letters, rooms or (Capacity("mx", 100),), now)


def departures(permits: list[SendSlot], late: float) -> list[float]:
    """Return when letters leave, each as late as it may or not."""
    return sorted(permit.due + late * (permit.lapses - permit.due) for permit in permits)


def most_in_a_window(moments: list[float], seconds: float) -> int:
    return max((sum(start <= moment < start + seconds for moment in moments) for start in moments), default=0)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 50),
    st.sampled_from([0.5, 1.0, 7.0]),
    st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1.5), st.integers(1, 40), st.booleans()), max_size=25),
)
def test_no_short_window_ever_holds_more_than_its_limit(
    letters: int, seconds: float, looks: list[tuple[int, float, int, bool]]
) -> None:
    shared, now, left = OwnTallies(), NOW, list[float]()
    gates = [RateLimiter(Rates(overall=(Limit(letters, seconds),)), shared) for _ in range(2)]
    for who, step, number, late in looks:
        now += timedelta(seconds=step)
        left += departures(list(admitted(gates[who], many(number), now).permits), 0.999 * late)
    assert most_in_a_window(sorted(left), seconds - 1e-5) <= letters


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.integers(0, 1), st.floats(0, 2000), st.integers(1, 100), st.booleans()), max_size=30),
)
def test_no_long_window_ever_holds_more_than_its_limit(letters: int, looks: list[tuple[int, float, int, bool]]) -> None:
    shared, now, left = OwnTallies(), NOW, list[float]()
    gates = [RateLimiter(Rates(overall=(Limit(letters, 3600.0),)), shared) for _ in range(2)]
    for who, step, number, late in looks:
        now += timedelta(seconds=step)
        left += departures(list(admitted(gates[who], many(number), now).permits), 0.999 * late)
    assert most_in_a_window(sorted(left), 3600.0) <= letters


@pytest.mark.parametrize("limit", [Limit(1, 1.0), Limit(14, 1.0), Limit(400, 1.0), span(0.5, 1.0)])
def test_a_short_limit_is_nearly_used_up(limit: Limit) -> None:
    gate, now, number = RateLimiter(Rates(overall=(limit,)), OwnTallies()), NOW, 0
    for _ in range(100):
        number += len(admitted(gate, many(100), now, Capacity("mx", 100)).permits)
        now += timedelta(seconds=0.2)
    assert 0.9 * 20 < number / limit.letters * limit.seconds < 1.03 * 20 + 2


def test_a_long_limit_is_used_up_and_says_when_it_goes_on() -> None:
    gate = RateLimiter(Rates(overall=(Limit(30, 3600.0),)), OwnTallies())
    first, second = admitted(gate, many(20), NOW), admitted(gate, many(20), NOW)
    assert (len(first.permits), first.wait) == (20, None)
    assert len(second.permits) == 10
    assert str(second.wait) == "waiting: 30 an hour reached, goes on at 07:01 UTC"
    assert second.wait is not None
    assert admitted(gate, many(1), second.wait.until - timedelta(seconds=AHEAD + 1)).permits == ()
    assert len(admitted(gate, many(40), second.wait.until).permits) == 30


def test_a_full_domain_holds_nobody_else_up() -> None:
    gate = RateLimiter(Rates(domains={"slow.example": (Limit(1, 3600.0),)}), OwnTallies())
    letters = claims("slow.example", "slow.example", "a.example", "SLOW.example", "b.example")
    found = admitted(gate, letters, NOW)
    assert sorted(permit.claim.reader_id for permit in found.permits) == [1, 3, 5]
    assert found.wait is None
    rest = admitted(gate, [letters[1], letters[3]], NOW)
    assert rest.permits == ()
    assert str(rest.wait).startswith("waiting: slow.example: 1 an hour reached")


def test_a_star_holds_for_each_domain_that_is_not_named() -> None:
    gate = RateLimiter(Rates(domains={"*": (Limit(1, 3600.0),), "big.example": ()}), OwnTallies())
    letters = claims("a.example", "a.example", "b.example", *["big.example"] * 4)
    assert sorted(permit.claim.reader_id for permit in admitted(gate, letters, NOW).permits) == [1, 3, 4, 5, 6, 7]


def test_a_relay_at_its_limit_leaves_letters_to_the_others() -> None:
    gate = RateLimiter(Rates(), OwnTallies())
    rooms = (Capacity("slow", 50, limits=(Limit(3, 3600.0),)), Capacity("fast", 50))
    found = gate.admit(many(40), rooms, NOW)
    assert sum(permit.way == 0 for permit in found.permits) == 3
    assert len(found.permits) == 40
    both = (Capacity("slow", 50, limits=(Limit(3, 3600.0),)), Capacity("fast", 50, limits=(Limit(5, 3600.0),)))
    rest = gate.admit(many(40), both, NOW)
    assert [permit.way for permit in rest.permits] == [1] * 5
    assert rest.wait is not None


def test_counts_of_a_clock_that_was_set_back_since_hold_nobody_up() -> None:
    gate = RateLimiter(Rates(overall=(Limit(5, 1.0), Limit(10, 3600.0))), OwnTallies())
    admitted(gate, many(10), NOW + timedelta(days=2))
    assert len(admitted(gate, many(4), NOW).permits) == 4


def test_what_is_reached_can_be_asked_for() -> None:
    shared, owners = OwnTallies(), {"all": (Limit(10, 3600.0),), "domain/a.example": (Limit(10**6, 86400.0),)}
    gate = RateLimiter(Rates(overall=owners["all"]), shared)
    assert reached(owners, shared.known, NOW) == ()
    admitted(gate, many(10), NOW)
    (wait,) = reached(owners, shared.known, NOW)
    assert wait.what == "10 an hour"
    assert wait.until - NOW <= timedelta(seconds=3660 + GRACE)


def dealt(dealer: RelayBalancer, rooms: list[Capacity], most: int, moment: float = 0.0) -> list[int]:
    found = list[int]()
    while len(found) < most and (chosen := dealer.choose(rooms, moment)) is not None:
        dealer.deal(rooms, chosen)
        found.append(chosen)
    return found


def test_letters_are_dealt_by_weight_and_evenly_mixed() -> None:
    found = dealt(
        RelayBalancer(), [Capacity("a", 1000, 3.0), Capacity("b", 1000, 1.0), Capacity("standby", 1000, 0.0)], 80
    )
    assert (found.count(0), found.count(1)) == (60, 20)
    assert all(found[start : start + 8].count(1) == 2 for start in range(0, 80, 8))


def test_a_full_hand_is_waited_for_but_not_for_long() -> None:
    dealer, rooms = RelayBalancer(), [Capacity("a", 2, 1.0), Capacity("b", 100, 1.0)]
    assert sorted(dealt(dealer, rooms, 50)) == [0, 0, 1, 1]
    assert dealt(dealer, rooms, 50, moment=0.5) == []
    assert dealt(dealer, rooms, 10, moment=2.0) == [1] * 10
    rooms[0].free = 3
    assert sorted(dealt(dealer, rooms, 4, moment=2.1)) in ([0, 0, 1, 1], [0, 0, 0, 1])


def test_one_of_weight_0_stands_in_for_those_that_take_none() -> None:
    rooms = [Capacity("a", 0, 1.0, takes=False), Capacity("standby", 2, 0.0), Capacity("other", 2, 0.0)]
    assert sorted(dealt(RelayBalancer(), rooms, 9)) == [1, 1, 2, 2]


def test_part_of_a_letter_a_second_makes_the_time_longer() -> None:
    assert span(0.5, 1.0) == Limit(1, 2.0)
    assert span(2.5, 1.0) == Limit(2, 0.8)
    assert span(14, 1.0) == Limit(14, 1.0)


def test_a_run_that_goes_first_finds_a_moment_though_another_took_all_that_come() -> None:
    shared, few = OwnTallies(), Rates(overall=(Limit(3, 1.0),))
    greedy, first = RateLimiter(few, shared), RateLimiter(few, shared, goes_first=True)
    assert admitted(greedy, many(50), NOW).permits
    assert admitted(greedy, many(50), NOW).permits == ()
    assert admitted(first, many(1), NOW).permits


def test_a_run_that_waited_gets_its_turn_beside_one_that_asks_all_the_time() -> None:
    shared, few, now = OwnTallies(), Rates(overall=(Limit(3, 1.0),)), NOW
    greedy, patient = RateLimiter(few, shared), RateLimiter(few, shared)
    for _ in range(40):
        admitted(greedy, many(50), now)
        if admitted(patient, many(1), now).permits:
            break
        now += timedelta(seconds=0.05)
    assert timedelta() < now - NOW <= timedelta(seconds=AHEAD)


AT = NOW.timestamp()


def tally(whose: str, limit: Limit, moment: float, number: int = 1) -> Tally:
    return Tally(scope(whose, limit), datetime.fromtimestamp(moment, UTC), number)


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (Limit(14, 1.0), "14 a second"),
        (Limit(90, 60.0), "90 a minute"),
        (Limit(1200, 3600.0), "1,200 an hour"),
        (Limit(50_000, 86_400.0), "50,000 a day"),
        (Limit(1, 2.5), "1 in 2.5 s"),
    ],
)
def test_a_limit_is_told_as_the_operator_wrote_it(limit: Limit, says: str) -> None:
    assert str(limit) == says


@pytest.mark.parametrize(
    ("whose", "says"),
    [("all", "9 a minute"), ("relay/mx", "9 a minute by mx"), ("domain/a.example", "a.example: 9 a minute")],
)
def test_a_limit_says_whose_it_is(whose: str, says: str) -> None:
    assert line(Limit(9, 60.0), whose, ()).name == says
    assert scope(whose, Limit(9, 60.0)) == f"letters/{whose}/60"


def test_limits_below_a_minute_space_letters_and_longer_ones_count_them() -> None:
    assert isinstance(line(Limit(9, 59.9), "all", ()), Spaced)
    assert isinstance(line(Limit(9, 60.0), "all", ()), Counted)


def test_letters_of_a_short_limit_are_one_step_apart_whoever_sent_the_last() -> None:
    limit = Limit(2, 1.0)
    step = (1.0 + TOLERANCE) / 2
    nobody = line(limit, "all", ())
    assert nobody.earliest(AT) == AT
    known = [tally("all", limit, AT - 5.0), tally("all", limit, AT - 0.1), tally("all", limit, AT - 1.0)]
    ours = line(limit, "all", known)
    assert ours.earliest(AT) == pytest.approx(AT - 0.1 + step)
    assert ours.earliest(AT + 3.0) == AT + 3.0
    ours.count(AT + 3.0)
    assert ours.earliest(AT) == pytest.approx(AT + 3.0 + step)


def test_a_short_limit_keeps_only_its_last_moment() -> None:
    limit = Limit(2, 1.0)
    known = [tally("all", limit, AT - 2.0), tally("all", limit, AT)]
    ours = line(limit, "all", known)
    assert list(ours.tallies()) == [tally("all", limit, AT - 2.0, 0), tally("all", limit, AT, 1)]
    ours.count(AT + 1.5)
    assert {each.start.timestamp() - AT: each.number for each in ours.tallies()} == {-2.0: 0, 0.0: 0, 1.5: 1}


def hourly(letters: int, *counted: tuple[float, int]) -> Counted:
    """Return a limit an hour, with letters counted in stretches that begin so many seconds from AT."""
    limit = Limit(letters, 3600.0)
    made = line(limit, "all", [tally("all", limit, AT + start, number) for start, number in counted])
    assert isinstance(made, Counted)
    return made


def test_a_stretch_is_out_of_sight_an_hour_after_its_last_letter_may_have_left() -> None:
    end = AT - 600 + 60 + GRACE + 3600
    full = hourly(3, (-600.0, 3))
    assert full.earliest(AT) == end
    assert full.earliest(end - 1) == end
    assert full.earliest(end) == end
    assert full.earliest(end + 1) == end + 1


def test_as_many_stretches_as_it_takes_go_out_of_sight_and_no_more() -> None:
    two = hourly(4, (-1200.0, 2), (-600.0, 2))
    assert two.earliest(AT) == AT - 1200 + 60 + GRACE + 3600
    assert hourly(5, (-1200.0, 2), (-600.0, 2)).earliest(AT) == AT
    crowded = hourly(2, (-1200.0, 2), (-600.0, 3))
    assert crowded.earliest(AT) == AT - 600 + 60 + GRACE + 3600


def test_letters_are_counted_by_stretches_of_a_sixtieth() -> None:
    ours = hourly(100, (0.0, 7), (-60.0, 5))
    ours.count(AT + 59.9)
    ours.count(AT + 60.0)
    ours.count(AT + 61.0)
    assert {each.start.timestamp() - AT: each.number for each in ours.tallies()} == {0.0: 8, 60.0: 2}


def test_tallies_matter_for_the_longest_limit_with_its_last_stretch() -> None:
    assert longest(()) == timedelta()
    assert longest((Limit(1, 60.0), Limit(1, 3600.0))) == timedelta(seconds=3600 + 60 + GRACE)


def test_a_letter_waits_for_all_its_limits_and_the_last_one_is_named() -> None:
    short, long = line(Limit(1, 1.0), "relay/mx", ()), hourly(1, (-600.0, 1))
    assert joint((), AT) == (AT, "")
    assert joint((short,), AT) == (AT, "")
    opens = AT - 600 + 60 + GRACE + 3600
    assert joint((short, long), AT) == (opens, "1 an hour")
    short.count(opens)
    for lines in ((short, long), (long, short)):
        moment, slowest = joint(lines, AT)
        assert slowest == "1 a second by mx"
        assert moment == pytest.approx(opens + 1.0 + TOLERANCE)


def test_limits_of_a_domain_are_its_own_or_those_of_the_star() -> None:
    own, other = (Limit(1, 1.0),), (Limit(2, 1.0),)
    rates = Rates(domains={"a.example": own, "*": other})
    assert (rates.of_domain("a.example"), rates.of_domain("b.example")) == (own, other)
    assert Rates(domains={"a.example": own}).of_domain("b.example") == ()
    assert Rates().of_domain("a.example") == ()


def test_moments_are_given_away_for_a_second_and_for_one_more_to_who_goes_first() -> None:
    few = Rates(overall=(Limit(1, 0.95),))
    assert len(admitted(RateLimiter(few, OwnTallies()), many(50), NOW).permits) == 2
    assert len(admitted(RateLimiter(few, OwnTallies(), goes_first=True), many(50), NOW).permits) == 3


@pytest.mark.parametrize(("ahead", "permits"), [(FARTHEST - 0.1, 0), (FARTHEST + 0.1, 2)])
def test_a_moment_further_ahead_than_any_run_takes_one_was_written_by_a_wrong_clock(ahead: float, permits: int) -> None:
    limit = Limit(1, 0.95)
    shared = OwnTallies()
    shared.change((), NOW, NOW, lambda _known: [tally("all", limit, AT + ahead)])
    assert len(admitted(RateLimiter(Rates(overall=(limit,)), shared), many(5), NOW).permits) == permits


def test_a_wait_says_until_when() -> None:
    assert str(Wait("9 an hour", NOW + timedelta(minutes=61))) == "waiting: 9 an hour reached, goes on at 07:01 UTC"

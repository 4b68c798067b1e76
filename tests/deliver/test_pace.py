"""Limits are counted before sending, and hold in every window, whoever counts on the same tallies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bookkeeping import Claim, Tally
from digest.deliver.pacing.held_places import AnswerTimes, Fates, HeldPlaces
from digest.deliver.pacing.rate_limits import (
    Counted,
    Limit,
    LimitOf,
    OwnPlaces,
    Places,
    Rates,
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

AHEAD, MORE_AHEAD, FARTHEST, GRACE, LATE, CLOCKS = 0.5, 1.0, 4.0, 30.0, 1.0, 0.02
"""Seconds that the limits are kept by: written out, so that a change of them is seen here."""
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
EVERYBODY = frozenset(map(ReaderId, range(1000)))


def claims(*domains: str) -> list[Claim]:
    return [Claim(ReaderId(n), f"r{n}@{domain}") for n, domain in enumerate(domains, 1)]


def many(number: int) -> list[Claim]:
    return claims(*["a.example"] * number)


def admitted(
    gate: RateLimiter, letters: list[Claim], now: datetime, *rooms: Capacity, fates: Fates | None = None
) -> Admission:
    """Admit letters; unless told otherwise, those of earlier turns are all still under way."""
    return gate.admit(letters, rooms or (Capacity("mx", 100),), now, fates or Fates((), EVERYBODY))


def departures(permits: list[SendSlot], late: float) -> list[float]:
    """Return when letters leave, each as late as it may or not."""
    return sorted(permit.due + late * (permit.lapses - permit.due) for permit in permits)


def most_in_a_window(moments: list[float], seconds: float) -> int:
    return max((sum(start <= moment < start + seconds for moment in moments) for start in moments), default=0)


class Sender:
    """A run under a limit: its letters leave late, and are answered later still."""

    def __init__(self, limit: Limit, shared: OwnTallies, *, late: float = 0.0, answer: float = 0.0) -> None:
        self.gate = RateLimiter(Rates(overall=(limit,)), shared)
        self.late, self.answer = late, answer
        self.left: list[tuple[float, float]] = []
        """When each letter left and was answered."""
        self._under_way: dict[ReaderId, tuple[float, float]] = {}
        self._number = 0

    def look(self, now: datetime, letters: int) -> None:
        """Tell what was answered by now, and admit so many letters."""
        moment = now.timestamp()
        done = [(who, answered) for who, (_left, answered) in self._under_way.items() if answered <= moment]
        for who, _ in done:
            del self._under_way[who]
        new = [Claim(ReaderId(self._number + n), "r@a.example") for n in range(letters)]
        self._number += letters
        fates = Fates(done, frozenset(self._under_way))
        for permit in admitted(self.gate, new, now, Capacity("mx", 100), fates=fates).permits:
            leaves = permit.due + self.late * (permit.lapses - permit.due)
            self._under_way[permit.claim.reader_id] = (leaves, leaves + self.answer)
            self.left.append((leaves, leaves + self.answer))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 50),
    st.sampled_from([0.5, 1.0, 7.0]),
    st.lists(st.tuples(st.floats(0, 0.999), st.floats(0, 3)), min_size=2, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1.5), st.integers(1, 40)), max_size=40),
    st.floats(0, 1),
)
def test_no_short_window_ever_holds_more_than_its_limit(
    letters: int, seconds: float, runs: list[tuple[float, float]], looks: list[tuple[int, float, int]], counted: float
) -> None:
    """However late letters leave, and wherever between leaving and answer a relay counts them."""
    shared, now, limit = OwnTallies(), NOW, Limit(letters, seconds)
    senders = [Sender(limit, shared, late=late, answer=answer) for late, answer in runs]
    for who, step, number in looks:
        now += timedelta(seconds=step)
        for sender in senders:  # each renews its claims in time
            sender.look(now, number if sender is senders[who % len(senders)] else 0)
    moments = sorted(left + counted * (answered - left) for sender in senders for left, answered in sender.left)
    assert most_in_a_window(moments, seconds - 1e-5) <= letters


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
@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("late", [0.0, 0.05])
def test_a_short_limit_is_nearly_used_up_by_one_run_or_by_many(limit: Limit, runs: int, late: float) -> None:
    shared = OwnTallies()
    senders = [Sender(limit, shared, late=late, answer=0.02) for _ in range(runs)]
    length = 50 if limit.letters < 100 else 20
    for turn in range(20 * length):
        senders[turn % runs].look(NOW + timedelta(seconds=turn * 0.05), 20)
    number = sum(len(sender.left) for sender in senders)
    assert 0.9 * length < number / limit.letters * limit.seconds <= length + limit.seconds + AHEAD


def test_places_that_a_run_does_not_need_go_to_the_others() -> None:
    shared, limit = OwnTallies(), Limit(100, 1.0)
    busy, idle = Sender(limit, shared), Sender(limit, shared)
    for turn in range(200):
        busy.look(NOW + timedelta(seconds=turn * 0.1), 20)
        idle.look(NOW + timedelta(seconds=turn * 0.1), 1 if turn < 20 else 0)
    late = [left for left, _ in busy.left if left > AT + 5]
    assert len(late) > 0.9 * 100 * 15


def both(limit: Limit, shared: OwnTallies) -> tuple[RateLimiter, RateLimiter]:
    """Return two runs that take all places of the next second at once."""
    rates = Rates(overall=(limit,))
    return RateLimiter(rates, shared, goes_first=True), RateLimiter(rates, shared, goes_first=True)


def test_a_run_that_did_not_use_its_places_lets_others_go_before() -> None:
    shared, limit = OwnTallies(), Limit(5, 1.0)
    slow, other = both(limit, shared)
    assert len(admitted(slow, many(5), NOW).permits) == 5
    assert admitted(other, many(5), NOW).permits == ()
    found = admitted(slow, many(5), NOW + timedelta(seconds=3), fates=Fates())
    assert found.permits == ()
    assert found.wait is not None
    assert found.wait.until > NOW + timedelta(seconds=3 + AHEAD)
    assert len(admitted(other, many(5), NOW + timedelta(seconds=3)).permits) == 5


def test_the_places_of_a_killed_run_are_free_again_when_its_claim_has_ended() -> None:
    shared, limit = OwnTallies(), Limit(5, 1.0)
    killed, other = both(limit, shared)
    last = max(permit.lapses for permit in admitted(killed, many(5), NOW).permits)
    ends = FARTHEST + 1.0 + CLOCKS
    assert AT + ends >= last + 1.0, "its last letter is a second away by then"
    assert admitted(other, many(5), NOW + timedelta(seconds=ends - 0.01)).permits == ()
    assert len(admitted(other, many(5), NOW + timedelta(seconds=ends + 0.01)).permits) == 5


def test_a_claim_that_is_renewed_does_not_end() -> None:
    shared, limit = OwnTallies(), Limit(5, 1.0)
    slow, other = both(limit, shared)
    admitted(slow, many(5), NOW)
    for second in range(20):
        admitted(slow, [], NOW + timedelta(seconds=second))
        assert admitted(other, many(5), NOW + timedelta(seconds=second)).permits == ()


def test_a_run_that_ends_gives_its_places_back_at_once() -> None:
    shared, limit = OwnTallies(), Limit(5, 1.0)
    done, other = both(limit, shared)
    letters = [permit.claim.reader_id for permit in admitted(done, many(5), NOW).permits]
    done.end(NOW + timedelta(seconds=2), Fates([(reader, AT + 1.9) for reader in letters[:3]]))
    assert not done.held
    found = admitted(other, many(5), NOW + timedelta(seconds=2)).permits
    assert [round(permit.due - AT, 2) for permit in found] == [2.0, 2.0, 2.92, 2.92, 2.92]


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
    rates, shared = Rates(overall=(Limit(5, 1.0), Limit(10, 3600.0))), OwnTallies()
    admitted(RateLimiter(rates, shared), many(10), NOW + timedelta(days=2))
    assert len(admitted(RateLimiter(rates, shared, goes_first=True), many(4), NOW).permits) == 4


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


def test_while_a_full_one_is_waited_for_the_others_share_what_they_take_down_to_the_last_place() -> None:
    dealer, rooms = RelayBalancer(), [Capacity("a", 0), Capacity("b", 1), Capacity("c", 1)]
    assert dealt(dealer, rooms, 9) == []
    found = []
    for _ in range(2):
        rooms[1].free = rooms[2].free = 1
        found += dealt(dealer, rooms, 1, moment=2.0)
    assert sorted(found) == [1, 2]


def test_letters_without_a_limit_are_shared_and_end_where_the_routes_are_full() -> None:
    rooms = (Capacity("a", 3), Capacity("b", 3))
    found = admitted(RateLimiter(Rates(), OwnTallies()), many(9), NOW, *rooms)
    ways = [permit.way for permit in found.permits]
    assert (ways.count(0), ways.count(1), found.wait) == (3, 3, None)
    assert [room.free for room in rooms] == [0, 0]


def test_one_of_weight_0_stands_in_for_those_that_take_none() -> None:
    rooms = [Capacity("a", 0, 1.0, takes=False), Capacity("standby", 2, 0.0), Capacity("other", 2, 0.0)]
    assert sorted(dealt(RelayBalancer(), rooms, 9)) == [1, 1, 2, 2]


def test_part_of_a_letter_a_second_makes_the_time_longer() -> None:
    assert span(0.5, 1.0) == Limit(1, 2.0)
    assert span(2.5, 1.0) == Limit(2, 0.8)
    assert span(14, 1.0) == Limit(14, 1.0)


@pytest.mark.parametrize("goes_first", [True, False])
def test_a_run_that_waited_gets_its_turn_beside_one_that_asks_all_the_time(*, goes_first: bool) -> None:
    """One that goes first gets the next place; another one waits until it looks further ahead than the greedy one."""
    shared, limit, now = OwnTallies(), Limit(3, 1.0), NOW
    greedy, patient = Sender(limit, shared, answer=0.02), Sender(limit, shared)
    patient.gate.goes_first = goes_first
    for _ in range(40):
        greedy.look(now, 50)
        patient.look(now, 1)
        if patient.left:
            break
        now += timedelta(seconds=0.05)
    assert patient.left
    assert now <= NOW + timedelta(seconds=0.1 if goes_first else MORE_AHEAD)


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
    assert line(Limit(9, 60.0), whose, (), AT).name == says
    assert scope(whose, Limit(9, 60.0)) == f"letters/{whose}/60"


def test_limits_below_a_minute_have_places_and_longer_ones_count_letters() -> None:
    assert isinstance(line(Limit(9, 59.9), "all", (), AT), Places)
    assert isinstance(line(Limit(9, 60.0), "all", (), AT), Counted)


def places(letters: int, *known: Tally, own: OwnPlaces | None = None) -> Places:
    return Places(LimitOf("all", Limit(letters, 1.0)), known, "", AT, own or OwnPlaces())


def resting(moment: float, number: int = 1) -> Tally:
    return Tally("letters/all/1", datetime.fromtimestamp(AT + moment, UTC), number)


def taken(moment: float, number: int = 1) -> Tally:
    return Tally("letters/all/1/taken", datetime.fromtimestamp(AT + moment, UTC), number)


def test_a_limit_that_nobody_used_begins_with_an_even_pace() -> None:
    ours, found = places(4), list[float]()
    for _ in range(4):
        found.append(round(ours.earliest(AT) - AT, 3))
        ours.count(AT)
    assert found == [0.0, 0.26, 0.5, 0.76], "to the next fiftieth of a second"
    assert ours.earliest(AT) == float("inf")


def test_places_that_rest_or_are_taken_by_others_are_not_free() -> None:
    ours = places(5, resting(0.5, 2), taken(3.0, 2), resting(-0.1, 3), taken(-0.1, 9))
    assert ours.earliest(AT) == AT
    ours.count(AT)
    assert ours.earliest(AT) == pytest.approx(AT + 0.5)
    assert ours.earliest(AT + 0.8) == AT + 0.8


def test_a_place_rests_for_the_limits_time_after_its_letter_was_answered() -> None:
    ours = places(1, own=OwnPlaces(0, (AT - 0.4,)))
    assert ours.earliest(AT) == pytest.approx(AT - 0.4 + 1.0 + CLOCKS)


def test_what_changed_is_stored_and_what_is_over_is_deleted() -> None:
    own = OwnPlaces(2, (AT - 0.4,), taken(4.0, 3).start)
    ours = places(9, resting(-0.1, 3), resting(0.5, 2), taken(4.0, 3), taken(3.0, 1), own=own)
    for _ in range(4):
        ours.count(AT)
    assert ours.earliest(AT) == pytest.approx(AT + 0.5), "9 less 1 of another run, 3 resting, 2 in use, and these 3"
    found = {
        (each.scope.rpartition("/")[2], round(each.start.timestamp() - AT, 2)): each.number for each in ours.tallies()
    }
    ends = round(FARTHEST + 1.0 + CLOCKS, 2)
    assert found == {("1", -0.1): 0, ("1", 0.5): 1, ("1", 0.62): 1, ("taken", 4.0): 0, ("taken", ends): 6}


def test_a_limit_that_is_only_looked_at_stores_nothing() -> None:
    assert list(places(9, resting(-0.1, 3), resting(0.5, 2), taken(3.0, 1)).tallies()) == []


def test_two_claims_never_end_at_the_same_moment() -> None:
    first = places(5)
    first.count(AT)
    ends = first.claim()
    assert ends is not None
    second = places(5, Tally("letters/all/1/taken", ends, 1))
    second.count(AT)
    assert second.claim() == ends + timedelta(microseconds=1)


def hourly(letters: int, *counted: tuple[float, int]) -> Counted:
    """Return a limit an hour, with letters counted in stretches that begin so many seconds from AT."""
    limit = Limit(letters, 3600.0)
    made = line(limit, "all", [tally("all", limit, AT + start, number) for start, number in counted], AT)
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
    short, long = line(Limit(1, 1.0), "relay/mx", (), AT), hourly(1, (-600.0, 1))
    assert joint((), AT) == (AT, "")
    assert joint((short,), AT) == (AT, "")
    opens = AT - 600 + 60 + GRACE + 3600
    assert joint((short, long), AT) == (opens, "1 an hour")
    later = Tally("letters/relay/mx/1", datetime.fromtimestamp(opens + 0.4, UTC), 1)
    short = line(Limit(1, 1.0), "relay/mx", [later], opens)
    for lines in ((short, long), (long, short)):
        moment, slowest = joint(lines, AT)
        assert (round(moment - opens, 2), slowest) == (0.4, "1 a second by mx")


def test_limits_of_a_domain_are_its_own_or_those_of_the_star() -> None:
    own, other = (Limit(1, 1.0),), (Limit(2, 1.0),)
    rates = Rates(domains={"a.example": own, "*": other})
    assert (rates.of_domain("a.example"), rates.of_domain("b.example")) == (own, other)
    assert Rates(domains={"a.example": own}).of_domain("b.example") == ()
    assert Rates().of_domain("a.example") == ()


def test_places_are_taken_shortly_before_they_are_rested_and_earlier_by_who_goes_first() -> None:
    few, shared = Rates(overall=(Limit(4, 1.0),)), OwnTallies()
    moments = (AHEAD - 0.01, AHEAD + 0.01, AHEAD + MORE_AHEAD - 0.01, AHEAD + MORE_AHEAD + 0.01)
    shared.change((), NOW, NOW, lambda _known: [resting(moment) for moment in moments])
    assert len(admitted(RateLimiter(few, shared), many(50), NOW).permits) == 1
    assert len(admitted(RateLimiter(few, shared, goes_first=True), many(50), NOW).permits) == 2


@pytest.mark.parametrize(("ahead", "permits"), [(FARTHEST + 0.9, 0), (FARTHEST + 1.1, 1)])
def test_a_place_that_rests_longer_than_any_can_was_written_by_a_wrong_clock(ahead: float, permits: int) -> None:
    limit, shared = Limit(1, 1.0), OwnTallies()
    shared.change((), NOW, NOW, lambda _known: [resting(ahead)])
    assert len(admitted(RateLimiter(Rates(overall=(limit,)), shared), many(5), NOW).permits) == permits


def test_a_wait_says_until_when() -> None:
    assert str(Wait("9 an hour", NOW + timedelta(minutes=61))) == "waiting: 9 an hour reached, goes on at 07:01 UTC"


def test_the_quickest_answer_is_known_after_more_than_twenty_of_them() -> None:
    times = AnswerTimes()
    assert [times.least(0.5) for _ in range(20)] == [0.0] * 20
    assert [times.least(took) for took in (0.75, 0.25, 0.5)] == [0.5, 0.25, 0.25]


def test_a_run_knows_which_of_its_places_are_in_use_rest_or_were_not_used() -> None:
    first, second, third = map(ReaderId, (1, 2, 3))
    overall, relay = (LimitOf(whose, Limit(5, 1.0)) for whose in ("all", "relay/mx"))
    held = HeldPlaces()
    assert not held
    held.stored([(first, (overall, relay)), (second, (overall,)), (third, ())], {})
    assert held
    assert (held.of(overall), held.of(relay)) == (OwnPlaces(2), OwnPlaces(1))
    assert not held.settle(Fates([(first, 5.0)], frozenset({second})))
    assert (held.of(overall), held.of(relay)) == (OwnPlaces(1, (5.0,)), OwnPlaces(0, (5.0,)))
    assert held.settle(Fates([], frozenset({first})))
    assert held.of(overall) == OwnPlaces(0, (5.0,))
    assert held.limits() == {overall, relay}


def test_a_run_has_a_limit_until_no_claim_on_its_places_is_stored() -> None:
    overall, relay = (LimitOf(whose, Limit(5, 1.0)) for whose in ("all", "relay/mx"))
    held = HeldPlaces()
    held.stored([(ReaderId(1), (relay,))], {overall: NOW})
    assert held.limits() == {overall, relay}
    held.settle(Fates([(ReaderId(1), 5.0)]))
    held.stored([], {overall: NOW})
    assert held
    assert (held.limits(), held.of(overall)) == ({overall}, OwnPlaces(0, (), NOW))
    held.stored([], {})
    assert not held


def test_a_place_whose_rest_ends_now_is_free_like_one_that_was_never_used() -> None:
    ours = places(4, resting(0.0))
    ours.count(AT)
    assert round(ours.earliest(AT) - AT, 3) == 0.26

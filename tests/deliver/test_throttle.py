"""The pace that a relay bears is found, by a clock of our own."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from math import inf

import pytest

from digest.deliver.pacing.throttle import FALL, MOST_RESTS, Lanes, Throttle

UNDER_WAY = 20


class FixedWindow:
    """So many letters in each second of the relay's clock; the refused count as well."""

    def __init__(self, rate: int) -> None:
        self.rate, self.second, self.number = rate, -1, 0

    def takes(self, now: float) -> bool:
        if int(now) != self.second:
            self.second, self.number = int(now), 0
        self.number += 1
        return self.number <= self.rate


class Bucket:
    """A bucket of tokens that fills evenly."""

    def __init__(self, rate: int) -> None:
        self.rate, self.tokens, self.at = rate, float(rate), 0.0

    def takes(self, now: float) -> bool:
        self.tokens, self.at = min(self.rate, self.tokens + (now - self.at) * self.rate), now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def sent(relay: FixedWindow | Bucket, seconds: float, round_trip: float) -> tuple[int, int]:
    """Return how many letters were accepted and refused in that time."""
    throttle, now, end = Throttle(), 1000.37, 1000.37 + seconds
    answers: deque[tuple[float, bool]] = deque()
    accepted = refused = 0
    while now < end:
        wait = throttle.wait(now)
        if wait > 0 or len(answers) >= UNDER_WAY:
            next_answer = answers[0][0] if answers else inf
            now = max(now + 1e-4, min(now + wait if wait > 0 else inf, next_answer))
        else:
            throttle.taken(now)
            answers.append((now + round_trip, relay.takes(now)))
            now += 0.001
        while answers and answers[0][0] <= now:
            if answers.popleft()[1]:
                accepted += 1
                throttle.accepted(now)
            else:
                refused += 1
                throttle.complained(now)
    return accepted, refused


@pytest.mark.parametrize("round_trip", [0.005, 0.02, 0.1])
@pytest.mark.parametrize("rate", [2, 14, 50])
@pytest.mark.parametrize("kind", [FixedWindow, Bucket])
def test_most_of_the_allowed_rate_is_used_and_little_is_refused(
    kind: type[FixedWindow | Bucket], rate: int, round_trip: float
) -> None:
    accepted, refused = sent(kind(rate), 60, round_trip)
    assert accepted >= 0.85 * 60 * rate
    assert refused <= UNDER_WAY * 2 + 60 * 2


def test_without_complaints_there_is_no_pace() -> None:
    throttle = Throttle()
    for n in range(1000):
        assert throttle.wait(n / 1000) == 0
        throttle.taken(n / 1000)
        throttle.accepted(n / 1000)


def test_a_pace_that_a_complaint_gave_is_kept_letter_by_letter_and_climbs() -> None:
    throttle = Throttle()
    for n in range(8):
        throttle.accepted(n / 16)
    throttle.complained(0.5)
    pace = throttle.pace
    assert throttle.wait(1.0) == pytest.approx(max(0.0, 1 - 0.5 * pace) / pace)
    for _ in range(2):
        throttle.taken(1.0)
    assert throttle.wait(1.0) > 0
    assert throttle.pace > pace
    throttle.complained(2.0)
    assert throttle.pace < 2 * pace


def test_the_first_complaint_sets_the_pace_to_what_the_relay_accepted_in_the_last_second() -> None:
    throttle = Throttle()
    for n in range(100):
        throttle.accepted(50 + n / 10)
    throttle.complained(60)
    assert throttle.pace == pytest.approx(9 * FALL)  # the one at 59.0 left the window


def test_a_relay_that_takes_nothing_is_asked_ever_more_rarely_and_then_given_up() -> None:
    throttle, now, rests = Throttle(), 0.0, []
    while not throttle.exhausted:
        throttle.complained(now)
        rests.append(throttle.wait(now))
        now += max(rests[-1], 1.0)
    assert rests == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert len(rests) == MOST_RESTS + 1
    throttle.accepted(now)
    assert not throttle.exhausted


def test_complaints_about_connections_leave_one_and_quiet_brings_them_back() -> None:
    lanes = Lanes(4)
    for _ in range(9):
        lanes.fewer(10.0)
    assert [lane for lane in range(4) if lanes.may_run(lane, 10.0)] == [0]
    assert lanes.may_run(1, 11.1)
    assert not lanes.may_run(2, 11.2)
    assert [lanes.may_run(3, 10.0 + 60 * n) for n in range(1, 4)][-1]


def slowed(letters: int, at: float) -> Throttle:
    """Return the throttle of a relay that accepted so many letters in one moment and then complained."""
    throttle = Throttle()
    for _ in range(letters):
        throttle.accepted(at)
    throttle.complained(at)
    return throttle


def test_letters_that_were_under_way_at_the_first_complaint_show_that_the_relay_takes_more() -> None:
    throttle = slowed(4, 100.0)
    for _ in range(6):
        throttle.accepted(100.4)
    assert throttle.pace == pytest.approx(10 * 0.97)
    for _ in range(20):
        throttle.accepted(101.0)
    assert throttle.pace == pytest.approx(10 * 0.97), "a second later the pace is learned"


def test_a_complaint_takes_a_few_per_cent_of_the_pace_however_few_letters_have_just_left() -> None:
    throttle = slowed(50, 100.0)
    throttle.wait(101.5)
    throttle.accepted(101.5)
    pace = throttle.pace
    throttle.complained(101.5)
    assert throttle.pace == pytest.approx(pace * 0.97**2)


def test_complaints_within_half_a_second_are_one() -> None:
    throttle = slowed(50, 100.0)
    pace = throttle.pace
    throttle.complained(100.49)
    assert throttle.pace == pace
    throttle.complained(100.5)
    assert throttle.pace < pace


def test_the_pace_climbs_faster_the_longer_the_relay_does_not_complain() -> None:
    throttle = slowed(4, 100.0)
    paces = [throttle.pace]
    for second in range(1, 13):
        throttle.wait(100.0 + second)
        paces.append(throttle.pace)
    climbs = [after / before - 1 for before, after in pairwise(paces)]
    assert climbs == pytest.approx([0.02 * second for second in range(1, 11)] + [0.2, 0.2])


def test_the_time_until_one_connection_more_doubles_up_to_five_minutes() -> None:
    lanes, now, waits = Lanes(2), 0.0, []
    for _ in range(11):
        lanes.fewer(now)
        wait = next(seconds for seconds in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300) if lanes.may_run(1, now + seconds))
        waits.append(wait)
        now += 1000.0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_connections_come_back_one_by_one() -> None:
    lanes = Lanes(4)
    for _ in range(3):
        lanes.fewer(0.0)
    allowed = [sum(lanes.may_run(lane, now) for lane in range(4)) for now in (0.9, 1.0, 2.9, 3.0, 6.9, 7.0, 900.0)]
    assert allowed == [1, 2, 2, 3, 3, 4, 4]


def test_after_a_long_quiet_at_most_one_letter_and_a_half_leave_at_once() -> None:
    throttle = slowed(10, 100.0)
    throttle.taken(200.0)
    assert throttle.wait(200.0) == pytest.approx(0.5 / throttle.pace)
    throttle.taken(200.0)
    assert throttle.wait(200.0) == pytest.approx(1.5 / throttle.pace)


def test_after_a_complaint_the_next_letter_waits_its_whole_turn() -> None:
    throttle = slowed(10, 100.0)
    throttle.wait(110.0)
    throttle.accepted(110.0)
    throttle.complained(110.0)
    assert throttle.wait(110.0) == pytest.approx(1 / throttle.pace)


def test_no_pace_falls_below_a_letter_in_five_seconds() -> None:
    throttle, now = slowed(1, 100.0), 100.0
    for _ in range(300):
        now += 0.5
        throttle.accepted(now)
        throttle.complained(now)
    assert throttle.pace == pytest.approx(0.2, rel=0.05)

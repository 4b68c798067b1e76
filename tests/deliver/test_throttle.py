"""The pace that a relay bears is found, by a clock of our own."""

from __future__ import annotations

from collections import deque
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

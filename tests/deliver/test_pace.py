"""Limits are counted before sending, and a burst of refusals opens the breaker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.pace import Breaker, Limit, Pace, Rates, Window


@given(st.integers(1, 5), st.floats(0.5, 20), st.lists(st.floats(0, 3), max_size=60))
def test_no_window_ever_holds_more_than_its_limit(letters: int, seconds: float, steps: list[float]) -> None:
    window, now, left = Window(Limit(letters, seconds)), 0.0, list[float]()
    for step in steps:
        now += step
        if window.wait(now) == 0:
            window.count(now)
            left.append(now)
    for start in left:
        assert sum(start <= moment < start + seconds for moment in left) <= letters


@given(st.integers(1, 4), st.floats(0.5, 20))
def test_the_wait_ends_when_it_says_so(letters: int, seconds: float) -> None:
    window = Window(Limit(letters, seconds))
    for place in range(letters):
        window.count(float(place) / 100)
    wait = window.wait(1.0 if seconds > 1 else 0.1)
    now = (1.0 if seconds > 1 else 0.1) + wait
    assert window.wait(now + 1e-6) == 0


def test_the_longest_wait_of_all_windows_counts() -> None:
    pace = Pace(Rates(limits=(Limit(1, 1.0), Limit(2, 60.0))))
    pace.count("a.example", 0.0)
    assert pace.wait(0.5) == 0.5
    pace.count("a.example", 1.0)
    assert pace.wait(2.5) == 57.5


def test_a_domain_has_a_window_of_its_own() -> None:
    pace = Pace(Rates(per_domain=Limit(1, 10.0)))
    pace.count("a.example", 0.0)
    assert pace.domain_wait("a.example", 4.0) == 6.0
    assert pace.domain_wait("b.example", 4.0) == 0.0
    assert pace.wait(4.0) == 0.0


def test_one_success_closes_the_breaker_s_count() -> None:
    breaker = Breaker()
    for _ in range(Breaker.LONGEST_RUN - 1):
        breaker.note(refused=True)
    breaker.note(refused=False)
    breaker.note(refused=True)
    assert not breaker.is_open
    for _ in range(Breaker.LONGEST_RUN):
        breaker.note(refused=True)
    assert breaker.is_open

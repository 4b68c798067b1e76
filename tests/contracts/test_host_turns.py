"""Requests to one host are a pause apart, whichever machine sends them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from digest.fetch.pace import SharedPace
from digest.storage.engine import Database
from digest.storage.host_turns import HostTurns

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def turns(database: Database) -> HostTurns:
    return HostTurns(database, lambda: NOW)


def test_moments_of_one_host_are_a_pause_apart_and_others_do_not_wait(turns: HostTurns) -> None:
    moments = [turns.reserve("paper.example", 20.0) for _ in range(3)]
    assert moments[0] == 0.0
    assert [round(later - earlier) for earlier, later in pairwise(moments)] == [20, 20]
    assert turns.reserve("other.example", 20.0) == 0.0


def test_a_host_that_asks_to_wait_is_left_alone_by_all(turns: HostTurns, database: Database) -> None:
    assert turns.seconds_until("paper.example") == 0.0
    turns.hold("paper.example", 300.0)
    turns.hold("paper.example", 100.0)
    pace = SharedPace(1.0, HostTurns(database, lambda: NOW))
    assert pace.seconds_until("paper.example") == pytest.approx(300.0, abs=60.0)
    pace.hold("paper.example", 900.0)
    assert turns.reserve("paper.example", 1.0) == pytest.approx(900.0, abs=60.0)


def test_a_site_that_asks_for_a_longer_pause_gets_it(turns: HostTurns) -> None:
    pace = SharedPace(0.0, turns)
    pace.slow_down("paper.example", 30.0)
    pace.wait("paper.example")
    assert turns.seconds_until("paper.example") == pytest.approx(30.0, abs=10.0)


def test_two_machines_never_get_the_same_moment(turns: HostTurns) -> None:
    with ThreadPoolExecutor(4) as threads:
        moments = sorted(threads.map(lambda _: turns.reserve("paper.example", 50.0), range(8)))
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) > 40.0

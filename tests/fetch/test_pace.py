from __future__ import annotations

import threading
import time

import pytest

from digest.fetch.pace import Pace, Turns


def turns(pace: Pace, work: object) -> Turns[str, str]:
    return Turns(pace, host_of=lambda item: item.partition("/")[0], work=work)  # type: ignore[arg-type]


def test_a_host_with_a_long_pause_holds_nobody_but_itself() -> None:
    pace = Pace(0.0)
    pace.slow_down("slow", 0.2)

    def work(item: str) -> str:
        pace.wait(item.partition("/")[0])
        return item

    items = [*(f"slow/{n}" for n in range(3)), *(f"host{n}/1" for n in range(20))]
    order = [item for item, _ in turns(pace, work).results(items, threads=2)]
    assert sorted(order) == sorted(items)
    assert order[-2:] == ["slow/1", "slow/2"]


def test_a_host_is_never_worked_at_twice_at_once() -> None:
    busy: set[str] = set()

    def work(item: str) -> str:
        host = item.partition("/")[0]
        assert host not in busy
        busy.add(host)
        time.sleep(0.002)
        busy.remove(host)
        return item

    items = [f"host{n % 3}/{n}" for n in range(30)]
    assert len(list(turns(Pace(0.0), work).results(items, threads=8))) == len(items)


def test_results_wait_for_a_slow_caller_instead_of_heaping_up() -> None:
    done: list[str] = []

    def work(item: str) -> str:
        done.append(item)
        return item

    results = turns(Pace(0.0), work).results([f"host{n}/1" for n in range(100)], threads=3)
    next(results)
    time.sleep(0.2)
    assert len(done) <= 2 * 3 + 1
    assert len(list(results)) == 99


def test_a_bug_in_the_work_is_raised_where_the_results_are_read() -> None:
    def work(item: str) -> str:
        raise ZeroDivisionError(item)

    with pytest.raises(ZeroDivisionError):
        list(turns(Pace(0.0), work).results(["a/1", "b/1"], threads=2))


def test_nothing_to_do_is_done_at_once() -> None:
    before = threading.active_count()
    assert list(turns(Pace(1.0), str).results([], threads=5)) == []
    assert threading.active_count() == before


def test_a_held_host_is_not_asked_until_it_may_be() -> None:
    pace = Pace(0.0)
    pace.hold("host", 30)
    assert 29 < pace.seconds_until("host") <= 30
    assert pace.seconds_until("other") == 0.0

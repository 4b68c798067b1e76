"""Which granted letters are noted now, which wait, and which need another moment."""

from __future__ import annotations

import pytest

from digest.bookkeeping import Claim
from digest.deliver.pacing.relay_choice import SendSlot
from digest.deliver.run.grants import HORIZON, MOST, Speed, share
from digest.model.ids import ReaderId

NOW = 1000.0


def slot(reader: int, due: float, way: int = 0) -> SendSlot:
    return SendSlot(Claim(ReaderId(reader), f"r{reader}@example.org"), way, NOW + due, NOW + due + 0.05)


def ids(slots: tuple[SendSlot, ...]) -> list[int]:
    return [each.claim.reader_id for each in slots]


def test_letters_are_noted_in_the_order_of_their_moments_as_far_as_their_way_takes_them() -> None:
    found = share([slot(3, 0.3), slot(1, 0.1), slot(2, 0.2)], [2], [True], NOW)
    assert (ids(found.out), ids(found.kept), found.lapsed) == ([1, 2], [3], ())


def test_a_letter_whose_moment_is_far_is_not_noted_yet() -> None:
    found = share([slot(1, HORIZON), slot(2, HORIZON + 0.01)], [9], [True], NOW)
    assert (ids(found.out), ids(found.kept)) == ([1], [2])


@pytest.mark.parametrize(("due", "late"), [(-0.05, False), (-0.06, True)])
def test_a_moment_that_is_over_by_more_than_the_tolerance_lapses(due: float, *, late: bool) -> None:
    found = share([slot(1, due)], [9], [True], NOW)
    assert bool(found.lapsed) is late
    assert bool(found.out) is not late


def test_letters_of_a_closed_way_need_another_moment_and_those_of_others_do_not() -> None:
    found = share([slot(1, 0.1, way=0), slot(2, 0.1, way=1)], [9, 9], [False, True], NOW)
    assert [claim.reader_id for claim in found.lapsed] == [1]
    assert ids(found.out) == [2]


def test_a_run_admits_what_it_sent_lately_and_at_least_some_for_each_connection() -> None:
    speed = Speed(lanes=10)
    assert speed.grant == 40
    speed.see(0, 100.0)
    speed.see(1000, 101.0)
    assert speed.grant == 500, "half a second's letters"
    speed.see(1001, 101.4)
    assert speed.grant == 500, "too soon to tell"
    speed.see(1010, 102.0)
    assert speed.grant == 40
    speed.see(100_000, 103.0)
    assert speed.grant == MOST == 2000, "other runs wait while letters are counted"


def test_a_run_is_measured_after_half_a_second() -> None:
    speed = Speed(lanes=10)
    speed.see(1000, 0.49)
    assert speed.grant == 40
    speed.see(1000, 0.5)
    assert speed.grant == 1000

"""What of an edition no job sends to, and how a shard is halved."""

from __future__ import annotations

import pytest

from digest.bookkeeping import Shard
from digest.pipeline.sending.shards import uncovered


@pytest.mark.parametrize(
    ("wanted", "booked", "missing"),
    [
        ([(1, 10)], [], [(1, 10)]),
        ([(1, 10)], [(1, 10)], []),
        ([(1, 10)], [(1, 4), (5, 20)], []),
        ([(1, 10)], [(3, 4)], [(1, 2), (5, 10)]),
        ([(1, 10), (21, 30)], [(1, 10)], [(21, 30)]),
        ([(5, 5)], [(1, 4), (6, 9)], [(5, 5)]),
        ([(1, 10)], [(8, 12), (0, 2)], [(3, 7)]),
    ],
)
def test_jobs_are_booked_for_readers_whom_no_job_sends_to(
    wanted: list[tuple[int, int]], booked: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    found = uncovered([Shard(*each) for each in wanted], [Shard(*each) for each in booked])
    assert found == [Shard(*each) for each in missing]


def test_a_shard_is_halved_down_to_one_reader() -> None:
    assert Shard(1, 4).halves() == (Shard(1, 2), Shard(3, 4))
    assert Shard(3, 3).halves() == ()

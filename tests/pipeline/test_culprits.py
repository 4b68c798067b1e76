"""Which of many items a failure is blamed on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.errors import DatabaseFull
from digest.pipeline.culprits import culprits


def failing_with(*wrong: set[int]) -> Callable[[tuple[int, ...]], None]:
    """Return work that fails where all of some set are among its items."""

    def work(items: tuple[int, ...]) -> None:
        if any(each <= set(items) for each in wrong):
            raise RuntimeError("poison")

    return work


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ([{3}], [3]),
        ([{3}, {7}], [3, 7]),
        ([{2, 6}], [6]),
        ([{0, 1, 9}], [9]),
        ([{2, 6}, {8}], [8]),
        ([], []),
        ([set()], []),
        ([{n} for n in range(10)], []),
    ],
)
def test_the_last_of_those_that_fail_together_is_found(wrong: list[set[int]], found: list[int]) -> None:
    assert [among[-1] for among in culprits(range(10), failing_with(*wrong))] == found


def test_few_items_may_all_be_at_fault() -> None:
    assert culprits((1, 2), failing_with({1}, {2})) == ((1,), (2,))


def test_a_full_disk_is_nobodys_fault() -> None:
    def work(_items: tuple[int, ...]) -> None:
        raise DatabaseFull("full")

    with pytest.raises(DatabaseFull):
        culprits((1, 2), work)

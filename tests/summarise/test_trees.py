from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarise.trees import laid_out

STORED = [
    [[0, 1.5, 1, 2, 0.5], [0.2], [1, 0.0, 3, 4, 0.7], [0.6], [0.9]],
    [[0.25]],
]
TREES = laid_out(STORED, ["b", "a"], ["a", "b", "c"])


@pytest.mark.parametrize(
    ("row", "value"),
    [((0.0, 1.0, 9.0), 0.45), ((-1.0, 2.0, 9.0), 0.85), ((0.5, 2.0, 9.0), 1.15), ((0.0, 1.5, 0.0), 0.45)],
)
def test_a_row_goes_left_up_to_the_threshold(row: tuple[float, ...], value: float) -> None:
    assert TREES.values(np.array([row])) == pytest.approx([value])


@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 3), min_size=1, max_size=5))
def test_the_parts_add_up_to_the_value(rows: list[tuple[float, ...]]) -> None:
    for row, value in zip(rows, TREES.values(np.array(rows)), strict=True):
        usual, parts = TREES.parts(row)
        assert usual + sum(parts) == pytest.approx(value)
        assert parts[2] == 0


def test_the_parts_name_the_features_that_were_asked() -> None:
    usual, parts = TREES.parts((0.5, 2.0, 9.0))
    assert usual == pytest.approx(0.75)
    assert parts == pytest.approx([0.2, 0.2, 0.0])

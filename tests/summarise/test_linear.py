from __future__ import annotations

import numpy as np
import pytest

from digest.summarise.linear import weighted

STORED = {"constant": 0.5, "features": {"b": [2.0, 0.25], "a": [0.0, -1.0]}}
MODEL = weighted(STORED, ["a", "b", "c"])


@pytest.mark.parametrize(("row", "value"), [((0.0, 2.0, 9.0), 0.5), ((0.5, 2.0, 9.0), 0.0), ((0.0, 4.0, -9.0), 1.0)])
def test_a_row_is_worth_the_sum_of_its_distances_from_the_means(row: tuple[float, ...], value: float) -> None:
    assert MODEL.values(np.array([row])) == pytest.approx([value])


def test_the_parts_add_up_and_an_unstored_feature_adds_nothing() -> None:
    usual, parts = MODEL.parts((0.5, 4.0, 7.0))
    assert usual == pytest.approx(0.5)
    assert parts == pytest.approx([-0.5, 0.5, 0.0])
    assert usual + sum(parts) == pytest.approx(MODEL.values(np.array([(0.5, 4.0, 7.0)]))[0])


def test_a_feature_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="features that do not exist: b"):
        weighted(STORED, ["a"])

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarise.packing import UNIT, Node, packed, unpacked

VALUES = st.integers(-20_000, 20_000).map(lambda steps: steps * UNIT)
SHAPES = st.recursive(VALUES, lambda below: st.tuples(st.integers(0, 254), VALUES, below, below), max_leaves=20)


def tree(shape: float | tuple[int, float, object, object]) -> list[Node]:
    nodes: list[Node] = []

    def add(part: object) -> int:
        number = len(nodes)
        if not isinstance(part, tuple):
            nodes.append([float(part)])  # type: ignore[arg-type]
            return number
        nodes.append([part[0], 0.5, 0, 0, part[1]])
        nodes[number][2:4] = [add(part[2]), add(part[3])]
        return number

    add(shape)
    return nodes


@given(st.lists(SHAPES.map(tree), max_size=4))
def test_trees_come_back_as_they_were_stored(trees: list[list[Node]]) -> None:
    found = unpacked(packed(trees))
    assert len(found) == len(trees)
    for ours, theirs in zip(found, trees, strict=True):
        assert [len(node) for node in ours] == [len(node) for node in theirs]
        for mine, other in zip(ours, theirs, strict=True):
            assert mine == pytest.approx(other)


def test_a_threshold_keeps_the_digits_of_a_float_of_four_bytes() -> None:
    [nodes] = unpacked(packed([[[3, 0.123456789, 1, 2, 0.0], [0.1], [0.2]]]))
    assert nodes[0][1] == pytest.approx(0.123456789, rel=1e-6)


@pytest.mark.parametrize(
    ("nodes", "wrong"),
    [([[0.5]], "a value is above"), ([[255, 0.0, 1, 2, 0.0], [0.1], [0.2]], "a feature has a number above 254")],
)
def test_what_has_no_room_is_refused(nodes: list[Node], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        packed([nodes])

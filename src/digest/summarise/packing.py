"""How a model's trees are stored: three arrays of bytes as text, half the size of the numbers as JSON.

The nodes are in depth-first order, left branch first, one tree after the other:

    feature    one byte for each node: the number of its feature, LEAF at a leaf
    threshold  a float of four bytes for each node that is not a leaf
    value      an integer of two bytes for each node, in units of UNIT

All are little-endian and encoded in base 85 (RFC 1924's alphabet), in lines.
"""

from __future__ import annotations

from base64 import b85decode, b85encode
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

LEAF = 255
UNIT = 1e-5
"""The step of a value: a thousandth of the noise of a score."""
_LINE = 120
_BYTE, _FLOAT, _SHORT = "<u1", "<f4", "<i2"

Node = list[float]
"""(feature, threshold, left, right, value), or (value,) at a leaf; left and right are indexes in the tree."""


def packed(trees: Sequence[Sequence[Sequence[float]]]) -> dict[str, list[str]]:
    """Return trees in stored form; raises ValueError for a value or a feature number that does not fit its bytes."""
    nodes = [node for tree in trees for node in _walked(tree, 0)]
    values = np.rint(np.array([node[-1] for node in nodes]) / UNIT)
    if np.abs(values).max(initial=0) > np.iinfo(_SHORT).max:
        raise ValueError(f"a value is above {np.iinfo(_SHORT).max * UNIT}")
    asked = [LEAF if len(node) == 1 else int(node[0]) for node in nodes]
    if any(len(node) > 1 and node[0] >= LEAF for node in nodes):
        raise ValueError(f"a feature has a number above {LEAF - 1}")
    return {
        "feature": _lines(np.array(asked, _BYTE)),
        "threshold": _lines(np.array([node[1] for node in nodes if len(node) > 1], _FLOAT)),
        "value": _lines(values.astype(_SHORT)),
    }


def unpacked(stored: Mapping[str, Sequence[str]]) -> list[list[Node]]:
    """Return the stored trees, each a list of nodes from its root."""
    asked = np.frombuffer(_bytes(stored["feature"]), _BYTE).tolist()
    thresholds = iter(np.frombuffer(_bytes(stored["threshold"]), _FLOAT).tolist())
    values = (np.frombuffer(_bytes(stored["value"]), _SHORT) * UNIT).tolist()
    trees: list[list[Node]] = []
    waiting: list[Node] = []  # splits of the last tree that still lack their right side
    left_side = False
    for feature, value in zip(asked, values, strict=True):
        if not left_side and not waiting:
            trees.append([])
        elif not left_side:
            waiting.pop()[3] = len(trees[-1])
        left_side = feature != LEAF
        node = [feature, next(thresholds), len(trees[-1]) + 1, 0, value] if left_side else [value]
        trees[-1].append(node)
        if left_side:
            waiting.append(node)
    return trees


def _walked(tree: Sequence[Sequence[float]], number: int) -> Iterator[Sequence[float]]:
    node = tree[number]
    yield node
    if len(node) > 1:
        yield from _walked(tree, int(node[2]))
        yield from _walked(tree, int(node[3]))


def _lines(array: np.ndarray) -> list[str]:
    text = b85encode(array.tobytes()).decode("ascii")
    return [text[at : at + _LINE] for at in range(0, len(text), _LINE)]


def _bytes(lines: Sequence[str]) -> bytes:
    return b85decode("".join(lines))

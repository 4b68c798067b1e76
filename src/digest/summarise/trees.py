"""Boosted regression trees as arrays. They model features that depend on one another, which the linear part cannot.

Each split changes the expected value from that of its node to that of the child. So each split on a sentence's path
belongs to one feature, and the parts add up to the tree's value (Saabas, 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_Floats = np.ndarray[Any, np.dtype[np.float64]]
_Whole = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees in arrays, one tree after the other, node by node."""

    roots: _Whole
    feature: _Whole
    """The feature that a node tests; 0 at a leaf."""
    threshold: _Floats
    """Values up to this one go to the left."""
    children: _Whole
    """The left and the right child of each node; a leaf leads to itself."""
    value: _Floats
    """The expected value of a sentence that reaches a node."""
    depth: int

    def values(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the sum of all trees for each row."""
        seen = np.asarray(rows, dtype=float)
        lines = np.arange(0, seen.size, seen.shape[1])[:, None]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            goes_right = seen.take(lines + self.feature.take(at)) > self.threshold.take(at)
            at = self.children.take(2 * at + goes_right)
        return [float(total) for total in self.value.take(at).sum(1)]

    def parts(self, row: Sequence[float]) -> tuple[float, list[float]]:
        """Return the expected value of any sentence, and what each feature of this one adds to it."""
        added = [0.0] * len(row)
        for root in self.roots:
            node = int(root)
            while self.children[2 * node] != node:
                feature = int(self.feature[node])
                child = int(self.children[2 * node + (row[feature] > self.threshold[node])])
                added[feature] += float(self.value[child] - self.value[node])
                node = child
        return float(self.value[self.roots].sum()), added


def laid_out(trees: Sequence[Sequence[Sequence[float]]], names: Sequence[str], known: Sequence[str]) -> Trees:
    """Return stored trees as arrays: lists of nodes (feature, threshold, left, right, value), leaves (value,).

    ``names`` are the names of the stored feature numbers, ``known`` the features of the rows to be scored. Raises
    ValueError for a feature that is not known.
    """
    if missing := set(names) - set(known):
        raise ValueError(f"the model asks for features that do not exist: {', '.join(sorted(missing))}")
    column = {number: known.index(name) for number, name in enumerate(names)}
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = []
    for tree in trees:
        first = len(nodes)
        roots.append(first)
        for number, node in enumerate(tree):
            here = first + number
            if len(node) == 1:
                nodes.append((0, 0.0, here, here, node[0]))
            else:
                asked, limit, left, right, expected = node
                nodes.append((column[int(asked)], limit, first + int(left), first + int(right), expected))
    return Trees(
        roots=np.array(roots, dtype=int),
        feature=np.array([node[0] for node in nodes], dtype=int),
        threshold=np.array([node[1] for node in nodes], dtype=float),
        children=np.array([child for node in nodes for child in node[2:4]], dtype=int),
        value=np.array([node[4] for node in nodes], dtype=float),
        depth=max((_depth(tree, 0) for tree in trees), default=0),
    )


def _depth(tree: Sequence[Sequence[float]], node: int) -> int:
    if len(tree[node]) == 1:
        return 0
    return 1 + max(_depth(tree, int(tree[node][2])), _depth(tree, int(tree[node][3])))

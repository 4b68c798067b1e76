"""Boosted regression trees as arrays. They model features that depend on one another, which the linear part cannot.

A sentence's value is found without walking: a test that a sentence passes rules out the leaves on its left, and the
first leaf that is left is the one that a walk would reach (QuickScorer, Lucchese et al., 2015). Each test is made once,
however many nodes ask it: that takes .3 of the time of a walk of all trees level by level.

Each split changes the expected value from that of its node to that of the child. So each split on a sentence's path
belongs to one feature, and the parts add up to the tree's value (Saabas, 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
_Whole = np.ndarray[Any, np.dtype[np.int64]]
_Bits = np.ndarray[Any, np.dtype[np.uint16]]

MOST_LEAVES = 16
"""The largest number of leaves of a tree: a set of leaves is a number of 16 bits."""
_ALL = (1 << MOST_LEAVES) - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """All trees as tests and sets of leaves, from left to right; the first array index of a node is its turn."""

    feature: _Whole
    """The feature of each different test."""
    threshold: Floats
    """Values above this one pass the test; shape (tests, 1)."""
    asked: _Whole
    """The test of each node; shape (most nodes of a tree, trees)."""
    ruled_out: _Bits
    """The leaves that remain after a passed test; shape (most nodes of a tree, trees, 1)."""
    leaves: _Whole
    """The nodes that are leaves, MOST_LEAVES numbers a tree."""

    def reached(self, rows: Floats) -> _Whole:
        """Return the leaf of each tree that each row reaches; shape (trees, rows).

        Results are written over their operands where they can be, which saves a quarter of the time.
        """
        columns = np.ascontiguousarray(rows.T)
        failed = (columns.take(self.feature, axis=0) <= self.threshold).astype(np.uint16)
        np.negative(failed, out=failed)  # 1 becomes a set of all leaves
        remain = failed.take(self.asked, axis=0)
        remain |= self.ruled_out
        left: _Bits = np.bitwise_and.reduce(remain, axis=0)
        first = _first_bits().take(left)
        first += MOST_LEAVES * np.arange(len(first))[:, None]
        nodes: _Whole = self.leaves.take(first)
        return nodes


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees in arrays, one tree after the other, node by node."""

    roots: _Whole
    feature: _Whole
    """The feature that a node tests; 0 at a leaf."""
    threshold: Floats
    """Values up to this one go to the left."""
    children: _Whole
    """The left and the right child of each node; a leaf leads to itself."""
    value: Floats
    """The expected value of a sentence that reaches a node."""
    tests: _Tests

    def values(self, rows: Floats) -> Floats:
        """Return the sum of all trees for each row; shape (rows, features) -> (rows,)."""
        found: Floats = self.value.take(self.tests.reached(rows)).sum(0)
        return found

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
    ValueError for a feature that is not known, and for a tree of more than MOST_LEAVES leaves.
    """
    if missing := set(names) - set(known):
        raise ValueError(f"the model asks for features that do not exist: {', '.join(sorted(missing))}")
    column = {number: known.index(name) for number, name in enumerate(names)}
    nodes: list[_Node] = []
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
    children = [child for node in nodes for child in node[2:4]]
    return Trees(
        roots=np.array(roots, dtype=int),
        feature=np.array([node[0] for node in nodes], dtype=int),
        threshold=np.array([node[1] for node in nodes], dtype=float),
        children=np.array(children, dtype=int),
        value=np.array([node[4] for node in nodes], dtype=float),
        tests=_tests(nodes, roots),
    )


_Node = tuple[int, float, int, int, float]
"""The feature, its threshold, the left and right child, and the expected value."""


def _tests(nodes: Sequence[_Node], roots: Sequence[int]) -> _Tests:
    """Return the tests of all nodes and the leaves that each rules out when a row passes it."""
    walked = [_walk(nodes, root) for root in roots]
    numbers = {test: number for number, test in enumerate(sorted({ask[:2] for asks, _ in walked for ask in asks}))}
    width = max((len(asks) for asks, _ in walked), default=0)
    asked = np.zeros((width, len(roots)), dtype=int)
    ruled_out = np.full((width, len(roots), 1), _ALL, dtype=np.uint16)
    leaves = np.zeros((len(roots), MOST_LEAVES), dtype=int)
    for tree, (asks, found) in enumerate(walked):
        leaves[tree, : len(found)] = found
        for turn, (feature, threshold, left) in enumerate(asks):
            asked[turn, tree] = numbers[feature, threshold]
            ruled_out[turn, tree] = _ALL & ~left
    return _Tests(
        feature=np.array([feature for feature, _ in numbers], dtype=int),
        threshold=np.array([[threshold] for _, threshold in numbers], dtype=float).reshape(-1, 1),
        asked=asked,
        ruled_out=ruled_out,
        leaves=leaves.ravel(),
    )


def _walk(nodes: Sequence[_Node], root: int) -> tuple[list[tuple[int, float, int]], list[int]]:
    """Return a tree's tests, each with the set of leaves on its left as bits, and its leaves from left to right."""
    asks: list[tuple[int, float, int]] = []
    leaves: list[int] = []

    def leaves_below(place: int) -> int:
        feature, threshold, left, right, _ = nodes[place]
        if left == place:
            leaves.append(place)
            return 1 << (len(leaves) - 1)
        on_the_left = leaves_below(left)
        asks.append((feature, threshold, on_the_left))
        return on_the_left | leaves_below(right)

    leaves_below(root)
    if len(leaves) > MOST_LEAVES:
        raise ValueError(f"a tree of the model has {len(leaves)} leaves; at most {MOST_LEAVES} are possible")
    return asks, leaves


@cache
def _first_bits() -> _Whole:
    """Return the place of the lowest bit of each number below 2 ** MOST_LEAVES; 0 for 0, which no row leaves."""
    numbers = np.arange(_ALL + 1)
    first: _Whole = np.frexp(np.maximum(numbers & -numbers, 1).astype(float))[1].astype(int) - 1
    return first

"""Exact average link on a sparse graph of similarities: pairs that are not in the graph count as 0.

Average link is reducible: if two clusters are below the cut, no merge can bring them above it. So only components
joined by edges at or above the cut are processed, and only such pairs are in the heap.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

Edge = tuple[int, int, float]
Cluster = tuple[int, ...]


class _Linker:
    """The state of one agglomeration: cluster sums and sizes, and the heap of pairs that may be merged."""

    def __init__(self, edges: Iterable[Edge], times: Sequence[float], cut: float, span: float) -> None:
        self.cut, self.span = cut, span
        self.members: dict[int, list[int]] = {i: [i] for i in range(len(times))}
        self.first = dict(enumerate(times))
        self.last = dict(enumerate(times))
        self.sums: dict[int, dict[int, float]] = {i: {} for i in range(len(times))}
        self.heap: list[tuple[float, int, int]] = []
        for one, other, likeness in edges:
            self.sums[one][other] = self.sums[other][one] = likeness
            if likeness >= cut:
                self.heap.append((-likeness, min(one, other), max(one, other)))
        heapq.heapify(self.heap)

    def _mean(self, one: int, other: int) -> float:
        return self.sums[one][other] / (len(self.members[one]) * len(self.members[other]))

    def _fits(self, one: int, other: int) -> bool:
        last = max(self.last[one], self.last[other])
        return last - min(self.first[one], self.first[other]) <= self.span

    def _merge(self, one: int, other: int, made: int) -> None:
        """Replace two clusters by ``made``; add its neighbours at or above the cut to the heap."""
        self.first[made] = min(self.first[one], self.first[other])
        self.last[made] = max(self.last[one], self.last[other])
        self.members[made] = self.members[one] + self.members[other]
        sums = self.sums[made] = self.sums[one]
        for neighbour, total in self.sums[other].items():
            sums[neighbour] = sums.get(neighbour, 0.0) + total
        del sums[one], sums[other]
        for gone in (one, other):
            del self.members[gone], self.sums[gone]
        for neighbour, total in sums.items():
            back = self.sums[neighbour]
            back.pop(one, None)
            back.pop(other, None)
            back[made] = total
            mean = self._mean(made, neighbour)
            if mean >= self.cut:
                heapq.heappush(self.heap, (-mean, neighbour, made))

    def run(self) -> tuple[Cluster, ...]:
        """Merge the most similar pair until none is at or above the cut; return sorted clusters."""
        made = len(self.members)
        while self.heap:
            _, one, other = heapq.heappop(self.heap)
            if one in self.members and other in self.members and self._fits(one, other):
                self._merge(one, other, made)
                made += 1
        return tuple(sorted(tuple(sorted(cluster)) for cluster in self.members.values()))


def average_link(edges: Iterable[Edge], times: Sequence[float], *, cut: float, span: float) -> tuple[Cluster, ...]:
    """Return clusters of indices into ``times``, ordered by their first index.

    ``edges`` are undirected and given once. Two clusters are merged while their mean similarity is at least ``cut``
    and the times of the merged cluster (any unit) lie within ``span``. Ties go to the lower indices.
    """
    return _Linker(edges, times, cut, span).run()

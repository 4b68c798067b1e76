"""Finds which items make a batch of work fail, by repeating the work with fewer items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from digest.model.quarantine import is_items_fault

T = TypeVar("T")

MANY = 5
"""When at least this many items fail alone, the cause is not in the items."""


def culprits(items: Sequence[T], work: Callable[[tuple[T, ...]], object]) -> tuple[tuple[T, ...], ...]:
    """Return groups of items with which ``work`` fails unexpectedly. The last item of each group is the cause.

    When items fail alone, each of them is a group of one. Otherwise the group is the shortest beginning of ``items``
    that fails: its last item fails together with an earlier one. The result is empty when the work does not fail, when
    it also fails without any item, and when many items fail alone: then the cause is not in the items.
    """
    if _fails(work, ()):
        return ()
    alone = tuple((item,) for item in items if _fails(work, (item,)))
    if alone:
        return alone if len(alone) < max(len(items), MANY) else ()
    fewest = _shortest_failing(items, work) if _fails(work, tuple(items)) else 0
    return (tuple(items[:fewest]),) if fewest else ()


def _shortest_failing(items: Sequence[T], work: Callable[[tuple[T, ...]], object]) -> int:
    passes, fails = 1, len(items)
    while fails - passes > 1:
        middle = (passes + fails) // 2
        if _fails(work, tuple(items[:middle])):
            fails = middle
        else:
            passes = middle
    return fails


def _fails(work: Callable[[tuple[T, ...]], object], items: tuple[T, ...]) -> bool:
    try:
        work(items)
    except Exception as error:
        if not is_items_fault(error):
            raise
        return True
    return False

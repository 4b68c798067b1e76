"""Which of many items make work fail that takes them all at once: found by doing it with fewer of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from digest.model.quarantine import is_items_fault

T = TypeVar("T")

MANY = 5
"""So many items are not all at fault."""


def culprits(items: Sequence[T], work: Callable[[tuple[T, ...]], object]) -> tuple[tuple[T, ...], ...]:
    """Return the items at which ``work`` fails unforeseen, each as the last of items with which it fails.

    Those at which it fails alone; where there is none, the last item of the shortest beginning at which it fails: it
    fails beside an earlier one. Where it fails without any, or at each of many alone, the fault is not with the items:
    none is returned, as when it does not fail at all.
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

"""How many letters of a run have a noted attempt and no result in the ledger, and how many more may have one.

These letters are uncertain when a machine is lost together with its journals. A letter counts from the step that notes
its attempt to the step that notes its result, wherever it is in between: at a route, under way, or answered.
"""

from __future__ import annotations

from collections.abc import Sequence

from digest.bookkeeping import Booked, Step
from digest.model.ids import ReaderId


class OpenAttempts:
    """The open attempts of one run; ``most`` is their limit, 0 for none."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[ReaderId] = set()

    def book(self, step: Step, booked: Booked) -> None:
        """Record which attempts and results a step has written."""
        if self._most:
            self._open = self._without_results(step) | booked.attempting

    def limited(self, free: Sequence[int], step: Step) -> tuple[int, ...]:
        """Return how many letters each route may take: at most ``free``, and within the limit after ``step``."""
        if not self._most:
            return tuple(free)
        return reduced(free, self._most - len(self._without_results(step)))

    def _without_results(self, step: Step) -> set[ReaderId]:
        return self._open.difference(outcome.reader_id for outcome in (*step.outcomes, *step.interim))


def reduced(numbers: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the numbers reduced until their sum is at most ``most``.

    The greatest are reduced first; none is below 0.
    """
    left = list(numbers)
    for _ in range(sum(left) - max(most, 0)):
        left[left.index(max(left))] -= 1
    return tuple(left)

"""Letters that a limit lets leave soon, and which of them are noted now: moments are granted by the second.

Counting is a transaction that all runs on one database wait for, so moments are taken for about a second at once.
Noting an attempt is what a crash may leave behind, so it is done shortly before the moment, and for no more letters
than a run wants to have noted at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.bookkeeping import Claim
from digest.deliver.pacing.rate_limits import AHEAD
from digest.deliver.pacing.relay_choice import SendSlot

HORIZON = AHEAD
"""Seconds before its moment in which the attempt of a letter may be noted."""
MOST = 2000
"""Letters that get a moment in one transaction: counting takes some ten microseconds for each, and others wait."""


@dataclass(frozen=True, slots=True)
class Share:
    """Granted letters, sorted out."""

    out: tuple[SendSlot, ...] = ()
    """To be noted and given to their ways now."""
    kept: tuple[SendSlot, ...] = ()
    """For later."""
    lapsed: tuple[Claim, ...] = ()
    """Whose moment is over, or whose way takes no letters any more: they need another."""


def share(slots: Iterable[SendSlot], free: Sequence[int], open_ways: Sequence[bool], now: float) -> Share:
    """Sort granted letters out, in the order of their moments; ``now`` is in seconds since the epoch.

    ``free`` is how many letters each way takes now, ``open_ways`` whether it takes any at all.
    """
    left = list(free)
    out: list[SendSlot] = []
    kept: list[SendSlot] = []
    lapsed: list[Claim] = []
    for slot in sorted(slots, key=lambda each: each.due):
        if slot.lapses < now or not open_ways[slot.way]:
            lapsed.append(slot.claim)
        elif left[slot.way] > 0 and slot.due <= now + HORIZON:
            left[slot.way] -= 1
            out.append(slot)
        else:
            kept.append(slot)
    return Share(tuple(out), tuple(kept), tuple(lapsed))

"""Letters that a limit admits soon, and which of them are noted now.

Counting is a transaction that all runs on one database wait for, so letters are admitted for some time at once. A crash
leaves noted attempts behind, so an attempt is noted shortly before its moment, and never more attempts than the run may
have noted at once. A run admits no more letters than it can send soon: others have better use for their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.bookkeeping import Claim
from digest.deliver.pacing.rate_limits import AHEAD
from digest.deliver.pacing.relay_choice import SendSlot

HORIZON = AHEAD
"""The attempt of a letter may be noted so many seconds before its moment."""
GRANT_SECONDS = 0.5
"""Under a limit, a run admits as many letters at once as it sent lately in so many seconds."""
GRANT_OF_A_LANE = 4
"""It admits at least so many for each connection."""
MOST = 2000
"""It admits at most so many for each route: counting one takes some ten microseconds, and other runs wait."""


class Speed:
    """How many letters a run sends, and so how many it admits at once under a limit."""

    def __init__(self, lanes: int) -> None:
        self._least = GRANT_OF_A_LANE * lanes
        self._seen = (0.0, 0)
        self.grant = self._least
        """How many letters to admit at once."""

    def see(self, settled: int, now: float) -> None:
        """Note how many letters the run has settled; ``now`` is in seconds of any clock."""
        at, before = self._seen
        if now - at >= GRANT_SECONDS:
            lately = (settled - before) / (now - at) * GRANT_SECONDS
            self.grant, self._seen = min(MOST, max(self._least, int(lately))), (now, settled)


@dataclass(frozen=True, slots=True)
class Share:
    """Admitted letters in three groups."""

    out: tuple[SendSlot, ...] = ()
    """To be noted and given to their routes now."""
    kept: tuple[SendSlot, ...] = ()
    """To be noted later."""
    lapsed: tuple[Claim, ...] = ()
    """Letters that need a new moment: theirs has passed, or their route takes no letters any more."""


def share(slots: Iterable[SendSlot], free: Sequence[int], open_ways: Sequence[bool], now: float) -> Share:
    """Divide admitted letters into groups, in the order of their moments; ``now`` is in seconds since the epoch.

    ``free`` is how many letters each route takes now, ``open_ways`` whether it takes any at all.
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

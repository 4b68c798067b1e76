"""Letters that a limit lets out soon, and which of them are noted in the ledger now.

Counting is a transaction that all runs on one database wait for, so letters for some time ahead are counted at once. A
crash leaves noted attempts behind. So an attempt is noted shortly before the letter's moment, and never more attempts
than the run may have noted at once. A run lets out no more letters than it can send soon: other runs have better use
for their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.bookkeeping import Claim
from digest.deliver.pacing.rate_limits import AHEAD
from digest.deliver.pacing.relay_choice import SendSlot

HORIZON = AHEAD
"""The attempt of a letter may be noted this many seconds before its moment."""
GRANT_SECONDS = 0.5
"""Under a limit, a run lets out as many letters at once as it recently sent in this many seconds."""
GRANT_OF_A_LANE = 4
"""A run lets out at least this many letters at once for each connection."""
MOST = 2000
"""A run lets out at most this many letters at once for each route: counting one takes some ten microseconds."""


class Speed:
    """How fast a run sends letters. Under a limit, it lets out more letters at once when it is faster."""

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
    """Letters that a limit has let out, in three groups."""

    out: tuple[SendSlot, ...] = ()
    """Letters whose attempt is noted now, and which then go to their routes."""
    kept: tuple[SendSlot, ...] = ()
    """Letters whose attempt is noted later."""
    lapsed: tuple[Claim, ...] = ()
    """Letters that need a new moment: theirs has passed, or their route takes no letters any more."""


def share(slots: Iterable[SendSlot], free: Sequence[int], open_ways: Sequence[bool], now: float) -> Share:
    """Divide letters that a limit has let out into groups, in the order of their moments.

    ``free`` is how many letters each route takes now, ``open_ways`` whether it takes any at all; ``now`` is in seconds
    since the epoch.
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

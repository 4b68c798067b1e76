"""How long the next try to sign in must wait, after tries that failed.

Delays grow and have an end: nobody can lock an account out by failing on purpose. A browser in which the user signed
in before has a count of its own, so that the right password enters there whatever others try elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model.desk_session import Failures

FORGOTTEN = timedelta(hours=24)
"""After so long without a failure the count begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What counts together, how many failures cost nothing, and the longest delay."""

    scope: str
    free: int
    longest: timedelta


ACCOUNT_FREE, NETWORK_FREE, DEVICE_FREE = 5, 20, 10
"""A newsroom shares one address: its network may fail more often than one account."""
LONGEST = timedelta(minutes=5)
"""288 guesses a day at one account, of a password that is no common one."""
FIRST = timedelta(seconds=2)


def delay(limit: Limit, number: int) -> timedelta:
    """Return how long after the failure of that number (from 1) the next try must wait: it doubles each time."""
    over = number - limit.free
    return timedelta() if over < 0 else min(FIRST * 2 ** min(over, 20), limit.longest)


def wait(limits: Sequence[Limit], known: Mapping[str, Failures], now: datetime) -> timedelta:
    """Return how long a try must still wait: the longest of what its limits ask for, or nothing."""
    waits = [
        found.last_at + delay(limit, found.number) - now
        for limit in limits
        if (found := known.get(limit.scope)) is not None and now - found.last_at < FORGOTTEN
    ]
    return max([timedelta(), *waits])


def counted(limits: Sequence[Limit], known: Mapping[str, Failures], now: datetime) -> dict[str, Failures]:
    """Return the counts with one more failure in each of the limits."""
    found: dict[str, Failures] = {}
    for limit in limits:
        before = known.get(limit.scope)
        number = before.number if before is not None and now - before.last_at < FORGOTTEN else 0
        found[limit.scope] = Failures(number=number + 1, last_at=now)
    return found

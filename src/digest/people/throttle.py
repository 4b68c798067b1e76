"""How long the next sign-in must wait after failed attempts.

Delays grow up to a limit, so nobody can lock an account by failing on purpose. A browser in which the user signed in
before has its own count, so that the right password works there even while others fail elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model.desk_session import Failures

FORGOTTEN = timedelta(hours=24)
"""After this long without a failure, the count starts from zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit on failed sign-ins, such as those at one account or from one network.

    Failures with the same ``scope`` are counted together. The first ``free - 1`` of them cause no delay; ``longest`` is
    the longest delay.
    """

    scope: str
    free: int
    longest: timedelta


ACCOUNT_FREE, NETWORK_FREE, DEVICE_FREE = 5, 20, 10
"""Value of ``Limit.free`` for an account, a network and a browser. A newsroom shares one address, so a network may
fail more often."""
LONGEST = timedelta(minutes=5)
"""The longest delay. It allows 288 guesses a day at one account, against a password that is not a common one."""
FIRST = timedelta(seconds=2)


def delay(limit: Limit, number: int) -> timedelta:
    """Return the delay after failure ``number`` (from 1): zero at first, then twice as long after each failure."""
    over = number - limit.free
    return timedelta() if over < 0 else min(FIRST * 2 ** min(over, 20), limit.longest)


def wait(limits: Sequence[Limit], known: Mapping[str, Failures], now: datetime) -> timedelta:
    """Return how long a sign-in must still wait: the longest delay of its limits, or zero.

    ``known`` maps scope to failures.
    """
    waits = [
        found.last_at + delay(limit, found.number) - now
        for limit in limits
        if (found := known.get(limit.scope)) is not None and now - found.last_at < FORGOTTEN
    ]
    return max([timedelta(), *waits])


def counted(limits: Sequence[Limit], known: Mapping[str, Failures], now: datetime) -> dict[str, Failures]:
    """Return the failures by scope after one more failed sign-in, for all ``limits`` that it concerns."""
    found: dict[str, Failures] = {}
    for limit in limits:
        before = known.get(limit.scope)
        number = before.number if before is not None and now - before.last_at < FORGOTTEN else 0
        found[limit.scope] = Failures(number=number + 1, last_at=now)
    return found

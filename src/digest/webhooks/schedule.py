"""When a message is sent again, when a receiver rests, and when it is given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

PAUSES = (
    *(timedelta(seconds=each) for each in (5, 30, 120, 300, 900, 1800, 3600)),
    *(timedelta(hours=2),) * 12,
)
"""Pauses after the first, second, ... failure of a message. They sum to 25 h 52 min: no receiver that answers within a
day loses one. Two hours is the longest wait after a receiver is repaired."""
JITTER = 0.2
"""A pause is longer by up to this part of it, so that messages that failed together do not come back together."""
RESTS = tuple(timedelta(seconds=each) for each in (2, 5, 10, 30, 60))
"""Pauses of a receiver after its first, second, ... failure in a row; the last one repeats."""
LONGEST_REST = timedelta(hours=1)
"""A receiver may ask for a rest of at most this by Retry-After."""
GIVEN_UP = timedelta(days=3)
"""A receiver that has failed for so long is disabled."""


def next_attempt(name: str, attempts: int, now: datetime) -> datetime | None:
    """Return when a message is sent again after ``attempts`` failures; None when it is given up.

    The jitter follows from the message's name, so the schedule can be computed again.
    """
    if attempts > len(PAUSES):
        return None
    drawn = int.from_bytes(sha256(f"{name} {attempts}".encode()).digest()[:4]) / 2**32
    return now + PAUSES[attempts - 1] * (1 + JITTER * drawn)


def rest(failures: int, asked: timedelta | None = None) -> timedelta:
    """Return how long a receiver rests after ``failures`` in a row; ``asked`` is its Retry-After."""
    usual = RESTS[min(failures, len(RESTS)) - 1]
    return usual if asked is None else max(usual, min(asked, LONGEST_REST))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return the wait of a ``Retry-After`` header (RFC 9110, section 10.2.3); None when it says nothing usable."""
    text = (value or "").strip()
    read: Callable[[str], timedelta] = _seconds if text.isascii() and text.isdecimal() else lambda it: _date(it, now)
    try:
        wait = read(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return wait if wait > timedelta() else None


def is_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Return whether a receiver has failed for too long."""
    return failing_since is not None and now - failing_since >= GIVEN_UP


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=int(text[:9]))


def _date(text: str, now: datetime) -> timedelta:
    at = parsedate_to_datetime(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now

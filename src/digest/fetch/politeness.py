"""Decides when a source may be asked again and what its state becomes. Pure rules; the clock is an argument.

200, 304               active; earlier failures are forgotten
301, 308 on 3 days     the source moves there, if the new address can be read
302, 303, 307          followed, but not stored
404 on 7 days          dead
410                    gone at once
429, 503               asked again after Retry-After (a minute to a day)
everything else        asked again after a pause that doubles with each failure, up to a day; dead after 30
                       days with at least 5 failures
no source answers      this machine is offline: no source pauses (`without_pause`)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
FIRST_PAUSE = timedelta(minutes=30)
"""The pause after the first failure. Each further failure doubles it."""
JITTER = 0.1
"""A pause is longer by a random share up to this. So sources that failed together are not retried together."""
MOVE_DAYS = 3
MISSING_DAYS = 7
DEAD_AFTER = timedelta(days=30)
FEWEST_FAILURES = 5
"""A source is not dead after fewer failures, however old the first: this machine may have been offline since."""

_NOT_MODIFIED, _NOT_FOUND, _GONE, _TOO_MANY, _UNAVAILABLE = 304, 404, 410, 429, 503


class SourceStanding(Enum):
    """Whether a source is still fetched."""

    ACTIVE = "active"
    GONE = "gone"
    """It answered 410: it will not come back."""
    DEAD = "dead"
    """It answered 404 on seven days, or only failed for thirty days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is stored about a source between fetches. The default is a source that was never fetched."""

    standing: SourceStanding = SourceStanding.ACTIVE
    url: str | None = None
    """The address after a move, or the feed that its page names. None: the address of the settings."""
    etag: str | None = None
    last_modified: str | None = None
    validated: str | None = None
    """The address that sent the two validators. A redirect may lead to another address next time."""
    failures: int = 0
    """Failures since the last success."""
    failing_since: datetime | None = None
    not_before: datetime | None = None
    """It is not fetched before this time. None: at any time."""
    pause_asked: bool = False
    """Whether the server itself asked for the pause, by 429 or 503."""
    moving_to: str | None = None
    moving_days: tuple[date, ...] = ()
    """UTC days on which it redirected permanently to ``moving_to``."""
    missing_days: tuple[date, ...] = ()
    last_fetch: datetime | None = None
    last_success: datetime | None = None
    last_result: str = "never fetched"
    delisted: bool = False
    """It was removed from the settings file, and nobody has enabled it since."""

    @property
    def is_conditional(self) -> bool:
        """Whether the next request is conditional."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """The result of one fetch of a source. ``words`` describes it, with the reason if it failed."""

    words: str
    ok: bool
    status: int | None = None
    """None: there was no HTTP answer."""
    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None
    """The address at the end of the redirects."""
    moved_to: str | None = None
    named: str | None = None
    """The feed that was read instead, because the source's address is a page that names it."""
    retry_after: timedelta | None = None
    hopeless: bool = False
    """A quick retry cannot help, because the address was refused."""


def is_due(state: SourceState, now: datetime) -> bool:
    """Return whether the source may be fetched at ``now``."""
    return state.standing is SourceStanding.ACTIVE and (state.not_before is None or state.not_before <= now)


def next_state(state: SourceState, outcome: FetchOutcome, now: datetime, *, jitter: float = 0.0) -> SourceState:
    """Return the state after ``outcome``. ``jitter`` is a random number from 0 to 1."""
    asked = replace(state, last_fetch=now, last_result=outcome.words)
    if outcome.ok:
        return _after_success(asked, outcome, now)
    return _after_failure(asked, outcome, now, jitter)


def _after_success(state: SourceState, outcome: FetchOutcome, now: datetime) -> SourceState:
    kept = outcome.status == _NOT_MODIFIED
    settled = replace(
        state,
        etag=outcome.etag or (state.etag if kept else None),
        last_modified=outcome.last_modified or (state.last_modified if kept else None),
        validated=outcome.url,
        failures=0,
        failing_since=None,
        not_before=None,
        pause_asked=False,
        missing_days=(),
        last_success=now,
    )
    if outcome.named is not None:
        return replace(settled, url=outcome.named, moving_to=None, moving_days=())
    return _after_move(settled, outcome.moved_to, now)


def _after_move(state: SourceState, moved_to: str | None, now: datetime) -> SourceState:
    """Return the state with today added to the days of this redirect. On the third day the source moves."""
    if moved_to is None:
        return replace(state, moving_to=None, moving_days=())
    before = state.moving_days if state.moving_to == moved_to else ()
    days = _with_day(before, now)
    if len(days) >= MOVE_DAYS:
        words = f"{state.last_result}; has moved to {moved_to}"
        return replace(state, url=moved_to, moving_to=None, moving_days=(), last_result=words)
    return replace(state, moving_to=moved_to, moving_days=days)


def _after_failure(state: SourceState, outcome: FetchOutcome, now: datetime, jitter: float) -> SourceState:
    failures = state.failures + 1
    since = state.failing_since or now
    missing = _with_day(state.missing_days, now) if outcome.status == _NOT_FOUND else state.missing_days
    return replace(
        state,
        standing=_standing(outcome, missing, failures, now - since),
        failures=failures,
        failing_since=since,
        missing_days=missing,
        not_before=now + _pause(outcome, failures, jitter),
        pause_asked=outcome.status in {_TOO_MANY, _UNAVAILABLE},
    )


def _standing(
    outcome: FetchOutcome, missing: tuple[date, ...], failures: int, failing_for: timedelta
) -> SourceStanding:
    if outcome.status == _GONE:
        return SourceStanding.GONE
    if len(missing) >= MISSING_DAYS or (failing_for >= DEAD_AFTER and failures >= FEWEST_FAILURES):
        return SourceStanding.DEAD
    return SourceStanding.ACTIVE


def _pause(outcome: FetchOutcome, failures: int, jitter: float) -> timedelta:
    if outcome.retry_after is not None and outcome.status in {_TOO_MANY, _UNAVAILABLE}:
        return min(max(outcome.retry_after, SHORTEST_WAIT), LONGEST_WAIT)
    if outcome.hopeless:
        return LONGEST_WAIT
    doubled = min(FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return doubled * (1 + JITTER * jitter)


def _with_day(days: tuple[date, ...], now: datetime) -> tuple[date, ...]:
    today = now.astimezone(UTC).date()
    return days if today in days else (*days, today)


def revived(state: SourceState) -> SourceState:
    """Return the state of a source that the operator enables again, without its failures and our own pause.

    A pause that its server asked for still holds.
    """
    return replace(
        state,
        standing=SourceStanding.ACTIVE,
        failures=0,
        failing_since=None,
        not_before=state.not_before if state.pause_asked else None,
        missing_days=(),
        delisted=False,
    )


def without_pause(state: SourceState) -> SourceState:
    """Return the state of a source that failed while this machine was offline: it may be asked at the next fetch.

    The failure is not counted, but its time is kept: an alert still says for how long the source has failed.
    """
    return replace(state, standing=SourceStanding.ACTIVE, not_before=None, failures=max(0, state.failures - 1))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return how long a ``Retry-After`` header asks us to wait.

    The value is a number of seconds or an HTTP date (RFC 9110, section 10.2.3). For a past date the wait is zero. A
    wait is limited to LONGEST_WAIT. Return None when the value is neither, so that the caller keeps its own pace.
    """
    if value is None:
        return None
    written = value.strip()
    if written.isascii() and written.isdigit():
        return min(timedelta(seconds=int(written.lstrip("0")[:9] or 0)), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(written)
        wait = (when.replace(tzinfo=UTC) if when.tzinfo is None else when) - now
    except (ValueError, TypeError, IndexError, OverflowError):  # the zone of a hostile date causes an overflow
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)

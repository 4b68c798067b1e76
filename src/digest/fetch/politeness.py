"""When a source may be asked again, and what becomes of it: pure rules over values; the clock comes in.

200, 304               active; the failures are forgotten
301, 308 on 3 days     the source moves there, when what is there can be read
302, 303, 307          followed, and forgotten
404 on 7 days          dead
410                    gone, at once
429, 503               asked again when Retry-After says (a minute to a day)
everything else        asked again after a pause that doubles with each failure, up to a day; dead after 30 days
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
FIRST_PAUSE = timedelta(minutes=30)
"""After the first failure; each further one doubles it."""
JITTER = 0.1
"""A pause is up to this share longer, so that sources which failed together do not come back together."""
MOVE_DAYS = 3
MISSING_DAYS = 7
DEAD_AFTER = timedelta(days=30)

_NOT_MODIFIED, _NOT_FOUND, _GONE, _TOO_MANY, _UNAVAILABLE = 304, 404, 410, 429, 503


class SourceStanding(Enum):
    """Whether a source is still asked."""

    ACTIVE = "active"
    GONE = "gone"
    """It said 410: it will not come back."""
    DEAD = "dead"
    """404 on seven days, or nothing but failures for thirty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between fetches; the default is a source never asked."""

    standing: SourceStanding = SourceStanding.ACTIVE
    url: str | None = None
    """Where it has moved to, or the feed that its page names; None while it is where the settings say."""
    etag: str | None = None
    last_modified: str | None = None
    validated: str | None = None
    """Address whose answer had the two validators; a redirect may lead to another one next time."""
    failures: int = 0
    """Without a success between."""
    failing_since: datetime | None = None
    not_before: datetime | None = None
    """It is not asked earlier; None: whenever there is need."""
    moving_to: str | None = None
    moving_days: tuple[date, ...] = ()
    """UTC days on which it redirected there for good."""
    missing_days: tuple[date, ...] = ()
    last_fetch: datetime | None = None
    last_success: datetime | None = None
    last_result: str = "never fetched"
    delisted: bool = False
    """It left the settings file, and nobody enabled it since."""

    @property
    def is_conditional(self) -> bool:
        """Whether the next request asks for what changed only."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """How one fetch of a source went; ``problem`` is empty when it went well, and otherwise says why not."""

    words: str
    ok: bool
    status: int | None = None
    """None when there was no HTTP answer."""
    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None
    """Where the redirects ended."""
    moved_to: str | None = None
    named: str | None = None
    """The feed that was read instead, because the source's address is a page that names it."""
    retry_after: timedelta | None = None
    hopeless: bool = False
    """Asking again soon cannot help: the address was refused."""


def is_due(state: SourceState, now: datetime) -> bool:
    """Tell whether the source may be asked at ``now``."""
    return state.standing is SourceStanding.ACTIVE and (state.not_before is None or state.not_before <= now)


def next_state(state: SourceState, outcome: FetchOutcome, now: datetime, *, jitter: float = 0.0) -> SourceState:
    """Return what is remembered after ``outcome``; ``jitter`` is a random number from 0 to 1."""
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
        missing_days=(),
        last_success=now,
    )
    if outcome.named is not None:
        return replace(settled, url=outcome.named, moving_to=None, moving_days=())
    return _after_move(settled, outcome.moved_to, now)


def _after_move(state: SourceState, moved_to: str | None, now: datetime) -> SourceState:
    """Return the state with one more day of the same move; on the third the source moves."""
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
        standing=_standing(outcome, missing, now - since),
        failures=failures,
        failing_since=since,
        missing_days=missing,
        not_before=now + _pause(outcome, failures, jitter),
    )


def _standing(outcome: FetchOutcome, missing: tuple[date, ...], failing_for: timedelta) -> SourceStanding:
    if outcome.status == _GONE:
        return SourceStanding.GONE
    if len(missing) >= MISSING_DAYS or failing_for >= DEAD_AFTER:
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
    """Return the state of a source that the operator wants asked again, however it failed; a pause still holds."""
    return replace(
        state, standing=SourceStanding.ACTIVE, failures=0, failing_since=None, missing_days=(), delisted=False
    )


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return how long a ``Retry-After`` header asks us to stay away.

    The field is delay-seconds or an HTTP-date (RFC 9110, section 10.2.3). A date in the past asks for no wait; more
    than LONGEST_WAIT is cut to it. None when the value is neither, so the caller keeps its own pace.
    """
    if value is None:
        return None
    written = value.strip()
    if written.isascii() and written.isdigit():
        return min(timedelta(seconds=int(written.lstrip("0")[:9] or 0)), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(written)
        wait = (when.replace(tzinfo=UTC) if when.tzinfo is None else when) - now
    except (ValueError, TypeError, IndexError, OverflowError):  # the zone of a hostile date overflows
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)

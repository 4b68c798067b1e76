from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch import politeness
from digest.fetch.politeness import (
    FetchOutcome,
    SourceStanding,
    SourceState,
    is_due,
    next_state,
    retry_after,
    revived,
    without_pause,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URL = "http://third.example/feed"
NEW = "http://new.example/feed"

OK = FetchOutcome(words="3 entries", ok=True, status=200, etag='"a"', last_modified="then")
SAME = FetchOutcome(words="nothing new", ok=True, status=304)
MOVED = replace(OK, moved_to=NEW)
MISSING = FetchOutcome(words="HTTP status 404", ok=False, status=404)
GONE = FetchOutcome(words="HTTP status 410", ok=False, status=410)
BROKEN = FetchOutcome(words="HTTP status 500", ok=False, status=500)
SILENT = FetchOutcome(words="too slow", ok=False)
REFUSED = FetchOutcome(words="refused", ok=False, hopeless=True)


def busy(wait: timedelta | None, status: int = 429) -> FetchOutcome:
    return FetchOutcome(words="busy", ok=False, status=status, retry_after=wait)


@dataclass(frozen=True)
class Row:
    """Outcomes, each so long after the one before, and what is remembered after the last."""

    name: str
    outcomes: tuple[tuple[timedelta, FetchOutcome], ...]
    waits: timedelta = timedelta()
    standing: SourceStanding = SourceStanding.ACTIVE
    url: str | None = None
    failures: int = 0
    etag: str | None = None


def daily(outcome: FetchOutcome, days: int) -> tuple[tuple[timedelta, FetchOutcome], ...]:
    return ((DAY, outcome),) * days


TABLE = (
    Row("200 is remembered with its validators", ((HOUR, OK),), etag='"a"'),
    Row("304 keeps the validators", ((HOUR, OK), (HOUR, SAME)), etag='"a"'),
    Row("200 without validators forgets the old ones", ((HOUR, OK), (HOUR, replace(OK, etag=None)))),
    Row("301 on two days does not move", daily(MOVED, 2), etag='"a"'),
    Row("301 thrice on one day does not move", ((HOUR, MOVED),) * 3, etag='"a"'),
    Row("301 on three days moves", daily(MOVED, 3), url=NEW, etag='"a"'),
    Row("301 to another place starts anew", (*daily(MOVED, 2), (DAY, replace(MOVED, moved_to=URL))), etag='"a"'),
    Row("302 between starts anew", (*daily(MOVED, 2), (DAY, OK), (DAY, MOVED)), etag='"a"'),
    Row("301 to what is unreadable", (*daily(MOVED, 2), (DAY, SILENT)), HOUR / 2, failures=1, etag='"a"'),
    Row("404 once waits", ((HOUR, MISSING),), HOUR / 2, failures=1),
    Row("404 on six days lives", daily(MISSING, 6), HOUR * 16, failures=6),
    Row("404 on seven days is dead", daily(MISSING, 7), DAY, SourceStanding.DEAD, failures=7),
    Row("404 seven times in a day lives", ((HOUR, MISSING),) * 7, DAY, failures=7),
    Row("a success starts the 404s anew", (*daily(MISSING, 6), (DAY, SAME), (DAY, MISSING)), HOUR / 2, failures=1),
    Row("410 is gone at once", ((HOUR, GONE),), HOUR / 2, SourceStanding.GONE, failures=1),
    Row("429 waits as long as it asks", ((HOUR, busy(2 * HOUR)),), 2 * HOUR, failures=1),
    Row("429 waits for a minute at least", ((HOUR, busy(timedelta(seconds=1))),), timedelta(minutes=1), failures=1),
    Row("429 waits for a day at most", ((HOUR, busy(9 * DAY)),), DAY, failures=1),
    Row("429 that does not say waits as a failure", ((HOUR, busy(None)),), HOUR / 2, failures=1),
    Row("503 waits as long as it asks", ((HOUR, busy(3 * HOUR, 503)),), 3 * HOUR, failures=1),
    Row("500 waits half an hour", ((HOUR, BROKEN),), HOUR / 2, failures=1),
    Row("each failure doubles the wait", ((HOUR, BROKEN),) * 3, 2 * HOUR, failures=3),
    Row("the wait ends at a day", ((HOUR, SILENT),) * 12, DAY, failures=12),
    Row("a success forgets the failures", (*(((HOUR, BROKEN),) * 3), (HOUR, SAME))),
    Row("failures of thirty days are dead", daily(SILENT, 31), DAY, SourceStanding.DEAD, failures=31),
    Row("failures of twenty-nine days are not", daily(SILENT, 30), DAY, failures=30),
    Row("four failures in forty days are not", ((10 * DAY, SILENT),) * 4, 4 * HOUR, failures=4),
    Row("five failures in forty days are dead", ((10 * DAY, SILENT),) * 5, 8 * HOUR, SourceStanding.DEAD, failures=5),
    Row("a refused address waits for a day", ((HOUR, REFUSED),), DAY, failures=1),
)  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_state_table(row: Row) -> None:
    state, now = SourceState(), NOW
    for after, outcome in row.outcomes:
        now += after
        state = next_state(state, outcome, now)
    assert (state.standing, state.url, state.failures, state.etag) == (row.standing, row.url, row.failures, row.etag)
    assert (state.not_before - now if state.not_before else timedelta()) == row.waits
    assert state.last_fetch == now
    assert state.last_result.startswith(row.outcomes[-1][1].words)


FAILING = SourceState(
    etag='"old"',
    last_modified="before",
    validated=URL,
    failures=3,
    failing_since=NOW - DAY,
    not_before=NOW,
    missing_days=(NOW.date(),),
    moving_to=NEW,
    moving_days=(NOW.date(),),
)


@pytest.mark.parametrize(
    ("outcome", "etag", "modified"),
    [
        (replace(OK, url=NEW), '"a"', "then"),
        (replace(OK, url=NEW, etag=None, last_modified=None), None, None),
        (replace(SAME, url=NEW), '"old"', "before"),
        (replace(SAME, url=NEW, etag='"a"', last_modified="then"), '"a"', "then"),
    ],
)
def test_a_success_forgets_all_that_failed_and_keeps_validators_of_what_is_the_same(
    outcome: FetchOutcome, etag: str | None, modified: str | None
) -> None:
    assert next_state(FAILING, outcome, NOW) == SourceState(
        etag=etag,
        last_modified=modified,
        validated=NEW,
        last_fetch=NOW,
        last_success=NOW,
        last_result=outcome.words,
    )


def test_a_feed_that_its_page_names_is_where_the_source_is_from_now_on() -> None:
    found = next_state(FAILING, replace(OK, named=NEW), NOW)
    assert (found.url, found.moving_to, found.moving_days) == (NEW, None, ())


def test_a_source_that_is_enabled_again_forgets_its_failures_and_its_pause() -> None:
    rested = replace(FAILING, standing=SourceStanding.DEAD, delisted=True)
    assert revived(rested) == replace(FAILING, failures=0, failing_since=None, missing_days=(), not_before=None)


@pytest.mark.parametrize("status", [429, 503])
def test_a_source_that_is_enabled_again_keeps_a_pause_that_its_server_asked_for(status: int) -> None:
    state = next_state(SourceState(), busy(HOUR, status), NOW)
    assert revived(state).not_before == NOW + HOUR
    assert not next_state(state, OK, NOW + HOUR).pause_asked


def test_a_source_that_failed_while_the_machine_was_offline_is_due_at_once_and_its_failure_is_not_counted() -> None:
    failed = next_state(FAILING, SILENT, NOW + 40 * DAY)
    assert is_due(without_pause(failed), NOW + 40 * DAY)
    assert (without_pause(failed).failures, without_pause(failed).failing_since) == (3, FAILING.failing_since)


def test_a_source_is_due_when_its_wait_is_over_and_never_when_it_is_gone() -> None:
    waiting = next_state(SourceState(), BROKEN, NOW)
    assert is_due(SourceState(), NOW)
    assert not is_due(waiting, NOW + timedelta(minutes=29))
    assert is_due(waiting, NOW + timedelta(minutes=30))
    assert not is_due(next_state(SourceState(), GONE, NOW), NOW + 400 * DAY)


def test_jitter_makes_a_wait_a_tenth_longer_at_most_and_leaves_what_the_server_asked() -> None:
    assert next_state(SourceState(), BROKEN, NOW, jitter=1.0).not_before == NOW + timedelta(minutes=33)
    assert next_state(SourceState(), busy(HOUR), NOW, jitter=1.0).not_before == NOW + HOUR


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("000000000000120", timedelta(minutes=2)),
        ("86399", DAY - timedelta(seconds=1)),
        ("86401", DAY),
        ("99999999999999999999", DAY),
        (format_datetime(NOW + HOUR, usegmt=True), HOUR),
        (format_datetime(NOW - HOUR, usegmt=True), timedelta()),
        (format_datetime(NOW + 3 * DAY, usegmt=True), DAY),
        ("Mon, 23 Nov 2026 07:00:00 -0000", HOUR),
        ("Fri, 31 Dec 9999 23:59:59 -2359", DAY),
        ("Mon, 23 Nov 2026 07:00:00 +9999999999999999", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("²", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait


@given(st.text())
def test_any_retry_after_is_a_wait_within_a_day_or_none(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or timedelta() <= wait <= politeness.LONGEST_WAIT


OUTCOMES = st.sampled_from((OK, SAME, MOVED, MISSING, GONE, BROKEN, SILENT, REFUSED, busy(HOUR), busy(9 * DAY, 503)))


@given(st.lists(st.tuples(st.timedeltas(timedelta(), 3 * DAY), OUTCOMES, st.floats(0, 1)), max_size=40))
def test_whatever_happens_no_active_source_waits_longer_than_a_day_and_a_tenth(
    events: list[tuple[timedelta, FetchOutcome, float]],
) -> None:
    state, now = SourceState(), NOW
    for after, outcome, jitter in events:
        now += after
        state = next_state(state, outcome, now, jitter=jitter)
        assert state.not_before is None or state.not_before <= now + 1.1 * DAY
        assert state.not_before is None or state.not_before >= now + timedelta(minutes=1)
        assert outcome.ok == (state.failures == 0)

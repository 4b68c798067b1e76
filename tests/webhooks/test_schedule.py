"""Messages are retried for more than a day, with growing pauses that differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.webhooks.schedule import GIVEN_UP, PAUSES, is_given_up, next_attempt, rest, retry_after

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


def test_a_message_is_tried_for_more_than_a_day_and_then_given_up() -> None:
    at, tries = NOW, 0
    while (again := next_attempt("evt_1", tries + 1, at)) is not None:
        pause = again - at
        assert PAUSES[tries] <= pause <= PAUSES[tries] * 1.2
        at, tries = again, tries + 1
    assert tries == len(PAUSES)
    assert at - NOW > timedelta(hours=24)


def test_the_pauses_grow() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert PAUSES[0] <= timedelta(seconds=10)
    assert PAUSES[-1] == timedelta(hours=2)


def test_messages_that_failed_together_come_back_at_different_times() -> None:
    times = {next_attempt(f"evt_{number}", 7, NOW) for number in range(50)}
    assert len(times) == 50
    assert next_attempt("evt_1", 7, NOW) == next_attempt("evt_1", 7, NOW)


def test_a_receiver_rests_for_longer_after_each_failure_and_never_longer_than_it_asked() -> None:
    rests = [rest(failures) for failures in range(1, 9)]
    assert rests == sorted(rests)
    assert rests[0] == timedelta(seconds=2)
    assert rests[-1] == rests[-2] == timedelta(minutes=1)
    assert rest(1, timedelta(minutes=7)) == timedelta(minutes=7)
    assert rest(9, timedelta(seconds=1)) == timedelta(minutes=1)
    assert rest(1, timedelta(days=9)) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        ("Fri, 27 Nov 2026 06:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 27 Nov 2026 05:00:00 GMT", None),
        ("0", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("9" * 4000, timedelta(seconds=999_999_999)),
        ("²", None),
        ("Fri, 99 Nov 2026 06:10:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == expected


def test_a_receiver_is_given_up_after_days_without_a_success() -> None:
    assert not is_given_up(None, NOW)
    assert not is_given_up(NOW - GIVEN_UP + timedelta(seconds=1), NOW)
    assert is_given_up(NOW - GIVEN_UP, NOW)

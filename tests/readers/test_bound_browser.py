"""The value by which the browser that signed up is recognised: for one sign-up, for an hour, and only with our key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.readers.bound_browser import bind, is_bound, new_binding
from digest.settings import KeySettings

NOW = datetime(2026, 11, 27, 6, 0, 0, 400_000, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
KEYS = KeySettings(current="k", ring={"k": "5a" * 32})
BINDING = new_binding()
VALUE = bind(KEYS, BINDING, NOW)


def test_two_sign_ups_are_bound_by_different_numbers() -> None:
    one, other = new_binding(), new_binding()
    assert one != other
    assert len(bytes.fromhex(one)) == 16


@pytest.mark.parametrize(
    ("later", "known"),
    [(timedelta(), True), (-0.4 * SECOND, True), (HOUR - SECOND, True), (HOUR, False), (-2 * SECOND, False)],
)
def test_a_browser_is_recognised_for_an_hour(later: timedelta, known: bool) -> None:  # noqa: FBT001 - a case
    assert is_bound(KEYS, VALUE, BINDING, NOW + later) is known


@pytest.mark.parametrize(
    "value",
    [
        "",
        "k",
        VALUE[:-1],
        VALUE + "0",
        VALUE[:-1] + ("1" if VALUE[-1] == "0" else "0"),
        VALUE.replace("k.", "other."),
        VALUE.replace(VALUE.split(".")[1], f"{int(NOW.timestamp()) + 1:08x}"),
        f"k.{'f' * 8}.{'0' * 64}",
    ],
    ids=["empty", "key alone", "cut", "longer", "another digit", "another key", "another time", "no signature"],
)
def test_no_other_value_is_recognised(value: str) -> None:
    assert not is_bound(KEYS, value, BINDING, NOW)


def test_the_value_of_another_sign_up_or_of_none_is_not_recognised() -> None:
    assert not is_bound(KEYS, VALUE, new_binding(), NOW)
    assert not is_bound(KEYS, bind(KEYS, "", NOW), "", NOW)


def test_an_older_key_of_the_ring_still_counts_and_a_key_that_left_it_does_not() -> None:
    rotated = KeySettings(current="n", ring={"k": "5a" * 32, "n": "6b" * 32})
    assert is_bound(rotated, VALUE, BINDING, NOW)
    assert not is_bound(KeySettings(current="n", ring={"n": "6b" * 32}), VALUE, BINDING, NOW)


def test_the_value_does_not_hold_the_number_of_the_sign_up() -> None:
    assert BINDING not in VALUE

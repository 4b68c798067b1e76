from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SettingsError, StaleForm
from digest.readers.forms import FASTEST, LONGEST, Form, check, stamp
from digest.settings import KeySettings

KEYS = KeySettings(current="k", ring={"k": "5a" * 32})
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_a_reader_whose_browser_fills_in_the_form_is_not_too_fast() -> None:
    assert check(KEYS, Form(stamp=stamp(KEYS, NOW)), NOW + timedelta(seconds=1.2)).made == NOW


def test_a_form_is_good_from_one_second_to_two_hours() -> None:
    shown = Form(stamp=stamp(KEYS, NOW))
    first = check(KEYS, shown, NOW + FASTEST)
    assert first.made == NOW
    assert check(KEYS, shown, NOW + LONGEST - timedelta(seconds=1)) == first
    for moment in (NOW, NOW + FASTEST - timedelta(milliseconds=1), NOW + LONGEST, NOW - timedelta(hours=1)):
        with pytest.raises(StaleForm):
            check(KEYS, shown, moment)


def test_each_form_has_a_stamp_of_its_own() -> None:
    assert len({stamp(KEYS, NOW) for _ in range(20)}) == 20


def test_a_stamp_of_an_older_key_is_good_while_the_key_is_in_the_ring() -> None:
    shown = Form(stamp=stamp(KEYS, NOW))
    turned = KeySettings(current="l", ring={"l": "6b" * 32, "k": "5a" * 32})
    assert check(turned, shown, NOW + FASTEST).made == NOW
    with pytest.raises(StaleForm):
        check(KeySettings(current="l", ring={"l": "6b" * 32}), shown, NOW + FASTEST)


def test_no_character_of_a_stamp_can_be_changed() -> None:
    good = stamp(KEYS, NOW)
    for place, char in enumerate(good):
        other = "0" if char != "0" else "1"
        with pytest.raises(StaleForm):
            check(KEYS, Form(stamp=good[:place] + other + good[place + 1 :]), NOW + timedelta(minutes=1))


@given(st.text(max_size=120))
def test_what_is_no_stamp_is_stale_and_never_worse(text: str) -> None:
    with pytest.raises(StaleForm):
        check(KEYS, Form(stamp=text), NOW)


def test_without_a_key_no_form_is_shown() -> None:
    with pytest.raises(SettingsError, match="digest init"):
        stamp(KeySettings(), NOW)


def test_a_machine_that_fills_in_every_field_is_told_from_a_person() -> None:
    assert Form(stamp="", trap="https://spam.example").is_trapped
    assert not Form(stamp="", trap=" ").is_trapped

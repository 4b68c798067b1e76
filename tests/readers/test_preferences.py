from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import NoEditionChosen
from digest.readers.preferences import LONGEST_PAUSE, checked_editions, checked_pause, masked

TODAY = date(2026, 11, 23)


def test_editions_come_once_and_in_the_order_of_the_settings() -> None:
    assert checked_editions(("evening", "morning", "evening", "gone"), ("morning", "evening")) == ("morning", "evening")
    for wanted in ((), ("gone",), ("",)):
        with pytest.raises(NoEditionChosen, match="morning"):
            checked_editions(wanted, ("morning", "evening"))


@pytest.mark.parametrize(
    ("until", "checked"),
    [
        (None, None),
        (TODAY, None),
        (TODAY - timedelta(days=1), None),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
        (date(9999, 1, 1), TODAY + LONGEST_PAUSE),
    ],
)
def test_a_pause_ends_within_a_year(until: date | None, checked: date | None) -> None:
    assert checked_pause(until, TODAY) == checked


@given(st.emails())
def test_a_masked_address_shows_two_letters_and_the_last_label(address: str) -> None:
    local, _, domain = address.rpartition("@")
    shown = masked(address)
    assert shown.startswith(f"{local[0]}…@{domain[0]}…")
    assert len(shown) <= len("a…@e….") + len(domain.rpartition(".")[2])

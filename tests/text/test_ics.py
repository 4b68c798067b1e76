"""The dates of a calendar file, and its bounds."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.ics import MOST_CHARACTERS, UnreadableCalendar, dates_of


def calendar(*events: str) -> str:
    inner = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inner}END:VCALENDAR\r\n"


def test_events_of_a_day_and_of_several_days_give_their_dates() -> None:
    text = calendar(
        "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227",
        "DTSTART;TZID=Europe/Oslo:20260517T080000\r\nDTEND;TZID=Europe/Oslo:20260517T180000",
        "DTSTART;VALUE=DATE:20260403\r\nDURATION:P2D",
    )
    days = [date(2026, 4, 3), date(2026, 4, 4), date(2026, 5, 17), date(2026, 12, 25), date(2026, 12, 26)]
    assert dates_of(text) == tuple(days)


def test_folded_lines_alarms_and_cancelled_events_are_read_as_the_standard_says() -> None:
    text = calendar(
        "DTSTART;VALUE=DATE:2026\r\n 0101\r\nBEGIN:VALARM\r\nDTSTART:20200101\r\nEND:VALARM",
        "STATUS:CANCELLED\r\nDTSTART:20260106",
    )
    assert dates_of(text) == (date(2026, 1, 1),)


def test_an_event_of_every_year_comes_every_year_without_its_exceptions() -> None:
    text = calendar("DTSTART;VALUE=DATE:20241225\r\nRRULE:FREQ=YEARLY;COUNT=4;BYMONTH=12\r\nEXDATE:20251225")
    assert [day.year for day in dates_of(text)] == [2024, 2026, 2027]
    leap = calendar("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY;UNTIL=20300101")
    assert dates_of(leap) == (date(2024, 2, 29), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no calendar", "expected a calendar"),
        ("BEGIN:VCALENDAR" + " " * MOST_CHARACTERS, "two megabytes"),
        (calendar("DTSTART:20261345"), "expected a date"),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "repeats in a way that is not read"),
        (calendar(*["DTSTART:20200101\r\nDTEND:20210101\r\nRRULE:FREQ=YEARLY"]), "dates at most"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(UnreadableCalendar, match=words):
        dates_of(text)


@given(st.text(alphabet="DTSTARENVBGI:;=0123456789T\r\n ,RULEFQYL", max_size=300))
def test_any_text_gives_dates_or_is_refused(text: str) -> None:
    with suppress(UnreadableCalendar):
        dates_of(calendar(text))

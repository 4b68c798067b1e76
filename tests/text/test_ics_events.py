"""Events of a calendar on some days: their times, how they repeat, and what a broken calendar gives."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.ics import UnreadableCalendar
from digest.text.ics_events import happenings

MONDAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Stockholm")


def calendar(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"))


def days(*lines: str, last: date = MONDAY + timedelta(days=13)) -> list[date]:
    return [one.day for one in happenings(calendar("SUMMARY:x", *lines), MONDAY, last, ZONE)]


def test_an_event_has_its_texts_without_escapes_and_on_one_line() -> None:
    lines = ("DTSTART;TZID=Europe/Oslo:20261124T190000", "SUMMARY:Bread\\, cheese\\nand wine", "LOCATION:Hall\\; left")
    (one,) = happenings(calendar(*lines), MONDAY, MONDAY + timedelta(days=6), ZONE)
    assert (one.day, one.at, one.what, one.where) == (
        date(2026, 11, 24),
        time(19),
        "Bread, cheese and wine",
        "Hall; left",
    )


def test_a_time_in_utc_is_told_in_the_editions_zone() -> None:
    (one,) = happenings(calendar("SUMMARY:x", "DTSTART:20261123T233000Z"), MONDAY, MONDAY + timedelta(days=6), ZONE)
    assert (one.day, one.at) == (date(2026, 11, 24), time(0, 30))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("", []),
        ("FREQ=DAILY;INTERVAL=5", [25, 30]),
        ("FREQ=WEEKLY", [24]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", [23, 26, 30]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", [24]),
        ("FREQ=MONTHLY", []),
        ("FREQ=WEEKLY;COUNT=2", []),
        ("FREQ=WEEKLY;UNTIL=20261124", [24]),
        ("FREQ=WEEKLY;UNTIL=20261123", []),
        ("FREQ=MONTHLY;BYDAY=2TU", []),
    ],
)
def test_an_event_repeats_as_its_rule_says(rule: str, found: list[int]) -> None:
    begun = "DTSTART:20261110T100000"
    lines = (begun, f"RRULE:{rule}") if rule else (begun,)
    assert [day.day for day in days(*lines, last=date(2026, 11, 30))] == found


def test_a_yearly_event_comes_on_its_date_and_a_cancelled_one_not_at_all() -> None:
    yearly = ("DTSTART;VALUE=DATE:20011130", "RRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30")
    assert days(*yearly) == [date(2026, 11, 30)]
    assert days(*yearly, "STATUS:CANCELLED") == []
    assert days(*yearly, "EXDATE;VALUE=DATE:20261130") == []


def test_a_monthly_event_is_left_out_in_months_without_its_day() -> None:
    lines = ("DTSTART;VALUE=DATE:20260131", "RRULE:FREQ=MONTHLY")
    found = happenings(calendar("SUMMARY:x", *lines), date(2026, 2, 1), date(2026, 4, 30), ZONE)
    assert [one.day for one in found] == [date(2026, 3, 31)]


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(UnreadableCalendar):
        happenings("<html>", MONDAY, MONDAY, ZONE)


@given(st.text(st.sampled_from("0123456789TZ;=,:FREQWKLYDAINTVBMOU\\\n"), max_size=60), st.text(max_size=30))
def test_no_line_of_an_event_makes_it_fail(rule: str, start: str) -> None:
    happenings(
        calendar("SUMMARY:x", f"DTSTART:{start}", "DTSTART:20261101T100000", f"RRULE:{rule}"), MONDAY, MONDAY, ZONE
    )

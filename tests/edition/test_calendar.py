from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from digest.edition.calendar import (
    due_between,
    due_now,
    has_days,
    instant,
    missed,
    occurrence,
    on_date,
    on_demand,
    time_to_fetch,
    upcoming,
    wall_time,
    why_none,
)
from digest.model.ids import EditionKey
from digest.settings import EditionSettings

ZONES = ("Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
TIMES = (time(0, 0), time(1, 30), time(2, 30), time(6, 0))
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
MINUTE, TICK = timedelta(minutes=1), timedelta(minutes=59)


def first_shown(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The oracle: walk the minutes of two days and take the first whose clock shows the wall time, or has passed it."""
    moment = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=16)
    while True:
        local = moment.astimezone(zone)
        if local.date() == day and local.time() >= wall:
            return moment
        moment += MINUTE


def spans(zone: str, *, is_long: bool) -> list[tuple[datetime, datetime]]:
    """Return ten days around each change of clocks of a year, or any ten days; with ``--long``, two years."""
    if is_long:
        return [(START, END)]
    days = [START + timedelta(days=n) for n in range(365)]
    turns = [day for day in days if offset(day.date(), ZoneInfo(zone)) != offset(next_day(day).date(), ZoneInfo(zone))]
    return [(turn - timedelta(days=5), turn + timedelta(days=5)) for turn in turns or [days[200]]]


@pytest.mark.parametrize("zone", ZONES)
def test_ticks_make_one_edition_per_local_date_at_the_right_instant(zone: str, *, is_long: bool) -> None:
    for begin, end in spans(zone, is_long=is_long):
        for wall in TIMES:
            settings = EditionSettings(title="T", at=wall, zone=zone, catch_up_minutes=60)
            made: dict[EditionKey, datetime] = {}
            now = begin
            while now < end:
                for found in due_now("t", settings, now):
                    made.setdefault(found.key, now)
                now += TICK
            first, last = min(key.date for key in made), max(key.date for key in made)
            assert len(made) == (last - first).days + 1
            assert (last - first).days >= (end - begin).days - 2
            for key, started in made.items():
                found_again = occurrence("t", settings, key.date)
                assert found_again is not None
                assert timedelta(0) <= started - found_again.due < TICK


def next_day(day: datetime) -> datetime:
    return day + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
def test_an_edition_is_due_at_the_first_instant_that_shows_its_time_or_has_skipped_it(zone: str) -> None:
    place = ZoneInfo(zone)
    days = [START.date() + timedelta(days=n) for n in range(730)]
    turns = [day for day in days if offset(day, place) != offset(day + timedelta(days=1), place)]
    for day in [*turns, *days[::97]]:
        for wall in TIMES:
            assert instant(day, wall, place) == first_shown(day, wall, place), (day, wall)


def offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, time(0), tzinfo=zone).utcoffset()


def test_a_time_inside_a_gap_is_the_first_instant_after_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    santiago = ZoneInfo("America/Santiago")
    assert instant(date(2026, 9, 6), time(0, 0), santiago) == datetime(2026, 9, 6, 4, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_counts_once_the_first_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    settings = EditionSettings(title="T", at=time(2, 30), zone="Europe/Berlin", catch_up_minutes=30)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert due_now("t", settings, second) == ()


def test_a_date_that_a_zone_left_out_has_no_edition() -> None:
    settings = EditionSettings(title="T", zone="Pacific/Apia")
    assert occurrence("t", settings, date(2011, 12, 30)) is None
    assert occurrence("t", settings, date(2011, 12, 31)) is not None


DAILY = EditionSettings(title="T", at=time(6, 0), zone="Europe/Berlin")
SIX = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_the_window_opens_at_its_time_and_closes_with_the_catch_up() -> None:
    assert due_now("t", DAILY, SIX - MINUTE) == ()
    (found,) = due_now("t", DAILY, SIX)
    assert found.key == EditionKey(name="t", date=date(2026, 11, 23))
    assert (found.closes, found.expires) == (SIX + timedelta(hours=3), SIX + timedelta(hours=6))
    assert found.compose_at == SIX - timedelta(minutes=20)
    assert due_now("t", DAILY, SIX + timedelta(hours=3) - MINUTE) == (found,)
    assert due_now("t", DAILY, SIX + timedelta(hours=3)) == ()


def test_only_an_edition_that_starts_much_after_its_time_is_late() -> None:
    (found,) = due_now("t", DAILY, SIX)
    assert not found.is_late(SIX + timedelta(minutes=5))
    assert found.is_late(SIX + timedelta(hours=2))


def test_a_clock_set_back_two_hours_finds_only_the_edition_that_was_made() -> None:
    (made,) = due_now("t", DAILY, SIX + timedelta(hours=1))
    found = {e.key for minutes in range(-60, 120) for e in due_now("t", DAILY, SIX + minutes * MINUTE)}
    assert found == {made.key}


def test_a_clock_set_forward_three_hours_misses_the_window_and_three_days_miss_three() -> None:
    before = SIX - MINUTE
    assert due_now("t", DAILY, before + timedelta(hours=4)) == ()
    assert [e.key.date.day for e in missed("t", DAILY, before, before + timedelta(hours=4))] == [23]
    assert [e.key.date.day for e in missed("t", DAILY, before, before + timedelta(days=3))] == [23, 24, 25]


def test_a_process_that_was_down_for_twenty_hours_tells_what_it_missed_and_what_it_can_still_send() -> None:
    stopped = SIX - timedelta(hours=1)
    woke = stopped + timedelta(hours=20)
    evening = structs.replace(DAILY, at=time(0, 30))
    assert [e.key.date.day for e in missed("t", DAILY, stopped, woke)] == [23]
    assert due_now("t", DAILY, woke) == ()
    (open_now,) = due_now("e", evening, woke)
    assert open_now.is_late(woke)
    assert open_now.key.date == date(2026, 11, 24)


def test_weekends_have_their_own_time_and_days_off_have_none() -> None:
    settings = structs.replace(DAILY, weekend_at=time(7, 30), days=("fri", "sat", "mon"))
    friday, saturday, monday = upcoming("t", settings, datetime(2026, 11, 27, 0, 0, tzinfo=UTC), 3)
    assert [e.key.date.day for e in (friday, saturday, monday)] == [27, 28, 30]
    assert saturday.due == datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
    assert on_date("t", settings, datetime(2026, 11, 29, 12, 0, tzinfo=UTC)) is None


def test_an_edition_without_days_is_never_due() -> None:
    never = structs.replace(DAILY, days=())
    assert upcoming("t", never, SIX, 3) == due_now("t", never, SIX) == missed("t", never, SIX, END) == ()


@given(
    st.integers(0, 700 * 24 * 60).map(lambda minutes: START + minutes * MINUTE),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.sampled_from(ZONES),
    st.times(),
)
def test_an_interval_holds_what_its_parts_hold(start: datetime, length: timedelta, zone: str, wall: time) -> None:
    settings = EditionSettings(title="T", at=wall.replace(microsecond=0), zone=zone)
    middle, end = start + length / 3, start + length
    parts = due_between("t", settings, start, middle) + due_between("t", settings, middle, end)
    assert parts == due_between("t", settings, start, end)
    assert list(parts) == sorted(parts, key=lambda found: found.due)


def test_the_calendar_loads_neither_numpy_nor_scipy() -> None:
    code = "import sys, digest.edition.calendar; sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own interpreter and code
    assert done.returncode == 0


def test_a_holiday_is_skipped_or_comes_at_the_weekends_time() -> None:
    monday = date(2026, 11, 23)
    plan = EditionSettings(title="T", at=time(6), weekend_at=time(8), holidays=(monday,))
    assert occurrence("morning", plan, monday) is None
    assert "holiday" in why_none(plan, monday)
    late = occurrence("morning", structs.replace(plan, on_holidays="weekend"), monday)
    assert late is not None
    assert late.due == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert [o.key.date.day for o in upcoming("morning", plan, datetime(2026, 11, 22, 9, tzinfo=UTC), 2)] == [24, 25]


def test_an_edition_on_demand_comes_when_it_is_asked_for_and_never_by_itself() -> None:
    plan = EditionSettings(title="T", kind="on_demand", zone="Asia/Kathmandu", days=())
    now = datetime(2026, 11, 22, 19, tzinfo=UTC)
    assert upcoming("extra", plan, now, 3) == due_now("extra", plan, now) == missed("extra", plan, now, now) == ()
    asked = on_demand("extra", plan, now, 2)
    assert (str(asked.key), asked.due, asked.is_open(now)) == ("extra/2026-11-23.2", now, True)
    assert EditionKey.read("extra", "2026-11-23.2") == asked.key


UTC_DAILY = EditionSettings(title="T", at=time(6), catch_up_minutes=120)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_what_is_due_between_two_instants_has_the_first_and_not_the_last() -> None:
    found = due_between("t", UTC_DAILY, at(23, 6), at(25, 6))
    assert [each.due for each in found] == [at(23, 6), at(24, 6)]
    assert due_between("t", UTC_DAILY, at(23, 6, 1), at(24, 6)) == ()


def test_what_may_start_now_began_at_most_a_window_ago() -> None:
    for now, number in ((at(23, 5, 59), 0), (at(23, 6), 1), (at(23, 7, 59), 1), (at(23, 8), 0)):
        assert len(due_now("t", UTC_DAILY, now)) == number, now


def test_missed_is_what_was_due_after_an_instant_and_whose_window_is_over() -> None:
    assert [each.due for each in missed("t", UTC_DAILY, at(22, 6), at(24, 8))] == [at(23, 6), at(24, 6)]
    assert [each.due for each in missed("t", UTC_DAILY, at(22, 6), at(24, 7, 59))] == [at(23, 6)]
    assert [each.due for each in missed("t", UTC_DAILY, at(21, 6), at(23, 6))] == [at(22, 6)]


def test_upcoming_are_those_after_now_as_many_as_asked_for() -> None:
    assert [each.due for each in upcoming("t", UTC_DAILY, at(23, 6), 2)] == [at(24, 6), at(25, 6)]
    assert [each.due for each in upcoming("t", UTC_DAILY, at(23, 5, 59), 1)] == [at(23, 6)]
    assert upcoming("t", UTC_DAILY, at(23, 6), 0) == ()
    far = EditionSettings(title="T", at=time(23, 30), zone="Pacific/Kiritimati")
    assert upcoming("t", far, at(23, 9, 29), 1)[0].due == at(23, 9, 30)
    west = EditionSettings(title="T", at=time(0, 30), zone="Pacific/Pago_Pago")
    assert upcoming("t", west, at(23, 11, 29), 1)[0].due == at(23, 11, 30)


def test_a_fetch_has_until_a_margin_before_the_next_edition_and_some_time_at_least() -> None:
    minute = timedelta(minutes=1)
    editions = {"a": UTC_DAILY, "b": EditionSettings(title="B", at=time(17))}
    assert time_to_fetch(editions, at(23, 5), 5 * minute, 10 * minute) == 50 * minute
    assert time_to_fetch(editions, at(23, 5, 45), 5 * minute, 10 * minute) == 5 * minute
    assert time_to_fetch(editions, at(23, 16), 5 * minute, 10 * minute) == 50 * minute
    assert time_to_fetch({"c": EditionSettings(title="C", kind="on_demand")}, at(23, 5), minute, minute) is None


def test_todays_edition_is_that_of_the_zones_date() -> None:
    far = EditionSettings(title="T", at=time(6), zone="Pacific/Kiritimati")
    found = on_date("t", far, at(23, 11))
    assert found is not None
    assert found.key.date == date(2026, 11, 24)
    assert on_date("t", EditionSettings(title="T", days=("tue",)), at(23, 6)) is None


def test_saturday_and_sunday_are_the_weekend() -> None:
    settings = EditionSettings(title="T", at=time(6), weekend_at=time(9), holidays=(date(2026, 11, 25),))
    hours = [wall_time(settings, date(2026, 11, day)).hour for day in range(23, 30)]
    assert hours == [6, 6, 9, 6, 6, 9, 9]
    assert wall_time(EditionSettings(title="T", at=time(6)), date(2026, 11, 28)).hour == 6


def test_an_edition_that_does_not_come_on_a_day_says_why() -> None:
    weekly = EditionSettings(title="T", days=("mon", "tue"), holidays=(date(2026, 11, 24),))
    assert why_none(weekly, date(2026, 11, 23)) == ""
    assert why_none(weekly, date(2026, 11, 24)) == "it is a holiday (holidays, on_holidays)"
    assert why_none(weekly, date(2026, 11, 25)) == "its days are mon, tue (days)"
    assert not has_days(EditionSettings(title="T", days=()))
    assert not has_days(EditionSettings(title="T", kind="on_demand"))
    assert has_days(weekly)


def test_the_instants_of_an_edition_follow_its_settings() -> None:
    settings = EditionSettings(title="T", compose_minutes_before=7, catch_up_minutes=11, expires_minutes=13)
    found = on_demand("t", settings, at(23, 6))
    assert (found.key.number, found.compose_at, found.due, found.closes, found.expires) == (
        1,
        at(23, 5, 53),
        at(23, 6),
        at(23, 6, 11),
        at(23, 6, 13),
    )
    assert found.is_open(at(23, 6))
    assert found.is_open(at(23, 6, 10))
    assert not found.is_open(at(23, 6, 11))
    assert not found.is_late(at(23, 6, 15))
    assert found.is_late(at(23, 6, 16))

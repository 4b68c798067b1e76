"""Events of a calendar file (.ics, RFC 5545) within some days, with their times, names and places.

Times with a ``Z`` are converted to the zone asked for. Other times are shown as written: a calendar of one town has
its own zone. Events may repeat daily, weekly (also with BYDAY), monthly or yearly on their date; an event that repeats
in another way is read on its first date only.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from digest.text.ics import Event, events

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_STEPS = 5000
"""Most repetitions that are computed for one event: thirteen years of a daily one."""
_WHEN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event on one day; ``at`` is None for a whole day. Texts have one line, and may be empty."""

    day: date
    at: time | None
    what: str
    where: str
    link: str


def happenings(text: str, first: date, last: date, zone: tzinfo) -> tuple[Happening, ...]:
    """Return the events that begin on these days, both included, in order.

    Raises:
        UnreadableCalendar: The text is not a calendar, or too large.
    """
    found = [one for event in events(text) for one in _of(event, first, last, zone)]
    return tuple(sorted(found, key=lambda one: (one.day, one.at or time.min, one.what)))


def _of(event: Event, first: date, last: date, zone: tzinfo) -> Iterator[Happening]:
    start, what = _start(event.get("DTSTART", ""), zone), _plain(event.get("SUMMARY", ""))
    if start is None or not what or event.get("STATUS", "").upper() == "CANCELLED":
        return
    day, at = start
    out = {moved[0] for value in event.get("EXDATE", "").split(",") if (moved := _start(value, zone))}
    for each in _days(day, event.get("RRULE", ""), last, zone):
        if first <= each <= last and each not in out:
            yield Happening(
                day=each, at=at, what=what, where=_plain(event.get("LOCATION", "")), link=event.get("URL", "").strip()
            )


def _start(value: str, zone: tzinfo) -> tuple[date, time | None] | None:
    parts = _WHEN.fullmatch(value.strip())
    if parts is None:
        return None
    try:
        day = date(int(parts[1]), int(parts[2]), int(parts[3]))
        if parts[4] is None:
            return day, None
        clock = time(int(parts[4]), int(parts[5]))
    except ValueError:
        return None
    if not parts[6]:
        return day, clock
    local = datetime.combine(day, clock, UTC).astimezone(zone)
    return local.date(), local.time()


def _plain(value: str) -> str:
    """Return a text value on one line, without its escapes (RFC 5545, section 3.3.11)."""
    return " ".join(_ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value).split())


def _days(day: date, rule: str, last: date, zone: tzinfo) -> Iterator[date]:
    """Yield the days of an event up to ``last``."""
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
    until = _start(parts.get("UNTIL", ""), zone)
    end = min(last, until[0]) if until else last
    times = int(parts["COUNT"]) if parts.get("COUNT", "").isdecimal() else MOST_STEPS
    for each, _ in zip(_repeated(day, parts), range(min(times, MOST_STEPS)), strict=False):
        if each > end:
            return
        yield each


def _repeated(day: date, parts: dict[str, str]) -> Iterator[date]:
    kind = parts.get("FREQ", "")
    every = max(1, int(parts["INTERVAL"])) if parts.get("INTERVAL", "").isdecimal() else 1
    names = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    if kind == "DAILY" and not names:
        yield from (day + timedelta(days=every * n) for n in range(MOST_STEPS))
    elif kind == "WEEKLY" and set(names) <= set(WEEKDAYS):
        yield from _weekly(day, every, names)
    elif kind in {"MONTHLY", "YEARLY"} and not names and _on_its_date(day, parts):
        yield from _monthly(day, every * (12 if kind == "YEARLY" else 1))
    else:
        yield day


def _on_its_date(day: date, parts: dict[str, str]) -> bool:
    """Return whether an event repeats on the day and, if a month is named, the month of its start."""
    return parts.get("BYMONTHDAY", str(day.day)) == str(day.day) and parts.get("BYMONTH", str(day.month)) == str(
        day.month
    )


def _weekly(day: date, every: int, names: list[str]) -> Iterator[date]:
    monday, wanted = day - timedelta(days=day.weekday()), sorted(map(WEEKDAYS.index, names)) or [day.weekday()]
    for week in range(MOST_STEPS):
        for weekday in wanted:
            each = monday + timedelta(days=7 * every * week + weekday)
            if each >= day:
                yield each


def _monthly(day: date, months: int) -> Iterator[date]:
    """Yield the same day of later months; months without that day are left out."""
    for step in range(MOST_STEPS):
        year, month = divmod(day.year * 12 + day.month - 1 + step * months, 12)
        if year > date.max.year:
            return
        if day.day <= calendar.monthrange(year, month + 1)[1]:
            yield date(year, month + 1, day.day)

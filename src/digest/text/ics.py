"""Reads a calendar file (.ics, RFC 5545): its events, and the dates of those that are holidays.

Limits: a file gives at most MOST_DATES dates, and an event lasts at most MOST_DAYS days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

MOST_CHARACTERS = 2_000_000
MOST_DATES = 2000
MOST_DAYS = 366
YEARS_AHEAD = 30
"""A yearly event without an end is repeated for this many years."""
_LINE = re.compile(r'([A-Za-z-]+)((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)')
_DAYS = re.compile(r"P(?:(\d{1,3})W|(\d{1,3})D)")
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?")
Event = dict[str, str]


class UnreadableCalendar(ValueError):  # noqa: N818 - named as the other errors
    """The problem of a calendar file, as a message."""


def dates_of(text: str) -> tuple[date, ...]:
    """Return the dates of a calendar's events, in order, each once. Cancelled events are left out.

    Raises:
        UnreadableCalendar: The text is not a calendar, is too large, has an impossible date, or has an event that
            repeats in another way than every year on its date.
    """
    found: set[date] = set()
    for event in events(text):
        found.update(_days_of(event))
        if len(found) > MOST_DATES:
            raise UnreadableCalendar(f"expected {MOST_DATES} dates at most")
    return tuple(sorted(found))


def events(text: str) -> Iterator[Event]:
    """Yield the events of a calendar: properties by name in capitals, values as written, parameters left out.

    Raises:
        UnreadableCalendar: The text is not a calendar, or is too large.
    """
    if "BEGIN:VCALENDAR" not in text or len(text) > MOST_CHARACTERS:
        raise UnreadableCalendar("expected a calendar (BEGIN:VCALENDAR) of two megabytes at most")
    yield from _events(_unfolded(text))


def _unfolded(text: str) -> Sequence[str]:
    """Return the lines, with folded ones joined (RFC 5545, section 3.1)."""
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _events(lines: Iterable[str]) -> Iterator[Event]:
    """Yield each VEVENT's properties by name in capitals, without nested components such as alarms."""
    event: Event | None = None
    nested = 0
    for line in lines:
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            continue
        name, value = parts[1].upper(), parts[3].strip()
        if name == "BEGIN" and value.upper() == "VEVENT":
            event, nested = {}, 0
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            yield event
            event = None
        elif name in {"BEGIN", "END"}:
            nested += 1 if name == "BEGIN" else -1
        elif event is not None and nested == 0:
            event[name] = f"{event[name]},{value}" if name in {"EXDATE", "RDATE"} and name in event else value


def _date(text: str) -> date:
    parts = _DATE.fullmatch(text)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else date.fromisoformat("")
    except ValueError:
        raise UnreadableCalendar(f"expected a date such as 20261225 (it is {text!r:.40})") from None


def _days_of(event: Event) -> Iterator[date]:
    if event.get("STATUS", "").upper() == "CANCELLED" or "DTSTART" not in event:
        return
    first = _date(event["DTSTART"])
    out = {_date(each) for each in event.get("EXDATE", "").split(",") if each}
    starts = [*_starts(first, event.get("RRULE", "")), *(_date(e) for e in event.get("RDATE", "").split(",") if e)]
    for start in starts:
        if start not in out:
            yield from (start + timedelta(days=n) for n in range(_length(first, event)))


def _length(first: date, event: Event) -> int:
    """Return how many days an event lasts. An end without a time is the first day after the event."""
    days = 1
    if "DTEND" in event:
        days = (_date(event["DTEND"]) - first).days + ("T" in event["DTEND"] and not event["DTEND"].endswith("T000000"))
    elif parts := _DAYS.fullmatch(event.get("DURATION", "")):
        days = 7 * int(parts[1]) if parts[1] else int(parts[2])
    return min(max(days, 1), MOST_DAYS)


def _starts(first: date, rule: str) -> Iterator[date]:
    """Yield the start dates of an event: one, or one in every year until the end of its rule."""
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
    own = {"BYMONTH": str(first.month), "BYMONTHDAY": str(first.day), "INTERVAL": "1"}
    other = {name: value for name, value in parts.items() if name not in {"FREQ", "COUNT", "UNTIL", "WKST"}}
    if rule and (parts.get("FREQ") != "YEARLY" or any(own.get(name) != value for name, value in other.items())):
        raise UnreadableCalendar(f"an event repeats in a way that is not read (RRULE:{rule:.60}): list its dates")
    times = int(parts["COUNT"]) if parts.get("COUNT", "").isdecimal() else YEARS_AHEAD + 1
    until = _date(parts["UNTIL"]) if "UNTIL" in parts else date.max
    for year in range(min(times, YEARS_AHEAD + 1) if rule else 1):
        try:
            start = first.replace(year=first.year + year)
        except ValueError:  # 29 February
            continue
        if start <= until:
            yield start

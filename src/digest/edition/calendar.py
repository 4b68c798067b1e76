"""When editions are due, computed from local dates, wall times and time zones.

The current time is passed in as ``now``. The database row of an edition (its name and local date) decides whether the
edition was made already. So a clock that is set back creates nothing twice, and a program that starts late finds what
it missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from digest.model.ids import EditionKey
from digest.settings import EditionSettings

LATE_AFTER = timedelta(minutes=15)
"""A letter whose sending begins later than this after it was due says that it is late."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = 5
DAY = timedelta(days=1)
NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One edition on one local date; all instants are UTC.

    Its sending may start from ``due`` until just before ``closes``. Its letters may be sent until ``expires``.
    """

    key: EditionKey
    compose_at: datetime
    due: datetime
    closes: datetime
    expires: datetime

    def is_open(self, now: datetime) -> bool:
        """Return whether the edition may start now."""
        return self.due <= now < self.closes

    def is_late(self, now: datetime) -> bool:
        """Return whether an edition that starts now has to say that it is late."""
        return now > self.due + LATE_AFTER


@lru_cache(maxsize=4096)
def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which clocks in a zone show a wall time on a date.

    If clocks show the time twice, it is the first of the two instants. If they skip the time, it is the first instant
    after the gap: 02:30 on the night to summer time becomes the instant at which the clocks jump to 03:00.
    """
    earlier = datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
    shown = earlier.astimezone(zone).replace(tzinfo=None)
    if shown == datetime.combine(day, wall):
        return earlier
    later_offset = datetime.combine(day, wall, tzinfo=zone).replace(fold=1).astimezone(UTC)
    return _jump(later_offset, earlier, zone)


def in_zone_of_reader(due: datetime, zone: str, readers_zone: str) -> datetime:
    """Return the instant (UTC) at which a reader's local time is the local time of ``zone`` at ``due``.

    So a letter that is due at 06:00 in ``zone`` comes at 06:00 in ``readers_zone``.
    """
    shown = due.astimezone(ZoneInfo(zone))
    return instant(shown.date(), shown.time().replace(tzinfo=None), ZoneInfo(readers_zone))


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, to the second, with the UTC offset that ``zone`` has at ``after``.

    The offset at ``before`` is another.
    """
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def wall_time(settings: EditionSettings, day: date) -> time:
    """Return the edition's wall time on a date. Weekends and holidays may have their own times."""
    weekend = day.weekday() >= SATURDAY or day in settings.holidays
    return settings.weekend_at if weekend and settings.weekend_at is not None else settings.at


YEARS = range(1900, 9000)
"""Years that may have editions. Near the ends of the calendar, dates before or after an edition may not exist."""


def occurrence(name: str, settings: EditionSettings, day: date) -> Occurrence | None:
    """Return the edition of a local date. None if the date has no edition, or if its zone skipped the date.

    A date has no edition if its weekday is not among the edition's days, or if it is a holiday that the edition skips.
    An edition on demand has no days at all. If the edition's time was skipped at the end of the date, when clocks
    jumped forward, the edition is due at the jump, which is the first instant of the next date.
    """
    zone = ZoneInfo(settings.zone)
    if not has_days(settings) or why_none(settings, day) or not _exists(day, zone):
        return None
    due = instant(day, wall_time(settings, day), zone)
    return _at(EditionKey(name=name, date=day), settings, due)


def has_days(settings: EditionSettings) -> bool:
    """Return whether an edition has a schedule. An edition on demand has none."""
    return settings.kind == "scheduled" and bool(settings.days)


def why_none(settings: EditionSettings, day: date) -> str:
    """Return why a scheduled edition does not appear on a date, in words. Empty when it appears."""
    if day.year not in YEARS:
        return f"its year is not within {YEARS.start} to {YEARS.stop - 1}"
    if DAYS[day.weekday()] not in settings.days:
        return f"its days are {', '.join(settings.days)} (days)"
    if settings.on_holidays == "skip" and day in settings.holidays:
        return "it is a holiday (holidays, on_holidays)"
    return ""


def on_demand(name: str, settings: EditionSettings, now: datetime, number: int = 1) -> Occurrence:
    """Return an edition on demand that is due now. ``number`` counts the editions on demand of the local date."""
    day = now.astimezone(ZoneInfo(settings.zone)).date()
    return _at(EditionKey(name=name, date=day, number=number), settings, now)


def _at(key: EditionKey, settings: EditionSettings, due: datetime) -> Occurrence:
    return Occurrence(
        key=key,
        compose_at=due - timedelta(minutes=settings.compose_minutes_before),
        due=due,
        closes=due + timedelta(minutes=settings.catch_up_minutes),
        expires=due + timedelta(minutes=settings.expires_minutes),
    )


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether a date existed in a zone. Samoa skipped 30 December 2011."""
    return instant(day, NOON, zone).astimezone(zone).date() == day


def _from(name: str, settings: EditionSettings, day: date) -> Iterator[Occurrence]:
    """Yield the editions of a date and of every later date, without end."""
    while True:
        found = occurrence(name, settings, day)
        if found is not None:
            yield found
        day += DAY


def due_between(name: str, settings: EditionSettings, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
    """Return the editions with ``start <= due < end``, earliest first."""
    if not has_days(settings):
        return ()
    found: list[Occurrence] = []
    for candidate in _from(name, settings, start.astimezone(ZoneInfo(settings.zone)).date() - DAY):
        if candidate.due >= end:
            break
        if candidate.due >= start:
            found.append(candidate)
    return tuple(found)


def due_now(name: str, settings: EditionSettings, now: datetime) -> tuple[Occurrence, ...]:
    """Return the editions that may start now, earliest first. Usually at most one; more if catch-up exceeds a day."""
    window = timedelta(minutes=settings.catch_up_minutes)
    found = due_between(name, settings, now - window, now + timedelta(microseconds=1))
    return tuple(candidate for candidate in found if candidate.is_open(now))


def missed(name: str, settings: EditionSettings, since: datetime, now: datetime) -> tuple[Occurrence, ...]:
    """Return the editions that were due after ``since`` and whose window has closed at ``now``.

    The schedule alone decides: editions that were sent are among them.
    """
    found = due_between(name, settings, since, now)
    return tuple(candidate for candidate in found if candidate.due > since and candidate.closes <= now)


def upcoming(name: str, settings: EditionSettings, now: datetime, count: int) -> tuple[Occurrence, ...]:
    """Return the next ``count`` editions due after ``now``, earliest first. Empty for an edition on demand."""
    found: list[Occurrence] = []
    if has_days(settings):
        for candidate in _from(name, settings, now.astimezone(ZoneInfo(settings.zone)).date() - DAY):
            if len(found) == count:
                break
            if candidate.due > now:
                found.append(candidate)
    return tuple(found)


def upcoming_after(key: EditionKey, settings: EditionSettings) -> datetime | None:
    """Return when the edition of that name after this one is due. None for an edition on demand."""
    return next(_from(key.name, settings, key.date + DAY)).due if has_days(settings) else None


def time_to_fetch(
    editions: Mapping[str, EditionSettings], now: datetime, least: timedelta, margin: timedelta
) -> timedelta | None:
    """Return how long a fetch may take: until ``margin`` before the next edition, but at least ``least``.

    None when no edition is scheduled.
    """
    coming = [each.due for name, edition in editions.items() for each in upcoming(name, edition, now, 1)]
    return max(least, min(coming) - margin - now) if coming else None


def on_date(name: str, settings: EditionSettings, now: datetime) -> Occurrence | None:
    """Return today's edition, where today is the local date of its zone at ``now``. None on a day without one."""
    return occurrence(name, settings, now.astimezone(ZoneInfo(settings.zone)).date())

"""When a letter comes, as text: days and times of day, in the zone of the edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import get_args
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names, get_timezone_location
from babel.lists import format_list

from digest.render.catalogue import Catalogue
from digest.settings import EditionSettings, Weekday

WEEK: tuple[Weekday, ...] = get_args(Weekday)
WEEKEND = ("sat", "sun")
A_RUN = 3
"""From this many consecutive days on, they are shown as a range of first and last day."""


def timetable(edition: EditionSettings, words: Catalogue) -> str:
    """Return when an edition comes, such as "every day at 06:00 (Berlin time)". Empty for an edition on demand."""
    if edition.kind != "scheduled":
        return ""
    days = [day for day in WEEK if day in edition.days]
    weekend = edition.weekend_at or edition.at
    if weekend == edition.at:
        parts = [_at(days, edition.at, words)]
    else:
        weekdays, rest = [d for d in days if d not in WEEKEND], [d for d in days if d in WEEKEND]
        parts = [_at(some, when, words) for some, when in ((weekdays, edition.at), (rest, weekend)) if some]
    return words("comes", when=", ".join(parts), place=_place(edition.zone, words))


def wall_time(when: time, words: Catalogue) -> str:
    """Return a time of day as text, in the format of the catalogue's language."""
    return format_time(when, "short", locale=words.locale)


def _at(days: Sequence[Weekday], when: time, words: Catalogue) -> str:
    return words("comes_at", days=_days(days, words), time=wall_time(when, words))


def _days(days: Sequence[Weekday], words: Catalogue) -> str:
    names = get_day_names("wide", locale=words.locale)
    places = [WEEK.index(day) for day in days]
    if len(days) == len(WEEK):
        return words("every_day")
    if len(days) >= A_RUN and places[-1] - places[0] == len(days) - 1:
        return words("day_to_day", first=names[places[0]], last=names[places[-1]])
    return format_list([names[place] for place in places], locale=words.locale)


def _place(zone: str, words: Catalogue) -> str:
    if "/" not in zone:
        return zone
    return get_timezone_location(ZoneInfo(zone), locale=words.locale, return_city=True)

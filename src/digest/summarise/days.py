"""Whether what a sentence says of days is still right on the day on which it is read.

"Today" in an article of Monday is another day in a letter of Tuesday, and nothing in the letter says so. "On Tuesday"
names its day, but what will happen then has happened for who reads it on Wednesday.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import lru_cache

from digest.summarise.day_phrases import DAY, FUTURE, MONTH, WEEK, WEEKDAYS, YEAR
from digest.summarise.essentials import names_speaker
from digest.text.patterns import compiled

_WEEK_DAYS = 7
_AHEAD = timedelta(days=1)
"""How far the calendar of an article's place may be before the edition's."""
_OPENING = 12
"""Characters in which a sentence that opens with its weekday has named it ("On Wednesday")."""
_NEAR = 60
"""Characters behind such a day in which the verb comes."""
_UNSPACED = frozenset({"ja", "zh", "ko"})
"""Languages whose words have no edges that a pattern could ask for."""
_BY_CAPITAL = frozenset({"de"})
"""Languages in which a capital tells "morning" from "tomorrow"."""


@dataclass(frozen=True, slots=True)
class ReadingDay:
    """The local date on which an edition is read, and the zone whose calendar it is."""

    read: date
    zone: tzinfo

    def written(self, moment: datetime) -> date:
        """Return the date of an article's moment by the same calendar.

        Midnight UTC sharp is what a date without a time is stored as: it keeps its date in every zone.
        """
        utc = moment.astimezone(UTC)
        return utc.date() if utc.time() == time() else moment.astimezone(self.zone).date()


class Timing(Enum):
    """What is left of a sentence's days when it is read."""

    RIGHT = "right"
    PASSED = "passed"
    """It announces a day by name that has gone by, or its day's name now means a later one."""
    WRONG = "wrong"
    """It names a day, week, month or year from where its writer stood, and the reader stands elsewhere."""


def timing(text: str, language: str, written: date, read: date) -> Timing:
    """Say whether a sentence may be told on the date ``read`` that was written on ``written``.

    RIGHT when both are one date, and for a language whose words for days are not known.
    """
    if written == read:
        return Timing.RIGHT
    units = ((DAY, True), (WEEK, _week(written) != _week(read)), (MONTH, _month(written) != _month(read)))
    for words, moved in (*units, (YEAR, written.year != read.year)):
        if moved and _names(words, language, text):
            return Timing.WRONG
    return _weekdays(text, language, written, read)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _names(words: Mapping[str, str], language: str, text: str) -> bool:
    return language in words and bool(_pattern(words[language], language).search(text))


@lru_cache(maxsize=128)
def _pattern(words: str, language: str) -> re.Pattern[str]:
    whole = words if language in _UNSPACED else rf"(?<!\w)(?:{words})(?!\w)"
    return compiled(whole, re.NOFLAG if language in _BY_CAPITAL else re.IGNORECASE)


def _weekdays(text: str, language: str, written: date, read: date) -> Timing:
    """Judge the weekdays that a sentence names: what is to come is on the next such day, what was on the last one."""
    named = [(day, found) for day, name in enumerate(_names_of_days(language)) for found in name.finditer(text)]
    announced = [day for day, found in named if _is_announced(text, language, found)]
    if announced:
        latest = max(written + timedelta((day - written.weekday()) % _WEEK_DAYS) for day in announced)
        return Timing.PASSED if latest < read else Timing.RIGHT
    ahead = written + _AHEAD
    since = [read - ahead + timedelta((ahead.weekday() - day) % _WEEK_DAYS) for day, _ in named]
    return Timing.PASSED if since and max(since).days >= _WEEK_DAYS else Timing.RIGHT


def _is_announced(text: str, language: str, weekday: re.Match[str]) -> bool:
    """Say whether a weekday belongs to what is to come, and not to somebody who spoke of it on that day."""
    future = _pattern(FUTURE[language], language)
    before = list(future.finditer(text, 0, weekday.start()))
    if before:
        return not names_speaker(text[before[-1].end() : weekday.start()], language)
    behind = future.search(text, weekday.end(), weekday.end() + _NEAR) if weekday.start() <= _OPENING else None
    return behind is not None and not names_speaker(text[weekday.end() : behind.start()], language)


@lru_cache(maxsize=16)
def _names_of_days(language: str) -> tuple[re.Pattern[str], ...]:
    names = WEEKDAYS.get(language, "").split()
    return tuple(compiled(rf"(?<!\w)(?:{name})(?!\w)", re.IGNORECASE) for name in names)

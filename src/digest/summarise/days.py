"""Whether the words for days in a sentence are still right on the day on which it is read.

"Today" in an article of Monday means another day in a letter of Tuesday, and nothing in the letter says so. "On
Tuesday" names its day, but an event that is announced for it is over for somebody who reads it on Wednesday.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from functools import lru_cache

from digest.summarise.day_phrases import AFTERWARDS, DAY, FUTURE, MONTH, PAST_VERBS, WEEK, WEEKDAYS, YEAR
from digest.summarise.essentials import names_speaker
from digest.text.languages import WRITTEN_TOGETHER
from digest.text.patterns import compiled

_WEEK_DAYS = 7
_AHEAD = timedelta(days=1)
"""The most by which the calendar at an article's place may be ahead of the edition's."""
_OPENING = 12
"""A sentence opens with a weekday if the weekday is within so many characters ("On Wednesday")."""
_NEAR = 60
"""The verb follows such a weekday within so many characters."""
_BY_CAPITAL = frozenset({"de"})
"""Languages in which a capital distinguishes "morning" from "tomorrow"."""


@dataclass(frozen=True, slots=True)
class ReadingDay:
    """The local date on which an edition is read, and the time zone of its calendar."""

    read: date
    zone: tzinfo

    def written(self, moment: datetime) -> date:
        """Return the local date of an article's instant in the same zone.

        A date without a time is stored as midnight UTC exactly: it keeps its date in every zone.
        """
        utc = moment.astimezone(UTC)
        return utc.date() if utc.time() == time() else moment.astimezone(self.zone).date()


class Timing(Enum):
    """Whether the day words of a sentence are right when it is read."""

    RIGHT = "right"
    PASSED = "passed"
    """It announces a named day that is past, or its day's name now means a later day."""
    WRONG = "wrong"
    """It names a day, week, month or year relative to its own date, and for the reader this is another one."""


def timing(text: str, language: str, written: date, read: date) -> Timing:
    """Return whether a sentence written on the date ``written`` may be used on the date ``read``.

    RIGHT when both dates are the same, and for a language with unknown day words.
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
    whole = words if language in WRITTEN_TOGETHER else rf"(?<!\w)(?:{words})(?!\w)"
    return compiled(whole, re.NOFLAG if language in _BY_CAPITAL else re.IGNORECASE)


def _weekdays(text: str, language: str, written: date, read: date) -> Timing:
    """Judge the weekdays that a sentence names: a coming event is on the next such day, a past one was on the last."""
    named = [(day, found) for day, name in enumerate(_names_of_days(language)) for found in name.finditer(text)]
    announced = [day for day, found in named if _is_announced(text, language, found)]
    if announced:
        latest = max(written + timedelta((day - written.weekday()) % _WEEK_DAYS) for day in announced)
        return Timing.PASSED if latest < read else Timing.RIGHT
    ahead = written + _AHEAD
    since = [read - ahead + timedelta((ahead.weekday() - day) % _WEEK_DAYS) for day, _ in named]
    return Timing.PASSED if since and max(since).days >= _WEEK_DAYS else Timing.RIGHT


def _is_announced(text: str, language: str, weekday: re.Match[str]) -> bool:
    """Return whether a weekday is the day of a coming event, and not the day on which somebody spoke of it."""
    future = _pattern(FUTURE[language], language)
    before = list(future.finditer(text, 0, weekday.start()))
    if before:
        between = text[before[-1].end() : weekday.start()]
        return not names_speaker(between, language) and not _turns_back(between, language)
    behind = future.search(text, weekday.end(), weekday.end() + _NEAR) if weekday.start() <= _OPENING else None
    return behind is not None and not names_speaker(text[weekday.end() : behind.start()], language)


def _turns_back(text: str, language: str) -> bool:
    """Return whether a clause of what came before begins in a text ("will be built after councillors backed it on")."""
    clause = _pattern(AFTERWARDS[language], language).search(text)
    verbs = PAST_VERBS.get(language)
    return clause is not None and (verbs is None or _pattern(verbs, language).search(text, clause.end()) is not None)


@lru_cache(maxsize=16)
def _names_of_days(language: str) -> tuple[re.Pattern[str], ...]:
    names = WEEKDAYS.get(language, "").split()
    return tuple(compiled(rf"(?<!\w)(?:{name})(?!\w)", re.IGNORECASE) for name in names)

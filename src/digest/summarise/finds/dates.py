"""Dates in a sentence, and which of them are still ahead on the day on which an edition is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.finder_words import AHEAD, DATES, MONTH_ALONE, MONTHS
from digest.summarise.finds.trait_words import PASSED
from digest.text.patterns import compiled

_SOON = timedelta(days=2)
"""Words such as "in the coming days" stay right for so long."""
_FARTHEST_WEEKDAY = timedelta(days=5)
"""The weekday of the day before the letter is six days ahead: it reads as yesterday."""
_WEEK = 7
_YEAR_PAST = r"(?<![\d.,])(?:1[5-9]|20)\d\d(?!\d|[.,]\d)"
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A date that a sentence names; ``start`` and ``end`` are offsets into the sentence."""

    start: int
    end: int
    first: date
    """The first day that is meant; for a week or month its first day."""


def mentions(text: str, language: str, written: date, read: date) -> tuple[Mention, ...]:
    """Return the dates that a sentence names, in order of their place, past ones too.

    Relative words ("tomorrow", "next week") count only while they mean the same on both dates: the date of writing and
    the date of reading. A weekday means the next one after the date of writing; the weekday of that date itself says
    when somebody spoke. A weekday that the reader takes for a past one (see ``_reads_as_past``) has the date of
    reading.
    Empty for a language without lists.
    """
    if language not in DATES:
        return ()
    found = [*_dated(text, language, written), *_weekdays(text, language, written, read)]
    found += _relative(text, language, written, read)
    return tuple(sorted(found, key=lambda mention: (mention.start, -mention.end)))


def names_past_year(text: str, read: date) -> bool:
    """Return whether a sentence names a year before the year of reading."""
    return any(int(year) < read.year for year in compiled(_YEAR_PAST).findall(text))


def _dated(text: str, language: str, written: date) -> Iterator[Mention]:
    for pattern in _date_patterns(language):
        for found in pattern.finditer(text):
            first = _date_of(found, language, written)
            if first is not None:
                yield Mention(start=found.start(), end=found.end(), first=first)


def _date_of(found: re.Match[str], language: str, written: date) -> date | None:
    """Return the date of a match; None when there is no such day."""
    parts = found.groupdict()
    month = int(parts["numeral"]) if parts.get("numeral") else _month_number(parts["month"], language)
    day = int(re.sub(r"\D", "", parts.get("day") or "1"))
    try:
        if parts["year"]:
            return date(int(parts["year"]), month, day)
        years = (date(written.year + step, month, day) for step in (-1, 0, 1))
        return min(years, key=lambda each: abs(each - written))
    except ValueError:
        return None


def _weekdays(text: str, language: str, written: date, read: date) -> Iterator[Mention]:
    if not _any_weekday(language).search(text):
        return
    for number, name in enumerate(_weekday_patterns(language)):
        ahead = (number - written.weekday()) % _WEEK
        first = written + timedelta(days=ahead)
        if ahead:
            for found in name.finditer(text):
                past = _reads_as_past(first, read) or _is_past(text, found, language)
                yield Mention(start=found.start(), end=found.end(), first=read if past else first)


def _is_past(text: str, found: re.Match[str], language: str) -> bool:
    """Return whether words beside a weekday say that it has passed: "last Monday", "lundi dernier"."""
    before, behind = PASSED[language]
    passed = before and compiled(rf"\b(?:{before}) \Z", re.IGNORECASE).search(text[: found.start()])
    return bool(passed or (behind and compiled(rf" (?:{behind})\b", re.IGNORECASE).match(text, found.end())))


def _reads_as_past(day: date, read: date) -> bool:
    """Return whether a bare weekday reads as the day of the letter, the day before, or one that is longer over."""
    return not timedelta(days=0) < day - read <= _FARTHEST_WEEKDAY


def _relative(text: str, language: str, written: date, read: date) -> Iterator[Mention]:
    for unit, words in AHEAD[language].items():
        first = _first_day(unit, read)
        if _first_day(unit, written) == first or (unit == "soon" and read - written <= _SOON):
            flags = re.NOFLAG if language == "de" else re.IGNORECASE
            for found in compiled(rf"(?<!\w)(?:{words})(?!\w)", flags).finditer(text):
                yield Mention(start=found.start(), end=found.end(), first=first)


def _first_day(unit: str, day: date) -> date:
    """Return a day that stands for words such as "next week": the first day after the unit of time that is running.

    For "next year" and "by the end of the year" it is the last day of the year.
    """
    if unit in {"day", "soon"}:
        return day + timedelta(days=1)
    if unit == "week":
        return day + timedelta(days=_WEEK - day.weekday())
    if unit == "month":
        return date(day.year + day.month // _MONTHS, day.month % _MONTHS + 1, 1)
    return date(day.year, _MONTHS, 31)


@lru_cache(maxsize=8)
def _date_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    months = "|".join(MONTHS[language].split())
    named = (*(rf"(?<!\w){each}" for each in DATES[language]), MONTH_ALONE[language])
    return tuple(compiled(each.format(months=f"(?:{months})"), re.IGNORECASE) for each in named)


@lru_cache(maxsize=8)
def _any_weekday(language: str) -> re.Pattern[str]:
    names = WEEKDAYS[language].replace(" ", "|")
    return compiled(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _weekday_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(rf"(?<!\w)(?:{name})(?!\w)", re.IGNORECASE) for name in WEEKDAYS[language].split())


def _month_number(name: str, language: str) -> int:
    """Return the number of a month, 1 to 12."""
    forms = MONTHS[language].split()
    return next(
        number for number, form in enumerate(forms, 1) if compiled(form, re.IGNORECASE).fullmatch(name.rstrip("."))
    )

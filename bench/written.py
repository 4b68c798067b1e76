"""When a text was written, and the same text with its dates moved to another time.

Texts of many years make one invented day. A text keeps its weekday: it moves by whole weeks, and the dates that it
names move with it. So "on Tuesday" still means the Tuesday that it meant, and "on 12 March" is as far ahead as it was.
"""

# ruff: noqa: RUF001 - dashes of ranges are the subject here

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from digest.summarise.day_phrases import FUTURE, WEEKDAYS
from digest.summarise.finds.dates import mentions
from digest.summarise.finds.finder_words import DATES, MONTH_ALONE, MONTHS
from digest.summarise.lexicon import lexicon

WEEK = 7
OLDEST, NEWEST = 2008, 2026
"""Years of the texts."""
NAMES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
FORMS = {"en": "{month} {day}", "de": "{day}. {month}", "fr": "{day} {month}", "es": "{day} de {month}"}
"""A day with its month, by language."""
ISO = re.compile(r"(?<!\d)(20[0-2]\d)[-/]?([01]\d)[-/]?([0-3]\d)(?!\d)")
OF_PAGE = re.compile(
    rb"""(?:datePublished|article:published_time|pubdate|publish-date|date\.issued|dateCreated)[^>]{0,60}?"""
    rb"(20[0-2]\d-[01]\d-[0-3]\d)",
    re.IGNORECASE,
)
BEFORE, BEHIND, OPENING = 90, 60, 12
"""A verb of the future so many characters before a weekday, or behind one at the opening, makes it a coming one."""
SPOKE, SPOKEN = 40, 3
"""A verb of saying within so many characters before a weekday; such a weekday counts so often."""
WEEKDAY_DATE = {
    "en": r"\b(?P<weekday>{days}),? (?P<month>{months})\.? (?P<day>\d{{1,2}})\b",
    "de": r"\b(?P<weekday>{days}),? (?:den |dem )?(?P<day>\d{{1,2}})\. (?P<month>{months})\b",
    "fr": r"\b(?P<weekday>{days}) (?P<day>\d{{1,2}}|1er) (?P<month>{months})\b",
    "es": r"\b(?P<weekday>{days}),? (?P<day>\d{{1,2}}) de (?P<month>{months})\b",
}
"""Dates with their weekday: they tell the year, too."""
JOINS = r"\s?[-–]\s?|,? (?:and|to|or|until|au|et|à|ou|und|bis|bis zum|oder|al|y|o) "
FIRST_DAY = rf"(?<![\d.,:])(?P<day>\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?)(?:{JOINS})(?:[^\W\d]+ )?\Z"
"""The first day of a range whose month is behind its last day: "12 to 15 May", perhaps with a weekday between."""
LAST_DAY = r"\A\s?[-–]\s?(?P<day>\d{1,2})(?![\d:%]|[.,]\d)"
"""The last day of a range whose month is before its first one: "May 12-15"."""


def written_on(row: Mapping[str, Any], language: str, page: Path | None) -> date | None:
    """Return the date on which a text was written; None when nothing tells its weekday.

    The dates of the row, its page and its address are certain. Else the text tells it: the weekday that it names most
    often, which is mostly its own.
    """
    return _stated(row, page) or _told(row["text"], language)


def moved(text: str, language: str, by: timedelta, anchor: date) -> str:
    """Return a text whose dates with a month are moved, each as it reads on the date ``anchor``."""
    found: list[tuple[int, int, str]] = []
    for match in _dates(text, language):
        if not any(start < match.end() and match.start() < end for start, end, _ in found):
            found += [(*match.span(), _moved(match, language, by, anchor)), *_other_day(match, language, by, anchor)]
    for start, end, told in sorted(found, reverse=True):
        text = text[:start] + told + text[end:]
    return text


def _stated(row: Mapping[str, Any], page: Path | None) -> date | None:
    """Return the date of the address, the row or the page, the first that is there."""
    address = str(row.get("url") or "").rsplit("://", 1)[-1]  # an archive's address ends with that of the page
    for told in (address, str(row.get("date") or ""), _of_page(page)):
        for parts in ISO.findall(told):
            try:
                return date(*map(int, parts))
            except ValueError:
                continue
    return None


def _of_page(page: Path | None) -> str:
    if page is None or not page.is_file():
        return ""
    found = OF_PAGE.search(gzip.decompress(page.read_bytes()))
    return found[1].decode() if found else ""


def _told(text: str, language: str) -> date | None:
    """Return the date that a text tells: the latest one with its weekday, or a day with the most frequent weekday."""
    dated = sorted(_with_weekday(text, language))
    named = Counter(_weekdays(text, language))
    if dated:
        return dated[-1] if not named else _on_weekday(dated[0], named.most_common(1)[0][0])
    if not named:
        return None
    plain = [each for match in _dates(text[:3000], language) if (each := _read(match, language, date(2015, 7, 1)))]
    return _on_weekday(plain[0] if plain else date(2015, 7, 1), named.most_common(1)[0][0])


def _on_weekday(day: date, weekday: int) -> date:
    """Return the first day with a weekday, from ``day`` on."""
    return day + timedelta((weekday - day.weekday()) % WEEK)


def _weekdays(text: str, language: str) -> Iterator[int]:
    """Yield the weekdays that a text names for what has happened; the day on which somebody spoke weighs more."""
    future, said = (
        re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        for words in (FUTURE[language], "|".join(lexicon(language).speech))
    )
    for number, name in enumerate(WEEKDAYS[language].split()):
        for found in re.finditer(rf"\b(?:{name})\b", text, re.IGNORECASE):
            before = re.split(r"[.!?]\s|\n", text[max(0, found.start() - BEFORE) : found.start()])[-1]
            behind = re.split(r"[.!?]\s|\n", text[found.end() : found.end() + BEHIND])[0]
            if not future.search(before) and not (len(before) < OPENING and future.search(behind)):
                yield from [number] * (SPOKEN if said.search(before[-SPOKE:]) else 1)


def _with_weekday(text: str, language: str) -> Iterator[date]:
    """Yield the dates that stand with their weekday, each in the latest year in which both agree."""
    days, months = WEEKDAYS[language].split(), MONTHS[language].split()
    form = WEEKDAY_DATE[language].format(days="|".join(days), months="|".join(months))
    for found in re.finditer(form, text, re.IGNORECASE):
        weekday = next(n for n, name in enumerate(days) if re.fullmatch(name, found["weekday"], re.IGNORECASE))
        month = next(n for n, name in enumerate(months, 1) if re.fullmatch(name, found["month"], re.IGNORECASE))
        for year in range(NEWEST, OLDEST, -1):
            try:
                day = date(year, month, int(re.sub(r"\D", "", found["day"])))
            except ValueError:
                continue
            if day.weekday() == weekday:
                yield day
                break


def _dates(text: str, language: str) -> Iterator[re.Match[str]]:
    months = "|".join(MONTHS[language].split())
    for form in (*(rf"(?<!\w){each}" for each in DATES[language]), MONTH_ALONE[language]):
        yield from re.finditer(form.format(months=f"(?:{months})"), text, re.IGNORECASE)


def _read(match: re.Match[str], language: str, anchor: date) -> date | None:
    named = mentions(match.group(), language, anchor, anchor)
    return named[0].first if named else None


def _other_day(match: re.Match[str], language: str, by: timedelta, anchor: date) -> Iterator[tuple[int, int, str]]:
    """Yield the day of a range beside its date with a month: its span, and the day after the move.

    It gets its month when that is another one than the date's.
    """
    named, parts, text = _read(match, language, anchor), match.groupdict(), match.string
    if named is None or not parts.get("day") or not parts.get("month"):
        return
    first, last = re.search(FIRST_DAY, text[: match.start()], re.IGNORECASE), re.match(LAST_DAY, text[match.end() :])
    for other, place, step in ((first, 0, -1), (last, match.end(), 1)):
        day = _beside(named, int(re.sub(r"\D", "", other["day"])), step) if other else None
        if other and day:
            same, later = (day + by).month == (named + by).month, day + by
            month = NAMES[language].split()[later.month - 1]
            told = FORMS[language].format(day=later.day, month=month)
            alone = f"{later.day}." if other["day"].endswith(".") else str(later.day)
            yield place + other.start("day"), place + other.end("day"), alone if same else told


def _beside(day: date, number: int, step: int) -> date | None:
    """Return the nearest day with that number before a day (``step`` -1) or behind it (1); None when there is none."""
    ahead = (day + timedelta(step * count) for count in range(1, 31))
    return next((each for each in ahead if each.day == number), None)


def _moved(match: re.Match[str], language: str, by: timedelta, anchor: date) -> str:
    """Return a date as it is written after the move; a month alone moves by its middle."""
    day = _read(match, language, anchor)
    if day is None:
        return match.group()
    parts = match.groupdict()
    later = day + by if parts.get("day") else day + timedelta(14) + by
    written = {
        "year": str(later.year),
        "numeral": str(later.month),
        "month": NAMES[language].split()[later.month - 1],
        "day": str(later.day),
    }
    told = match.group()
    for name in sorted(filter(parts.get, written), key=match.start, reverse=True):
        start, end = (place - match.start() for place in match.span(name))
        told = told[:start] + written[name] + told[end:]
    return told

"""Reading the many ways in which pages write an instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=26)
"""A page may be dated by its own midnight, in a zone ahead of ours."""

_ISO = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?\s*\Z")
_DAY_FIRST = re.compile(r"\s*(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2}(?![\d.]))(?:\D+(\d{1,2})[:.](\d{2}))?")
_YEAR_FIRST = re.compile(r"\s*(\d{4})[./年](\d{1,2})[./月](\d{1,2})(?:\D+(\d{1,2}):(\d{2}))?")
_MONTHS = {
    name: number
    for number, spellings in enumerate(
        (
            "jan jän ene gen янв", "feb fév fev фев", "mar mär mrz maa мар", "apr abr avr апр",
            "may mai mag maj мая май", "jun giu juin июн", "jul lug juil июл", "aug ago aoû авг", "sep set сен",
            "oct okt ott out окт", "nov ноя", "dec dez dic déc des дек",
        ),
        start=1,
    )
    for name in spellings.split()
}  # fmt: skip
_MONTH_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:de\s+)?(?P<m1>[^\W\d_]{3,12})|(?P<m2>[^\W\d_]{3,12})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?)"
    r"[.,]?\s+(?:de\s+)?(?P<y>\d{4})(?:\D{1,12}(?P<h>\d{1,2}):(?P<mi>\d{2})(?::\d{2})?\s*(?P<ap>[ap]\.?m)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_IN_URL = re.compile(r"[/_-](20\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)")


def instant(text: str, now: datetime) -> datetime | None:
    """Return the instant that a page's date text names, aware, in the zone that it was written in.

    A text without a zone is read as UTC, one without a time as midnight. None when it is no date, or names an
    instant before 1990 or more than AHEAD after ``now``.
    """
    found = _iso(text) or _epoch(text) or _numbered(text) or _named(text)
    return found if found is not None and EARLIEST <= found <= now + AHEAD else None


def instant_within(text: str, now: datetime) -> datetime | None:
    """Return the first instant that stands anywhere in a short text, as in ``Stand: 25.04.2024, 07:21 Uhr``."""
    starts = (match.start() for match in _DIGITS.finditer(text[:200]))
    return next(filter(None, (instant(text[start:], now) for start in starts)), None)


def instant_in_url(url: str, now: datetime) -> datetime | None:
    """Return midnight (UTC) of the day that the URL's path names, as in ``/2024/05/03/`` or ``-20240503-``."""
    match = _IN_URL.search(url)
    return instant("-".join(match.groups()), now) if match else None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes)) if minutes < 24 * 60 else UTC


def _build(*parts: str | int | None, zone: str | None = None) -> datetime | None:
    try:
        return datetime(*(int(part or 0) for part in parts), tzinfo=_zone(zone))  # type: ignore[arg-type, misc]
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    return _build(*match.groups()[:6], zone=match[7]) if match else None


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.match(text)
    return datetime.fromtimestamp(int(match[1]), tz=UTC) if match else None


def _numbered(text: str) -> datetime | None:
    if match := _YEAR_FIRST.match(text):
        return _build(*match.groups())
    if match := _DAY_FIRST.match(text):
        day, month, year, hour, minute = match.groups()
        year = f"20{year}"[-4:]
        return _build(year, month, day, hour, minute) or _build(year, day, month, hour, minute)
    return None


def _named(text: str) -> datetime | None:
    match = _MONTH_NAMED.search(text)
    if match is None:
        return None
    word = (match["m1"] or match["m2"]).lower()
    month = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
    hour = int(match["h"] or 0)
    if match["ap"]:
        hour = hour % 12 + (12 if match["ap"][0] in "pP" else 0)
    return _build(match["y"], month, match["d1"] or match["d2"], hour, match["mi"], zone=match["z"]) if month else None

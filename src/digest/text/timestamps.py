"""Parses dates and times in the many notations of pages, feeds and sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=26)
"""A page may have the date of its own midnight, in a time zone ahead of ours."""

_OFFSET = r"[+-]\d{2}:?\d{2}"
_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3,
    "msk": 3, "jst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Names of time zones with a single offset. Others (IST, ET) are ignored."""
_ZONE = rf"(?:gmt|utc)[+-]\d{{1,2}}(?::?\d{{2}})?\b|(?:{'|'.join(sorted(_HOURS, key=len, reverse=True))})\b|{_OFFSET}"
_ISO = re.compile(
    rf"\s*(\d{{4}})-?(\d{{2}})-?(\d{{2}})(?:[T\s]+(\d{{1,2}}):?(\d{{2}})(?::?(\d{{2}})(?:[.,]\d+)?)?\s*({_ZONE})?)?",
    re.IGNORECASE,
)
_DIGITS_OF_HOURS = 2
"""An offset with this many digits has only hours."""
_EXACT = re.compile(rf"\d{{1,2}}[:.]?\d{{2}}(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*\(?(?:{_ZONE})", re.IGNORECASE)
_EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?\s*\Z")
_TWO_FIRST = re.compile(
    r"\s*(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2}(?![\d.]))(?:\D+?(\d{1,2})[:.](\d{2})(?::\d{2})?\s*(?:([ap])\.?m\b)?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"\s*(\d{4})[./年](\d{1,2})[./月](\d{1,2})(?:\D+(\d{1,2}):(\d{2}))?")
_MONTH_FIRST = frozenset({"us", "ph", "fm", "pw", "mh", "pr", "gu"})
_DAY_FIRST_COUNTRIES = frozenset(["uk", "ie", "au", "nz", "in", "za", "ng", "ke", "gh", "sg", "my", "hk", "pk", "eu"])
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
    r"[.,]?\s+(?:de\s+)?(?P<y>\d{4})(?:\D{1,12}(?P<h>\d{1,2})[:.h](?P<mi>\d{2})(?::\d{2})?\s*(?P<ap>[ap]\.?m\.?)?\s*(?P<z>"
    + _ZONE
    + r")?)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_IN_URL = re.compile(r"[/_-](20\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)")


def instant(text: str, now: datetime, *, month_first: bool = False) -> datetime | None:
    """Return the instant of a date text, aware, in the time zone that it names.

    Without a zone it is read as UTC, without a time as midnight. Return None if it is not a date, or is before 1990 or
    more than AHEAD after ``now``. With ``month_first``, 11/05/2026 is the fifth of November; a date that would be
    invalid in this order is read in the other.
    """
    return next((found for found in _readings(text, month_first) if EARLIEST <= found <= now + AHEAD), None)


def is_exact(text: str) -> bool:
    """Return whether a date text has a time and a zone, so that it means exactly one instant."""
    return _EPOCH.match(text) is not None or _EXACT.search(text) is not None


def is_month_first(language: str, host: str) -> bool:
    """Return whether numeric dates are in American order on a page in this language (a BCP 47 tag).

    English without a region is American, unless the host is of a country that writes the day first.
    """
    primary, _, region = language.replace("_", "-").lower().partition("-")
    if region:
        return region in _MONTH_FIRST
    return primary == "en" and host.rpartition(".")[2] not in _DAY_FIRST_COUNTRIES


def _readings(text: str, month_first: bool) -> Iterator[datetime]:  # noqa: FBT001 - passed on
    found = _iso(text) or _epoch(text)
    if found:
        yield found
        return
    numbered = [when for when in _numbered(text, month_first) if when]
    yield from numbered or filter(None, (_named(text),))


def instant_within(text: str, now: datetime, *, month_first: bool = False) -> datetime | None:
    """Return the first instant anywhere in a short text, as in ``Stand: 25.04.2024, 07:21 Uhr``."""
    starts = (match.start() for match in _DIGITS.finditer(text[:200]))
    return next(filter(None, (instant(text[start:], now, month_first=month_first) for start in starts)), None)


def instant_in_url(url: str, now: datetime) -> datetime | None:
    """Return midnight (UTC) of the day in a URL's path, as in ``/2024/05/03/`` or ``-20240503-``."""
    match = _IN_URL.search(url)
    return instant("-".join(match.groups()), now) if match else None


def _zone(text: str | None) -> timezone:
    if not text or text.isalpha():
        return timezone(timedelta(hours=_HOURS.get((text or "").lower(), 0)))
    sign, digits = text.lstrip("gmtucGMTUC")[0], re.sub(r"\D", "", text)
    minutes = int(digits) * 60 if len(digits) <= _DIGITS_OF_HOURS else int(digits[:-2]) * 60 + int(digits[-2:])
    return timezone(timedelta(minutes=minutes if sign == "+" else -minutes)) if minutes < 24 * 60 else UTC


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


def _numbered(text: str, month_first: bool) -> Iterator[datetime | None]:  # noqa: FBT001 - passed on
    """Yield the readings of a numeric date, the likeliest first."""
    if match := _YEAR_FIRST.match(text):
        yield _build(*match.groups())
    elif match := _TWO_FIRST.match(text):
        one, stop, two, year, hour, minute, half = match.groups()
        year = f"20{year}"[-4:]
        hours = _hours(hour, half)
        by_day, by_month = _build(year, two, one, hours, minute), _build(year, one, two, hours, minute)
        american = stop == "/" and (month_first or half is not None)
        yield from (by_month, by_day) if american else (by_day, by_month)


def _hours(hour: str | None, half: str | None) -> int:
    """Return the hour of the day. ``half`` begins with the letter of am or pm."""
    return int(hour or 0) if not half else int(hour or 0) % 12 + 12 * (half[0] in "pP")


def _named(text: str) -> datetime | None:
    match = _MONTH_NAMED.search(text)
    if match is None:
        return None
    word = (match["m1"] or match["m2"]).lower()
    month = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
    hour = _hours(match["h"], match["ap"])
    return _build(match["y"], month, match["d1"] or match["d2"], hour, match["mi"], zone=match["z"]) if month else None

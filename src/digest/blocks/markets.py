"""Prices: a row for each, with its value and how much it changed.

The source is ``{"rows": [{"name": "OMX 30", "value": 2461.3, "change": -0.4}], "as_of": "17:30"}``. ``change`` is in
percent; it and ``as_of`` may be missing. ``as_of`` is a time of day, or a day with a time (ISO 8601), which is shown
with its weekday when it is not the day of the letter; another text is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from digest.blocks.figures import clock, day_and_clock, locale_of, name_of, number, read_json, rows_in, signed
from digest.blocks.shape import BlockKind, NoBlock, Question

MOST_ROWS = 12
SMALL = 10
"""Values below this one are shown with four digits after the decimal point, since they may be exchange rates."""


def value(ask: Question) -> Mapping[str, object]:
    """Return the heading, the rows, and the time of the prices as a sentence. Raises NoBlock for unusable data."""
    found, locale = read_json(ask), locale_of(ask.language)
    rows = [_row(row, locale) for row in rows_in(found, "rows")[:MOST_ROWS]]
    if not rows:
        raise NoBlock("its source has no rows")
    as_of = found.get("as_of")
    return {
        "title": ask.title.strip() or ask.phrases["markets"],
        "rows": rows,
        "as_of": _as_of(as_of.strip()[:40], ask, locale) if isinstance(as_of, str) else "",
    }


def _as_of(written: str, ask: Question, locale: Locale) -> str:
    """Return the sentence, in the letter's language, that says when the prices were valid."""
    when = _moment(written, ZoneInfo(ask.zone))
    if when is None:
        return written
    day, hour = (when.date(), when.time()) if isinstance(when, datetime) else (ask.day, when)
    said = clock(hour, locale)
    if day != ask.day:
        said = day_and_clock(format_skeleton("MMMEd", day, locale=locale), said, locale)
    return ask.phrases["markets_as_of"].format(when=said)


def _moment(written: str, zone: ZoneInfo) -> datetime | time | None:
    """Parse a time of day or a date with a time (ISO 8601), in the edition's zone. None for any other text."""
    try:
        return time.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(zone) if moment.tzinfo else moment


def _row(row: dict[str, Any], locale: Locale) -> dict[str, str]:
    amount, change = number(row.get("value")), number(row.get("change"))
    if amount is None:
        raise NoBlock(f"{name_of(row)} has no value that is a number")
    digits = "#,##0.0000" if abs(amount) < SMALL else "#,##0.00"
    return {
        "name": name_of(row),
        "value": format_decimal(amount, digits, locale=locale),
        "change": ""
        if change is None
        else signed(format_decimal(change / 100, _percent(locale), locale=locale), locale),
    }


def _percent(locale: Locale) -> str:
    """Return the number pattern for a change in percent: a sign, one decimal digit, and the locale's percent sign."""
    usual = locale.percent_formats[None].pattern.replace("#,##0", "0.0")
    return f"+{usual};\N{MINUS SIGN}{usual}"


KIND = BlockKind(value=value)

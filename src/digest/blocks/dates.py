"""The events of the next days, from a calendar (.ics).

``options.days`` (7 if missing) is how many days are searched, ``options.most`` (5) how many events are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton

from digest.blocks.figures import clock, day_and_clock, locale_of
from digest.blocks.shape import BlockKind, NoBlock, Question
from digest.text.ics import UnreadableCalendar
from digest.text.ics_events import Happening, happenings

DAYS, MOST = 7, 5
LONGEST = 160


def value(ask: Question) -> Mapping[str, object] | None:
    """Return the heading and the rows of the block; None when there is no event in these days.

    Raises NoBlock when the source is no calendar, or an option is wrong.
    """
    if not ask.data:
        raise NoBlock("it has no data: set source to a calendar (.ics)")
    days, most = _number(ask, "days", DAYS), _number(ask, "most", MOST)
    try:
        text = ask.data.decode("utf-8-sig")
        found = happenings(text, ask.day, ask.day + timedelta(days=days - 1), ZoneInfo(ask.zone))
    except (UnicodeDecodeError, UnreadableCalendar) as error:
        raise NoBlock(f"its source is no calendar: {error}") from error
    rows = [_row(one, locale_of(ask.language)) for one in found[:most]]
    return {"title": ask.title.strip() or ask.phrases["dates"], "rows": rows} if rows else None


def _number(ask: Question, name: str, usual: int) -> int:
    written = ask.options.get(name, str(usual))
    if not (written.isascii() and written.isdecimal() and 0 < int(written) <= 31):  # noqa: PLR2004 - a month
        raise NoBlock(f"options.{name} must be a number from 1 to 31 (it is {written!r:.20})")
    return int(written)


def _row(one: Happening, locale: Locale) -> dict[str, str]:
    when = format_skeleton("MMMEd", one.day, locale=locale)
    return {
        "when": day_and_clock(when, clock(one.at, locale), locale) if one.at else when,
        "what": one.what[:LONGEST],
        "where": one.where[:LONGEST],
        "link": one.link,
    }


KIND = BlockKind(value=value)

"""The weather of the day: a row for each place, with the sky, the highest and the lowest temperature.

The source is a table that the publisher writes, ``{"places": [{"name": "Norrhaven", "sky": "rain", "high": 7,
"low": 2}]}``, or the answer of Open-Meteo's forecast interface with the daily values ``weather_code``,
``temperature_2m_max`` and ``temperature_2m_min``. With such an answer, ``options.places`` names the places, separated
by commas, in the order of the coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale

from digest.blocks.figures import between, locale_of, name_of, number, read_json, rows_in, signed
from digest.blocks.shape import BlockKind, NoBlock, Question

MOST_ROWS = 8
SKIES = ("clear", "cloudy", "overcast", "fog", "drizzle", "rain", "snow", "showers", "thunder")
"""The words for a sky that every language of the letters translates. Any other text is shown as it is."""
CODES: Mapping[int, str] = {
    **dict.fromkeys((0, 1), "clear"),
    2: "cloudy",
    3: "overcast",
    **dict.fromkeys((45, 48), "fog"),
    **dict.fromkeys(range(51, 58), "drizzle"),
    **dict.fromkeys(range(61, 68), "rain"),
    **dict.fromkeys((*range(71, 78), 85, 86), "snow"),
    **dict.fromkeys((80, 81, 82), "showers"),
    **dict.fromkeys((95, 96, 99), "thunder"),
}
"""Weather codes of the WMO (table 4677, as Open-Meteo groups them) -> sky."""


def value(ask: Question) -> Mapping[str, object]:
    """Return the heading, the rows, and the separator of the two temperatures. Raises NoBlock for unusable data."""
    found = read_json(ask)
    daily = found if isinstance(found, list) else [found]
    forecast = any(isinstance(one, dict) and "daily" in one for one in daily)
    places = list(_forecast(daily, ask)) if forecast else rows_in(found, "places")
    locale = locale_of(ask.language)
    rows = [_row(place, ask.phrases, locale) for place in places[:MOST_ROWS]]
    if not rows:
        raise NoBlock("its source has no places")
    return {"title": ask.title.strip() or ask.phrases["weather"], "rows": rows, "between": between(locale)}


def _forecast(daily: list[Any], ask: Question) -> Iterator[dict[str, Any]]:
    """Yield name, sky and temperatures of each place of a forecast on the letter's day.

    Raises NoBlock when they are missing.
    """
    names = [name.strip() for name in ask.options.get("places", "").split(",") if name.strip()]
    if len(names) != len(daily):
        raise NoBlock(f"options.places names {len(names)} places, and its source has {len(daily)}")
    for name, one in zip(names, daily, strict=True):
        values = one.get("daily") if isinstance(one, dict) else None
        days = values.get("time") if isinstance(values, dict) else None
        if not isinstance(values, dict) or not isinstance(days, list) or ask.day.isoformat() not in days:
            raise NoBlock(f"its source has no values of {ask.day} for {name}")
        at = days.index(ask.day.isoformat())
        code = number(_at(values, "weather_code", at))
        yield {
            "name": name,
            "sky": CODES.get(int(code), "") if code is not None else "",
            "high": _at(values, "temperature_2m_max", at),
            "low": _at(values, "temperature_2m_min", at),
        }


def _at(values: Mapping[str, Any], name: str, at: int) -> object:
    column = values.get(name)
    return column[at] if isinstance(column, list) and at < len(column) else None


def _row(place: dict[str, Any], phrases: Mapping[str, str], locale: Locale) -> dict[str, str]:
    sky = " ".join(str(place.get("sky") or "").split())[:40]
    low, high = (number(place.get(name)) for name in ("low", "high"))
    if high is None and not sky:
        raise NoBlock(f"{name_of(place)} has neither a sky nor a temperature")
    return {
        "name": name_of(place),
        "sky": phrases[f"sky_{sky.lower()}"] if sky.lower() in SKIES else sky,
        "high": _degrees(high, locale),
        "low": _degrees(low, locale),
    }


def _degrees(value: float | None, locale: Locale) -> str:
    if value is None:
        return ""
    whole = round(value)
    sign = "\N{MINUS SIGN}" if whole < 0 else ""
    return signed(f"{sign}{abs(whole)}°", locale)


KIND = BlockKind(value=value)

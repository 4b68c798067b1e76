"""Reads a block's data, which is JSON, and writes numbers and times in the letter's language."""

from __future__ import annotations

import json
import math
import re
from datetime import time
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_time

from digest.blocks.shape import NoBlock, Question

COMMAS = {"ar": "\N{ARABIC COMMA} ", "ja": " ", "zh": " "}
LONGEST = 60
"""Most characters of a row's name. The rest is cut."""


def read_json(ask: Question) -> Any:  # noqa: ANN401 - JSON
    """Return the block's data, read as JSON. Raises NoBlock when there is no data, or it is not JSON."""
    if not ask.data:
        raise NoBlock("it has no data: set source to a file or an address")
    try:
        return json.loads(ask.data)
    except (ValueError, RecursionError):
        raise NoBlock("its source holds no JSON") from None


def rows_in(found: object, name: str) -> list[dict[str, Any]]:
    """Return the list under the key ``name`` of the JSON value ``found``.

    Raises NoBlock when it is no list of objects.
    """
    rows = found.get(name) if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NoBlock(f"its source has no list {name!r} of tables")
    return rows


def name_of(row: dict[str, Any]) -> str:
    """Return the value of ``name`` in a row, on one line. Raises NoBlock when it is empty or missing."""
    name = " ".join(str(row.get("name", "")).split())
    if not name:
        raise NoBlock("a row of its source has no name")
    return name[:LONGEST]


def number(value: object) -> float | None:
    """Return a JSON value as a float if it is a finite number, otherwise None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def signed(text: str, locale: Locale) -> str:
    """Return a written number with a mark that keeps its sign in front, also in a language from right to left."""
    return f"\N{LEFT-TO-RIGHT MARK}{text}" if locale.text_direction == "rtl" else text


def clock(when: time, locale: Locale) -> str:
    """Return a time of day in the locale's short format. Its blank is a no-break space of full width.

    CLDR has a narrow no-break space there, which many fonts lack.
    """
    written = format_time(when, "short", locale=locale)
    return re.sub(r"\s", "\N{NO-BREAK SPACE}", written)


def day_and_clock(day: str, hour: str, locale: Locale) -> str:
    """Return the texts of a day and a time of day, joined by the comma of the language."""
    return f"{day}{COMMAS.get(locale.language, ', ')}{hour}"


def between(locale: Locale) -> str:
    """Return the separator between two numbers. They keep their order also in a language from right to left."""
    return "\N{LEFT-TO-RIGHT MARK} / \N{LEFT-TO-RIGHT MARK}" if locale.text_direction == "rtl" else " / "


def locale_of(language: str) -> Locale:
    """Return the locale of a letter's language; English for an unknown one."""
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")

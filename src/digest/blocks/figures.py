"""Reads the data of a block: JSON, and the numbers in it."""

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
"""Most characters of a name in a row."""


def read_json(ask: Question) -> Any:  # noqa: ANN401 - JSON
    """Return the block's data. Raises NoBlock when there is none, or it is not JSON."""
    if not ask.data:
        raise NoBlock("it has no data: set source to a file or an address")
    try:
        return json.loads(ask.data)
    except (ValueError, RecursionError):
        raise NoBlock("its source holds no JSON") from None


def rows_in(found: object, name: str) -> list[dict[str, Any]]:
    """Return the rows under ``name``. Raises NoBlock when there is no list of tables."""
    rows = found.get(name) if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NoBlock(f"its source has no list {name!r} of tables")
    return rows


def name_of(row: dict[str, Any]) -> str:
    """Return the name of a row on one line. Raises NoBlock when it has none."""
    name = " ".join(str(row.get("name", "")).split())
    if not name:
        raise NoBlock("a row of its source has no name")
    return name[:LONGEST]


def number(value: object) -> float | None:
    """Return a number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def signed(text: str, locale: Locale) -> str:
    """Return a number with its sign in front, in a language from right to left, too."""
    return f"\N{LEFT-TO-RIGHT MARK}{text}" if locale.text_direction == "rtl" else text


def clock(when: time, locale: Locale) -> str:
    """Return a time of day with a no-break space of full width; many fonts lack the narrow one that CLDR sets."""
    written = format_time(when, "short", locale=locale)
    return re.sub(r"\s", "\N{NO-BREAK SPACE}", written)


def day_and_clock(day: str, hour: str, locale: Locale) -> str:
    """Return a day and a time of day with the comma of the language."""
    return f"{day}{COMMAS.get(locale.language, ', ')}{hour}"


def between(locale: Locale) -> str:
    """Return what is between two numbers that are read from left to right, in a language from right to left, too."""
    return "\N{LEFT-TO-RIGHT MARK} / \N{LEFT-TO-RIGHT MARK}" if locale.text_direction == "rtl" else " / "


def locale_of(language: str) -> Locale:
    """Return the locale of a letter's language; English for an unknown one."""
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")

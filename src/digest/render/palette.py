"""The colours of a letter, light and dark, and whether their contrast is sufficient."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from digest.errors import SettingsError
from digest.settings import BrandSettings

READABLE = 4.5
"""Least contrast of text (WCAG 2.2, 1.4.3); our own colours have at least 7."""
SEEN = 3.0
"""Least contrast of a bar or a button with its background (WCAG 2.2, 1.4.11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The colours of one scheme, each as ``#rrggbb``."""

    page: str
    card: str
    ink: str
    headline: str
    meta: str
    label: str
    link: str
    rule: str
    bar: str
    """The bar under the header, and the background of the button."""
    bar_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one letter."""

    light: Colours
    dark: Colours


LIGHT = Colours(
    page="#f3f1ec",
    card="#ffffff",
    ink="#1f2933",
    headline="#14213d",
    meta="#414b59",
    label="#951f15",
    link="#1a4f8b",
    rule="#d9d5cc",
    bar="#14213d",
    bar_text="#ffffff",
)
DARK = Colours(
    page="#11151c",
    card="#1a202b",
    ink="#dfe3ea",
    headline="#f5f1e6",
    meta="#aab4c3",
    label="#ff9b8f",
    link="#8fc1ff",
    rule="#3a4454",
    bar="#e8c468",
    bar_text="#14213d",
)
MORNING = Palette(light=LIGHT, dark=DARK)
EVENING = Palette(light=replace(LIGHT, bar="#5b2a4a"), dark=replace(DARK, bar="#e3b1d3", bar_text="#2b1024"))


def palette(brand: BrandSettings, *, evening: bool) -> Palette:
    """Return the letter's colours, with the operator's accents for bar and button.

    Raises:
        SettingsError: an accent is not ``#rrggbb``, is too similar to the card's colour, or no text is readable on
        it.
    """
    ours = EVENING if evening else MORNING
    made, problems = [], []
    for name, accent, colours in (("accent", brand.accent, ours.light), ("accent_dark", brand.accent_dark, ours.dark)):
        problem = accent_problem(accent, colours.card) if accent else ""
        problems += [f"brand.{name}: {problem}"] if problem else []
        good = accent and not problem
        made.append(replace(colours, bar=accent, bar_text=_text_on(accent)) if good and accent else colours)
    if problems:
        raise SettingsError(tuple(problems))
    return Palette(light=made[0], dark=made[1])


def accent_problem(accent: str, card: str) -> str:
    """Return what is wrong with an accent colour on a card of that colour; empty when it is good."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        return f"{accent!r} is not a colour like #14213d"
    if contrast(accent, card) < SEEN:
        return f"{accent} on {card} has a contrast of {contrast(accent, card):.1f}; it needs {SEEN}"
    if contrast(accent, _text_on(accent)) < READABLE:
        return f"neither white nor black text reaches a contrast of {READABLE} on {accent}"
    return ""


def _text_on(ground: str) -> str:
    return max("#ffffff", "#111111", key=lambda text: contrast(text, ground))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB

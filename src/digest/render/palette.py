"""The colours of a letter, light and dark, and whether their contrast is sufficient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from digest.errors import SettingsError
from digest.settings import BrandSettings

READABLE = 4.5
"""Least contrast of text (WCAG 2.2, 1.4.3); our own colours have at least 7."""
SEEN = 3.0
"""Least contrast of a bar or a button with its background (WCAG 2.2, 1.4.11)."""
GOOD, STRONG = 7.0, 11.0
"""Contrast of a computed dark colour with the dark card: GOOD for labels, links and bars, STRONG for headlines."""
STEPS = 40
HEX = re.compile(r"#[0-9a-fA-F]{6}")
TEXTS = ("headline", "label", "link")
"""The texts whose colour a brand may set."""


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
EVENING = Palette(light=replace(LIGHT, bar="#5b2a4a"), dark=DARK)
"""The evening's colours.

In dark mode they are those of the morning, since both editions have the site's accent there.
"""


def palette(brand: BrandSettings, *, evening: bool) -> Palette:
    """Return the letter's colours with those of the brand. Dark colours that the brand does not set are computed.

    Raises:
        SettingsError: a colour is not ``#rrggbb``, is too similar to the colour behind it, or no text is readable on
            it.
    """
    if problems := tuple(_problems(brand)):
        raise SettingsError(problems)
    ours = EVENING if evening else MORNING
    light, dark = ours.light, ours.dark
    dark_accent = brand.accent_dark or (dark_twin(brand.accent, dark.card) if brand.accent else None)
    light = replace(light, bar=brand.accent, bar_text=_text_on(brand.accent)) if brand.accent else light
    dark = replace(dark, bar=dark_accent, bar_text=_text_on(dark_accent)) if dark_accent else dark
    texts = {name: colour for name in TEXTS if (colour := getattr(brand, f"{name}_colour"))}
    return Palette(
        light=replace(light, **texts, page=brand.page_colour or light.page),
        dark=replace(dark, **{name: _dark_text(name, colour, dark.card) for name, colour in texts.items()}),
    )


def _dark_text(name: str, colour: str, card: str) -> str:
    return dark_twin(colour, card, STRONG if name == "headline" else GOOD)


def _problems(brand: BrandSettings) -> Iterator[str]:
    for name, colours in (("accent", LIGHT), ("accent_dark", DARK)):
        accent = getattr(brand, name)
        if accent and (problem := accent_problem(accent, colours.card)):
            yield f"brand.{name}: {problem}"
    for name in TEXTS:
        if problem := _text_problem(getattr(brand, f"{name}_colour"), LIGHT.card):
            yield f"brand.{name}_colour: {problem}"
    if problem := _text_problem(brand.page_colour, LIGHT.ink):
        yield f"brand.page_colour: {problem}"


def _text_problem(colour: str | None, other: str) -> str:
    """Return why text in one of two colours is not readable on the other; empty when it is."""
    if colour is None:
        return ""
    if not HEX.fullmatch(colour):
        return f"{colour!r} is not a colour like #14213d"
    found = contrast(colour, other)
    return f"{colour} and {other} have a contrast of {found:.1f}; it needs {READABLE}" if found < READABLE else ""


def dark_twin(colour: str, card: str, least: float = GOOD) -> str:
    """Return the colour, made lighter until its contrast with the dark ``card`` is at least ``least``.

    Only the lightness changes; near white the colour also fades. The steps are made in OKLab, where equal steps look
    equal (Ottosson, 2020).
    """
    lightness, green_red, blue_yellow = _oklab(colour)
    for step in range(STEPS + 1):
        part = step / STEPS
        chroma = 1 - part**3
        made = _from_oklab(lightness + (1 - lightness) * part, green_red * chroma, blue_yellow * chroma)
        if contrast(made, card) >= least:
            return made
    return "#ffffff"


def _oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = _channels(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, green_red: float, blue_yellow: float) -> str:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(channel)):02x}" for channel in linear)


def accent_problem(accent: str, card: str) -> str:
    """Return why an accent colour does not show on a card of that colour; empty when it does."""
    if not HEX.fullmatch(accent):
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
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of a colour as linear light, each from 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _encoded(channel: float) -> float:
    """Return linear light as an sRGB value from 0 to 1; values outside are clipped."""
    light = min(max(channel, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB

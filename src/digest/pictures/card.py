"""Draws the preview picture of a letter for social networks and messengers: edition, date and lead headline.

A text for which this machine has no font is left out: the card then shows the brand's colours and what can be drawn.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from digest.pictures.fonts import font_for, needs_shaping

WIDTH, HEIGHT = 1200, 630
MARGIN, BAR = 72, 18
HEADLINE_SIZES = (72, 64, 56, 50, 44)
MOST_LINES = 4
NAME_SIZE, DATE_SIZE, SITE_SIZE = 40, 30, 30
CLOSING = frozenset(",.;:!?)]}»”’、。，．！？；：）」』】〉》…%％")  # noqa: RUF001 - signs of Chinese and Japanese are meant
"""Characters that may not begin a line."""
LINE = 1.25
MOST_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The texts and colours of a card. Colours are ``#rrggbb``; ``rtl``: the texts are read from right to left."""

    edition: str
    date: str
    headline: str
    site: str
    rtl: bool
    ground: str
    bar: str
    ink: str
    quiet: str
    fonts: tuple[str, ...] = ()
    """Font files that are tried before those of this machine."""


@lru_cache(maxsize=MOST_KEPT)
def draw(card: Card) -> bytes:
    """Return the card as a PNG of WIDTH x HEIGHT pixels. The last MOST_KEPT pictures are cached."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), card.ground)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, BAR), fill=card.bar)
    top = MARGIN
    top += _line(pen, card, card.edition, NAME_SIZE, top, card.bar)
    top += _line(pen, card, card.date, DATE_SIZE, top, card.quiet)
    bottom = HEIGHT - MARGIN - round(SITE_SIZE * LINE)
    _line(pen, card, card.site, SITE_SIZE, bottom, card.quiet)
    _headline(pen, card, top + 24, bottom - 24)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _line(pen: ImageDraw.ImageDraw, card: Card, text: str, size: int, top: int, colour: str) -> int:
    """Draw one line of text at ``top``, cut to the width.

    Return its height in pixels; 0 when no font can show the text.
    """
    font = font_for(text, size, card.fonts) if text else None
    if font is None:
        return 0
    lines = _wrapped(text, font, most=1)
    _write(pen, card, lines[0], font, top, colour)
    return round(size * LINE)


def _headline(pen: ImageDraw.ImageDraw, card: Card, top: int, bottom: int) -> None:
    """Draw the headline between ``top`` and ``bottom``, in the largest size in which it fits.

    When it fits in no size, it is drawn in the smallest one and cut at MOST_LINES.
    """
    fonts = [font for size in HEADLINE_SIZES if (font := font_for(card.headline, size, card.fonts))]
    for font in fonts:
        height = round(font.size * LINE)
        most = min(MOST_LINES, (bottom - top) // height)
        lines = _wrapped(card.headline, font, most=most)
        if not lines[-1].endswith("…") or font is fonts[-1]:
            at = top + (bottom - top - height * len(lines)) // 2
            for number, line in enumerate(lines):
                _write(pen, card, line, font, at + number * height, card.ink)
            return


def _write(
    pen: ImageDraw.ImageDraw, card: Card, text: str, font: ImageFont.FreeTypeFont, top: int, colour: str
) -> None:
    direction = ("rtl" if card.rtl else "ltr") if needs_shaping(text) else None
    place, anchor = ((WIDTH - MARGIN, top), "ra") if card.rtl else ((MARGIN, top), "la")
    pen.text(place, text, fill=colour, font=font, anchor=anchor, direction=direction)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    """Return a text as at most ``most`` lines that fit the card's width.

    A text that is longer is cut, with an ellipsis.
    """
    room, lines, line = WIDTH - 2 * MARGIN, [], ""
    for piece in _pieces(text):
        longer = line + piece
        if line and font.getlength(longer.strip()) > room:
            lines.append(line.strip())
            line = piece
        else:
            line = longer
    lines.append(line.strip())
    kept = lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]
    return [line if font.getlength(line) <= room else _cut(line.rstrip("…"), font, room) for line in kept]


def _cut(line: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1].rstrip()
    return f"{line}…"


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line may break: words with their space, or single wide characters."""
    piece = ""
    for at, sign in enumerate(text):
        piece += sign
        following: Sequence[str] = text[at + 1 : at + 2]
        if sign.isspace() or (_wide(sign) and following and following[0] not in CLOSING):
            yield piece
            piece = ""
    if piece:
        yield piece


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in {"W", "F"}

"""Finds a font that has every character of a text: one that the operator names, or one of this machine.

The program carries no font. Debian's ``fonts-dejavu-core`` has the Latin, Greek, Cyrillic and Arabic characters,
``fonts-noto-cjk`` has the Chinese, Japanese and Korean ones.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from PIL import ImageFont, features

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
NAMES = (
    "DejaVuSerif-Bold.ttf",
    "NotoSerif-Bold.ttf",
    "LiberationSerif-Bold.ttf",
    "DejaVuSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSerifCJK-Bold.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSansDevanagari-Bold.ttf",
)
"""File names of the fonts that are looked for on this machine, the preferred one first."""
NOWHERE = "\U0010ffff"
"""A code point that no font has. A font draws its sign for missing characters instead."""
TRIED = 24
"""The font size, in pixels, at which a character is compared with the sign for missing characters."""


def font_for(text: str, size: int, own: Sequence[str] = ()) -> ImageFont.FreeTypeFont | None:
    """Return a font of ``size`` pixels that has a glyph for every character of a text; None when there is none.

    ``own`` are font files that are tried first. Scripts whose characters join or are reordered, such as Arabic, need
    the raqm library; without it the result is None.
    """
    if needs_shaping(text) and not can_shape():
        return None
    signs = frozenset(sign for sign in text if unicodedata.category(sign)[0] not in "ZC" and not _combines(sign))
    for file in (*own, *_on_this_machine()):
        if _has(file, signs):
            return ImageFont.truetype(file, size)
    return None


def needs_shaping(text: str) -> bool:
    """Return whether a text has characters that join, change their place, or are written from right to left."""
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} or unicodedata.category(sign) == "Mc" for sign in text)


@cache
def can_shape() -> bool:
    """Return whether Pillow can draw scripts such as Arabic, whose characters join or run from right to left."""
    return bool(features.check("raqm") and features.check("fribidi"))


def _combines(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Mc", "Me"}


@cache
def _on_this_machine() -> tuple[str, ...]:
    found = {path.name: str(path) for folder in FOLDERS for path in _files(Path(folder)) if path.name in NAMES}
    return tuple(found[name] for name in NAMES if name in found)


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names)


@cache
def _opened(file: str) -> tuple[ImageFont.FreeTypeFont, tuple[tuple[int, int], bytes]] | None:
    """Return the font of a file, and its sign for missing characters (size and pixels). None when it is no font."""
    try:
        font = ImageFont.truetype(file, TRIED, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return None
    return font, _drawn(font, NOWHERE)


def _drawn(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


def _has(file: str, signs: frozenset[str]) -> bool:
    opened = _opened(file)
    if opened is None:
        return False
    font, missing = opened
    return all(drawn != missing and any(drawn[1]) for drawn in (_drawn(font, sign) for sign in signs))

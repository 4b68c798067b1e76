"""Draws a picture of plain polygons."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

QUALITY = 80
"""JPEG quality, 1 to 95."""
Shape = tuple[str, Sequence[tuple[int, int]]]
"""A colour such as ``#b9cfdd``, and the corners of a polygon in pixels."""


def polygons(width: int, height: int, ground: str, shapes: Iterable[Shape]) -> bytes:
    """Return a JPEG of ``width`` x ``height`` pixels: polygons on a background of the colour ``ground``.

    Later shapes cover earlier ones.
    """
    picture = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(picture)
    for colour, corners in shapes:
        pen.polygon(list(corners), fill=colour)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()

"""A stranger's picture -> one that fits the letter: its size, its weight, and nothing of what else the file held."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError, features

from digest.errors import BadPicture

WIDTH, HEIGHT = 1104, 580
"""Twice the 552 x 290 pixels that the letter shows: sharp on the screens of phones."""
LEAST_WIDTH = WIDTH // 2
"""Narrower ones would be blown up; a tracker has one pixel."""
MOST_BYTES = 120_000
MOST_PIXELS = 40_000_000
"""Of the file as it came: 120 MB decoded."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", *(("AVIF",) if features.check("avif") else ()))
QUALITIES = (82, 74, 66, 58, 50, 42, 34)
WEIGHT = 1 / 3
"""Where a picture that is too high is cut: two thirds below, since faces stand above the middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A JPEG of the letter's proportions, without metadata."""

    data: bytes
    width: int
    height: int


def fit(data: bytes) -> Fitted:
    """Return the picture in ``data`` cut to the letter's proportions, at most WIDTH x HEIGHT and MOST_BYTES.

    Raises BadPicture, with the reason, for what is no picture, too small, too large, or cannot be made light enough.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")  # Pillow's remarks on broken metadata, which we drop
            _judge(*opened.size)
            opened.draft("RGB", (WIDTH, HEIGHT))  # a JPEG is decoded at a half or a quarter when that is enough
            upright = ImageOps.exif_transpose(_in_eight_bits(opened))
            return _written(_cut(_opaque(upright)))
    except UnidentifiedImageError:
        raise BadPicture("not a JPEG, PNG, WebP, GIF or AVIF") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture(f"it cannot be decoded: {error}") from error


def _judge(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadPicture(f"{width} x {height} pixels are too many")
    if min(width, height * WIDTH // HEIGHT) < LEAST_WIDTH:
        raise BadPicture(f"{width} x {height} pixels are too few")


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits in 8: converted as it is, whatever is lighter than 1/256 would be white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _opaque(picture: Image.Image) -> Image.Image:
    """Return it in plain colours; what is transparent stands on white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers).convert("RGB")


def _cut(picture: Image.Image) -> Image.Image:
    width = min(WIDTH, picture.width, picture.height * WIDTH // HEIGHT)
    size = (width, round(width * HEIGHT / WIDTH))
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, WEIGHT))


def _written(picture: Image.Image) -> Fitted:
    """Return the best JPEG that is light enough: coarser at first, then smaller, since noise does not compress."""
    for shrunk in (picture, picture.resize((LEAST_WIDTH, LEAST_WIDTH * HEIGHT // WIDTH), Image.Resampling.LANCZOS)):
        for quality in QUALITIES:
            out = io.BytesIO()
            shrunk.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= MOST_BYTES:
                return Fitted(data=out.getvalue(), width=shrunk.width, height=shrunk.height)
    raise BadPicture(f"more than {MOST_BYTES:,} bytes at the lowest quality")

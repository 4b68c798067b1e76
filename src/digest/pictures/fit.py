"""Convert a picture from another site to the size of the letter's pictures, and drop its metadata."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError, features

from digest.errors import BadPicture

WIDTH, HEIGHT = 1104, 580
"""Twice the 552 x 290 pixels that the letter shows, for sharp pictures on phones."""
LEAST_WIDTH = WIDTH // 2
"""Narrower pictures are refused: they would have to be enlarged. A tracking pixel is one pixel wide."""
MOST_BYTES = 120_000
MOST_PIXELS = 40_000_000
"""Most pixels of the original picture: 120 MB when decoded."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", *(("AVIF",) if features.check("avif") else ()))
QUALITIES = (82, 74, 66, 58, 50, 42, 34)
WEIGHT = 1 / 3
"""The part of the surplus height that is cut at the top; the rest is cut at the bottom, as faces are above the
middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A picture for a letter, as the bytes of its file without metadata, and its size in pixels."""

    data: bytes
    width: int
    height: int


def fit(data: bytes) -> Fitted:
    """Return the picture in ``data`` as a JPEG in the letter's proportions.

    It has at most WIDTH x HEIGHT pixels and MOST_BYTES bytes. Raises BadPicture, with the reason, for data that is no
    picture, too small, too large, or cannot be compressed enough.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")  # Pillow's warnings about broken metadata, which is dropped
            _judge(*opened.size)
            opened.draft("RGB", (WIDTH, HEIGHT))  # decode a JPEG at half or quarter size when that is enough
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
    """Return a 16-bit grey picture with 8 bits, any other one unchanged.

    Pillow's own conversion makes nearly all white.
    """
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _opaque(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; transparent areas become white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers).convert("RGB")


def _cut(picture: Image.Image) -> Image.Image:
    width = min(WIDTH, picture.width, picture.height * WIDTH // HEIGHT)
    size = (width, round(width * HEIGHT / WIDTH))
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, WEIGHT))


def _written(picture: Image.Image) -> Fitted:
    """Return the best JPEG of at most MOST_BYTES: first with lower quality, then smaller.

    Raises BadPicture if none fits.
    """
    for shrunk in (picture, picture.resize((LEAST_WIDTH, LEAST_WIDTH * HEIGHT // WIDTH), Image.Resampling.LANCZOS)):
        for quality in QUALITIES:
            out = io.BytesIO()
            shrunk.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= MOST_BYTES:
                return Fitted(data=out.getvalue(), width=shrunk.width, height=shrunk.height)
    raise BadPicture(f"more than {MOST_BYTES:,} bytes at the lowest quality")

"""Convert the logo of a brand: small enough for a letter's header, and visible on a light and on a dark background."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageStat, UnidentifiedImageError

from digest.errors import BadPicture
from digest.pictures.fit import MOST_PIXELS, Fitted

WIDTH, HEIGHT = 640, 80
"""Twice the 320 x 40 pixels that the header shows at most."""
LEAST = 16
MOST_BYTES = 60_000
FORMATS = ("PNG", "JPEG", "WEBP")
DARKEST, LIGHTEST = 0.142, 0.30
"""A logo of a luminance between these has a contrast of 3 with the white and with the dark background.

WCAG 2.2, 1.4.11, asks for this contrast.
"""
WHITE, DARK = "#ffffff", "#1a202b"
MARGIN = 12
SEEN = 128
"""Pixels with less opacity (of 255) do not count when the luminance of a logo is measured."""


def fit_logo(data: bytes) -> Fitted:
    """Return the logo in ``data`` as a PNG of at most WIDTH x HEIGHT pixels and MOST_BYTES bytes.

    A logo with transparent parts that would be hard to see on the letter's light or dark background gets a background
    of its own, white or dark. Raises BadPicture, with the reason.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")  # Pillow's warnings about broken metadata, which is dropped
            if opened.width * opened.height > MOST_PIXELS or min(opened.size) < LEAST:
                raise BadPicture(f"{opened.width} x {opened.height} pixels are too many or too few")
            logo = opened.convert("RGBA")
    except UnidentifiedImageError:
        raise BadPicture("not a PNG, JPEG or WebP") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture(f"it cannot be decoded: {error}") from error
    logo.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return _written(_grounded(logo))


def _grounded(logo: Image.Image) -> Image.Image:
    alpha = logo.getchannel("A")
    if alpha.getextrema()[0] == 255:  # noqa: PLR2004 - opaque everywhere
        return logo
    luminance = _luminance(logo, alpha)
    if DARKEST <= luminance <= LIGHTEST:
        return logo
    logo.thumbnail((WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN), Image.Resampling.LANCZOS)
    plate = Image.new(
        "RGBA", (logo.width + 2 * MARGIN, logo.height + 2 * MARGIN), WHITE if luminance < DARKEST else DARK
    )
    plate.alpha_composite(logo, (MARGIN, MARGIN))
    return plate


def _luminance(logo: Image.Image, alpha: Image.Image) -> float:
    """Return the mean relative luminance of the visible pixels, from 0 (black) to 1 (white); see WCAG 2.2.

    ``alpha`` is the opacity of the pixels. Raises BadPicture when no pixel is visible.
    """
    mask = alpha.point(lambda value: 255 if value >= SEEN else 0)
    if mask.getbbox() is None:
        raise BadPicture("it is transparent everywhere")
    means = ImageStat.Stat(logo.convert("RGB"), mask).mean
    red, green, blue = (_linear(mean / 255) for mean in means)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def _written(logo: Image.Image) -> Fitted:
    out = io.BytesIO()
    logo.save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        out = io.BytesIO()
        logo.quantize(256, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise BadPicture(f"more than {MOST_BYTES:,} bytes as a PNG of {logo.width} x {logo.height} pixels")
    return Fitted(data=out.getvalue(), width=logo.width, height=logo.height)

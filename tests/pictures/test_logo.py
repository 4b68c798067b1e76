"""A logo: small enough for a header, and visible on light and on dark ground."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from digest.errors import BadPicture
from digest.pictures.logo import DARK, HEIGHT, MARGIN, WIDTH, fit_logo


def logo(size: tuple[int, int], colour: str, ground: str | None = None) -> bytes:
    """Return a PNG with a bar of a colour on a ground, or on nothing."""
    made = Image.new("RGBA", size, ground or (0, 0, 0, 0))
    made.paste(colour, (size[0] // 8, size[1] // 4, size[0] // 8 * 7, size[1] // 4 * 3))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(fit_logo(data).data)).convert("RGBA")


def test_a_logo_is_made_small_and_keeps_its_proportions() -> None:
    made = fit_logo(logo((2000, 500), "#7a1f1f", "#ffffff"))
    assert (made.width, made.height) == (HEIGHT * 4, HEIGHT)
    assert fit_logo(logo((4000, 400), "#7a1f1f", "#ffffff")).width == WIDTH


@pytest.mark.parametrize(("colour", "plate"), [("#101418", "#ffffff"), ("#f5f1e6", DARK)])
def test_a_logo_that_one_of_both_grounds_would_swallow_gets_a_plate(colour: str, plate: str) -> None:
    made = opened(logo((400, 100), colour))
    assert made.getpixel((0, 0)) == Image.new("RGBA", (1, 1), plate).getpixel((0, 0))
    assert made.width == 400 + 2 * MARGIN or made.width <= WIDTH


def test_a_logo_that_both_grounds_show_stays_as_it_is() -> None:
    assert opened(logo((400, 100), "#c0392b")).getpixel((0, 0)) == (0, 0, 0, 0)
    assert opened(logo((400, 100), "#101418", "#ffeecc")).getpixel((0, 0)) == (255, 238, 204, 255)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg/>", "not a PNG, JPEG or WebP"),
        (logo((8, 8), "red"), "too few"),
        (logo((64, 64), "#00000000"), "transparent"),
    ],
)
def test_what_is_no_logo_says_why(data: bytes, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        fit_logo(data)

"""Strangers' pictures: what fits is made light, what does not is refused with the reason."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from digest.errors import BadPicture
from digest.pictures.fit import HEIGHT, MOST_BYTES, WIDTH, fit


def drawn(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """Return a picture with a gradient in it, so that it compresses like a photograph and not like a flag."""
    picture = Image.linear_gradient("L").resize((width, height)).convert(mode)
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P")]
)
def test_every_usual_format_becomes_a_jpeg_of_the_letters_size(kind: str, mode: str) -> None:
    made = fit(drawn(2000, 1500, kind, mode))
    picture = opened(made.data)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (WIDTH, HEIGHT))
    assert (made.width, made.height) == (WIDTH, HEIGHT)


def test_a_grey_picture_of_sixteen_bits_keeps_its_shades() -> None:
    shades = Image.linear_gradient("L").resize((1200, 900)).convert("I").point(lambda value: value * 257.0)
    out = io.BytesIO()
    shades.convert("I;16").save(out, "PNG")
    shown = opened(fit(out.getvalue()).data).convert("L").histogram()
    assert sum(shown[100:150]) > sum(shown) / 8
    assert sum(shown[251:]) == 0


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow was built without AVIF")
def test_avif_becomes_a_jpeg_too() -> None:
    assert opened(fit(drawn(2000, 1500, "AVIF")).data).format == "JPEG"


@pytest.mark.slow
def test_noise_that_compresses_badly_is_made_light_all_the_same() -> None:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "PNG")
    assert len(fit(out.getvalue()).data) <= MOST_BYTES


def test_a_picture_between_the_sizes_is_not_blown_up() -> None:
    made = fit(drawn(800, 1200))
    assert (made.width, made.height) == (800, 420)


@pytest.mark.parametrize(
    ("size", "why"),
    [((1, 1), "too few"), ((551, 2000), "too few"), ((3000, 280), "too few"), ((9000, 9000), "too many")],
)
def test_trackers_small_ones_and_huge_ones_are_refused(size: tuple[int, int], why: str) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG", compress_level=1)  # its size alone counts: one colour is drawn at once
    with pytest.raises(BadPicture, match=why):
        fit(out.getvalue())


def test_what_a_file_holds_beside_the_picture_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 52.1N 4.3E by the editor's neighbour"
    data = fit(drawn(1200, 700, exif=exif.tobytes())).data
    assert b"neighbour" not in data
    assert not opened(data).getexif()


def test_a_picture_that_lies_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees to show it
    made = fit(drawn(1400, 900, exif=exif.tobytes()))
    assert (made.width, made.height) == (900, 473)


def test_what_is_transparent_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (1200, 700), (0, 0, 0, 0)).save(out, "PNG")
    darkest, _ = opened(fit(out.getvalue()).data).convert("L").getextrema()
    assert darkest > 250  # type: ignore[operator]  # of one band, a number


@pytest.mark.parametrize("cut", [30, 300, 3000])
def test_half_a_file_is_refused(cut: int) -> None:
    with pytest.raises(BadPicture):
        fit(drawn(1600, 1200)[:cut])


@given(st.binary(max_size=200), st.integers(0, 400))
def test_whatever_the_bytes_only_one_error_leaves_the_room(noise: bytes, place: int) -> None:
    good = drawn(600, 320, "PNG", "L")
    for data in (noise, good[:place] + noise + good[place + len(noise) :]):
        with contextlib.suppress(BadPicture):
            assert fit(data).width == 600

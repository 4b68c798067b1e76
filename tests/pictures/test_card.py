"""The picture card of a letter: every text that a font has, and nothing in place of one that no font has."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from digest.pictures import card as cards
from digest.pictures.card import BAR, HEIGHT, MARGIN, WIDTH, Card, draw
from digest.pictures.fonts import can_shape, font_for, needs_shaping

PLAIN = Card(
    edition="Morning Update",
    date="Monday, 23 November 2026",
    headline="Norrhaven votes to build the tidal barrier after eleven years of delay",
    site="The Norrhaven Courier",
    rtl=False,
    ground="#ffffff",
    bar="#14213d",
    ink="#14213d",
    quiet="#414b59",
)
NO_FONT = "\U00013000\U00013001"
"""Egyptian hieroglyphs: none of the fonts has them."""
with_font = pytest.mark.skipif(font_for("Norr", 30) is None, reason="this machine has none of the fonts")


def opened(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(draw(card))).convert("RGB")


def inked(card: Card) -> tuple[int, int, int, int] | None:
    """Return the box of what is drawn below the bar."""
    below = opened(card).crop((0, BAR + 1, WIDTH, HEIGHT))
    return ImageChops.difference(below, Image.new("RGB", below.size, card.ground)).getbbox()


def test_a_card_has_its_size_and_the_brands_bar() -> None:
    made = opened(PLAIN)
    assert made.size == (WIDTH, HEIGHT)
    assert made.getpixel((WIDTH // 2, 2)) == (0x14, 0x21, 0x3D)
    assert len(draw(PLAIN)) < 60_000


@with_font
def test_texts_stay_within_the_margins_however_long_they_are() -> None:
    for headline in (PLAIN.headline, "Kurz", "Sehr lange Überschrift " * 40, "Unteilbarkeitswort" * 30):
        box = inked(replace(PLAIN, headline=headline, edition="Die Ausgabe " * 20))
        assert box is not None
        assert box[0] >= MARGIN - 6
        assert box[2] <= WIDTH - MARGIN + 6


@with_font
def test_a_text_without_a_font_is_left_out_and_the_brand_stays() -> None:
    bare = replace(PLAIN, headline="", site=PLAIN.site)
    assert draw(replace(PLAIN, headline=NO_FONT)) == draw(bare)
    assert inked(replace(PLAIN, headline=NO_FONT, edition=NO_FONT, date=NO_FONT, site=NO_FONT)) is None


@with_font
@pytest.mark.skipif(not can_shape() or font_for("مرحبا", 30) is None, reason="no font or no shaping for Arabic here")
def test_a_text_from_right_to_left_is_on_the_right() -> None:
    box = inked(replace(PLAIN, rtl=True, edition="موجز الصباح", date="", site="", headline="مجلس المدينة"))
    assert box is not None
    assert box[2] >= WIDTH - MARGIN - 6
    assert box[0] > WIDTH // 3


def test_arabic_needs_shaping_and_latin_and_japanese_do_not() -> None:
    assert needs_shaping("مرحبا")
    assert not needs_shaping("Grüße, 日本")


@with_font
def test_a_named_font_comes_first_and_a_missing_file_is_passed_over() -> None:
    usual = font_for("Norr", 30)
    assert usual is not None
    assert font_for("Norr", 30, own=("/nowhere/none.ttf", str(usual.path))) is not None


@with_font
def test_wide_signs_break_anywhere_but_before_closing_ones() -> None:
    pieces = list(cards._pieces("日本、語"))
    assert pieces == ["日", "本、", "語"]
    assert list(cards._pieces("a b")) == ["a ", "b"]

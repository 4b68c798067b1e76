from __future__ import annotations

from dataclasses import asdict

import pytest

from digest.errors import SettingsError
from digest.render.palette import DARK, EVENING, GOOD, MORNING, READABLE, Colours, contrast, dark_twin, palette
from digest.settings import BrandSettings


@pytest.mark.parametrize("colours", [MORNING.light, MORNING.dark, EVENING.light, EVENING.dark])
def test_every_text_of_ours_has_a_contrast_of_seven(colours: Colours) -> None:
    for name in ("ink", "headline", "meta", "label", "link"):
        for ground in (colours.page, colours.card):
            assert contrast(asdict(colours)[name], ground) >= 7, name
    assert contrast(colours.bar_text, colours.bar) >= 7


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_an_accent_takes_the_text_that_can_be_read_on_it() -> None:
    brand = BrandSettings(accent="#7a1f1f", accent_dark="#ffd166")
    made = palette(brand, evening=False)
    assert (made.light.bar, made.light.bar_text) == ("#7a1f1f", "#ffffff")
    assert (made.dark.bar, made.dark.bar_text) == ("#ffd166", "#111111")
    assert made.light.ink == MORNING.light.ink


def test_accents_that_cannot_be_seen_are_all_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        palette(BrandSettings(accent="#eeeeee", accent_dark="red;}"), evening=True)
    first, second = caught.value.problems
    assert first.startswith("brand.accent: #eeeeee on #ffffff has a contrast of 1.2")
    assert second == "brand.accent_dark: 'red;}' is not a colour like #14213d"


@pytest.mark.parametrize("colour", ["#7a1f1f", "#000000", "#1f4d3a", "#14213d", "#5a2a82", "#767676"])
def test_a_dark_twin_can_be_read_on_the_dark_card_and_keeps_its_hue(colour: str) -> None:
    made = dark_twin(colour, DARK.card)
    assert contrast(made, DARK.card) >= GOOD
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if max(red, green, blue) - min(red, green, blue) > 40:
        strongest = max(range(3), key=(red, green, blue).__getitem__)
        shades = [int(made[at : at + 2], 16) for at in (1, 3, 5)]
        assert shades[strongest] == max(shades)


def test_a_brand_sets_its_colours_and_their_dark_twins_follow() -> None:
    brand = BrandSettings(
        accent="#1f4d3a",
        headline_colour="#143026",
        label_colour="#8a3b12",
        link_colour="#0b5d4b",
        page_colour="#eef2ea",
    )
    made = palette(brand, evening=False)
    assert (made.light.bar, made.light.headline, made.light.page) == ("#1f4d3a", "#143026", "#eef2ea")
    for name in ("bar", "headline", "label", "link"):
        assert contrast(getattr(made.dark, name), made.dark.card) >= GOOD
    assert contrast(made.dark.bar, made.dark.bar_text) >= READABLE
    assert made.dark.page == DARK.page


def test_colours_that_cannot_be_read_are_all_told_at_once() -> None:
    brand = BrandSettings(headline_colour="#dddddd", label_colour="blue", page_colour="#222222")
    with pytest.raises(SettingsError) as caught:
        palette(brand, evening=False)
    first, second, third = caught.value.problems
    assert first.startswith("brand.headline_colour: #dddddd and #ffffff have a contrast of 1.")
    assert second == "brand.label_colour: 'blue' is not a colour like #14213d"
    assert third.startswith("brand.page_colour: #222222 and #1f2933")

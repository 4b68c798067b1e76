from __future__ import annotations

from dataclasses import asdict

import pytest

from digest.errors import SettingsError
from digest.render.palette import EVENING, MORNING, Colours, contrast, palette
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

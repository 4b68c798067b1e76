"""The letters in a real browser: nothing wider than the screen, everything readable, open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from tests.browser import opened_chromium, violations
from tests.letters.editions import Sample, full_morning, samples
from tests.letters.looks import all_on, arabic_with_blocks, looks, second_brand

pytestmark = pytest.mark.slow
DATE = datetime(2026, 11, 23, 5, tzinfo=UTC)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SPOKEN = tuple(sample for sample in looks() if sample.name in {"language-ja", "language-pl"})
TRIED = (*samples(), all_on(), second_brand(), arabic_with_blocks(), *SPOKEN)
JUDGED_WIDE = {"full-morning", "full-evening", "all-on"}
"""Letters that axe-core sees on a desktop too: there they differ from the phone's in paddings and one size only."""
LOWEST_CONTRAST = """() => {
  const part = v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 };
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const light = c => .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length == 3 || c[3] > 0) return c } return [255, 255, 255] };
  let least = 21, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || getComputedStyle(e).display == 'none' || !e.offsetParent) continue;
    const a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)) }
  return least }"""


@pytest.fixture(scope="module")
def browser(chromium_address: str) -> Iterator[Any]:
    with opened_chromium(chromium_address) as chromium:
        yield chromium


def html_of(sample: Sample) -> str:
    return sample.rendered(DATE).html


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """Give a page without a network, so that pictures do not come.

    One for all letters: a page for each, with axe-core loaded anew, takes half as long as what is judged.
    """
    opened = browser.new_page(offline=True)
    yield opened
    opened.close()


@pytest.mark.parametrize("sample", TRIED, ids=lambda sample: sample.name)
def test_a_letter_fits_every_screen_can_be_read_and_keeps_nobody_out(page: Any, sample: Sample) -> None:
    page.set_content(html_of(sample))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in (320, 640, 375):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
            if width == 375 or (width == 640 and sample.name in JUDGED_WIDE):
                assert violations(page) == [], (scheme, width)
        assert page.evaluate(LOWEST_CONTRAST) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_letter_that_keeps_somebody_out_is_found(page: Any, scheme: str) -> None:
    html = html_of(Sample(name="spoilt", edition=full_morning()))
    spoilt = '<p class="card" style="color:#808080">pale</p><img src="https://x.example/a.jpg"><a href="#story"></a>'
    page.set_content(html.replace("</h1>", f"</h1>{spoilt}", 1))
    page.emulate_media(color_scheme=scheme)
    rules = {line.partition(":")[0] for line in violations(page)}
    assert {"color-contrast", "image-alt", "link-name"} <= rules

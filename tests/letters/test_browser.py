"""The letters in a real browser: nothing wider than the screen, everything readable, light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.letters.editions import BRAND, MAIL, SITE, Sample, samples

from digest.render.letter import render

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
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
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_letter_fits_every_screen_and_can_be_read(browser: Any, sample: Sample) -> None:
    date = datetime(2026, 11, 23, 5, tzinfo=UTC)
    html = render(sample.edition, sample.earlier, SITE, BRAND, MAIL, date=date, picture=sample.picture).html
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.set_content(html)
        for width in (320, 375, 640):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
        assert page.evaluate(LOWEST_CONTRAST) >= 7
        page.close()

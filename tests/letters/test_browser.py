"""The letters in a real browser: nothing wider than the screen, everything readable, open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from tests.browser import opened_chromium, pale, violations
from tests.letters.editions import Sample, full_morning, samples
from tests.letters.looks import named

pytestmark = pytest.mark.slow
DATE = datetime(2026, 11, 23, 5, tzinfo=UTC)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SPOKEN = ("language-ja", "language-pl")
TRIED = (*(sample.name for sample in samples()), "all-on", "second-brand", "arabic-blocks", *SPOKEN)
WIDTHS = (320, 375, 640)
JUDGED = {"light": 375, "dark": 640}
"""The width at which axe-core looks at each scheme: no rule of the style sheet depends on both."""
CONTRASTS = {"all-on", "second-brand"}
"""Letters whose contrast axe-core judges, too: that takes four times as long as its other rules."""
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


@pytest.mark.parametrize("name", TRIED)
def test_a_letter_fits_every_screen_can_be_read_and_keeps_nobody_out(page: Any, name: str) -> None:
    page.set_content(html_of(named(name)))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
            if JUDGED[scheme] == width:
                assert violations(page, contrast=scheme == "light" and name in CONTRASTS) == [], (scheme, width)
        assert page.evaluate(LOWEST_CONTRAST) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_letter_that_keeps_somebody_out_is_found(page: Any, scheme: str) -> None:
    html = html_of(Sample(name="spoilt", edition=full_morning()))
    spoilt = '<p class="card" style="color:#808080">pale</p><img src="https://x.example/a.jpg"><a href="#story"></a>'
    page.set_content(html.replace("</h1>", f"</h1>{spoilt}", 1))
    page.emulate_media(color_scheme=scheme)
    rules = {line.partition(":")[0] for line in violations(page)}
    assert {"color-contrast", "image-alt", "link-name"} <= rules
    assert page.evaluate(LOWEST_CONTRAST) < 4.5


def test_a_text_that_is_pale_because_something_shines_through_is_found(page: Any) -> None:
    page.emulate_media(color_scheme="light")
    page.set_content(
        '<body style="background:#fff;color:#000"><p>dark<p style="color:rgba(0,0,0,.3)">thin'
        '<div style="opacity:.3"><p>faint</div><div style="background:rgba(0,0,0,.5)"><p>on grey</div>'
    )
    assert pale(page) == ["P: thin", "P: faint", "P: on grey"]

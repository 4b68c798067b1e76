"""Take the pictures of docs/gallery.md: each brand of the page, by its settings there, in light and in dark.

    python bench/gallery.py [CHROMIUM]

Needs Debian's Chromium (``/usr/bin/chromium`` unless named) and playwright, which the test extra brings.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import MAIL, QUAY, SITE, arabic, full_evening, full_morning, long_german  # noqa: E402
from tests.letters.languages import in_language  # noqa: E402
from tests.letters.looks import with_pictures  # noqa: E402

from digest.configuration import load  # noqa: E402 - the paths come first
from digest.model.edition import Edition  # noqa: E402
from digest.model.letter import Picture  # noqa: E402
from digest.pictures.logo import fit_logo  # noqa: E402
from digest.render.letter import render  # noqa: E402
from digest.settings import Settings, brand_of, mail_of  # noqa: E402

PAGE = ROOT / "docs" / "gallery.md"
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
WIDTH, HEIGHT, GAP = 375, 760, 12
COLOURS = 48
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def brands() -> Iterator[Settings]:
    """Yield the settings of each brand on the page."""
    for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "digest.toml"
            file.write_text(text, encoding="utf-8")
            yield load(file, {})


def day_of(settings: Settings) -> tuple[str, Edition]:
    """Return the edition that shows a brand, and its name in the settings."""
    name = "evening" if "evening" in settings.editions and settings.editions["evening"].brand.accent else "morning"
    plan = settings.editions[name]
    made = {"de": long_german(), "ar": arabic(), "es": in_language("es")}.get(plan.language)
    return name, made or (full_evening() if name == "evening" else full_morning())


def harbour() -> bytes:
    """Draw an invented photograph: a low sun over a harbour."""
    made = Image.new("RGB", (1104, 580))
    pen = ImageDraw.Draw(made)
    for y in range(580):
        part = y / 580
        pen.line((0, y, 1104, y), fill=(round(120 + 110 * part), round(150 + 40 * part), round(190 - 60 * part)))
    pen.ellipse((700, 210, 830, 340), fill=(250, 214, 150))
    pen.rectangle((0, 330, 1104, 580), fill=(52, 84, 110))
    pen.polygon(((120, 330), (200, 180), (212, 330)), fill=(235, 230, 220))
    pen.polygon(((80, 330), (270, 330), (240, 372), (110, 372)), fill=(70, 50, 44))
    pen.rectangle((880, 250, 1104, 332), fill=(38, 48, 58))
    out = io.BytesIO()
    made.save(out, "JPEG", quality=80)
    return out.getvalue()


def logo() -> bytes:
    """Draw an invented logo: three waves and a bar."""
    made = Image.new("RGBA", (560, 112))
    pen = ImageDraw.Draw(made)
    for at, colour in ((0, "#9a5b00"), (1, "#c98a1b"), (2, "#1d4e89")):
        pen.arc((10 + 60 * at, 20, 110 + 60 * at, 120), 180, 360, fill=colour, width=18)
    pen.text((270, 24), "La Ribera", fill="#9a5b00", font_size=64)
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def taken(browser: Browser, html: str, scheme: str, pictures: dict[str, bytes]) -> Image.Image:
    """Return the first screen of a letter."""

    def answer(route: Route) -> None:
        end = route.request.url.rpartition(".")[2]
        route.fulfill(body=pictures.get(end, b""), content_type={"jpg": "image/jpeg", "png": "image/png"}.get(end, ""))

    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.route("**/*", answer)
    page.route(
        "https://letter.example/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
    )
    page.goto("https://letter.example/")
    shot = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    return shot.convert("RGB")


def letter_in(settings: Settings, mark: Picture) -> str:
    """Return the HTML of a brand's letter."""
    name, edition = day_of(settings)
    plan, (day, _) = settings.editions[name], with_pictures(edition)
    brand = brand_of(settings.brand, plan)
    made = render(
        day,
        full_morning() if edition.earlier else None,
        SITE,
        brand,
        mail_of(MAIL, plan),
        date=NOW,
        greeting=plan.greeting,
        picture=QUAY,
        logo=mark if brand.logo else None,
    )
    return made.html


def main() -> None:
    """Take the pictures."""
    browser_path = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    mark = fit_logo(logo())
    hung = Picture(name="0" * 64, width=mark.width, height=mark.height)
    pictures = {"jpg": harbour(), "png": mark.data}
    folder = PAGE.parent / "gallery"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(QUIET))
        for number, settings in enumerate(brands(), start=1):
            html = letter_in(settings, hung)
            both = Image.new("RGB", (2 * WIDTH + GAP, HEIGHT), "#888888")
            for place, scheme in enumerate(("light", "dark")):
                both.paste(taken(browser, html, scheme, pictures), (place * (WIDTH + GAP), 0))
            both.quantize(COLOURS).save(folder / f"{number}.png", optimize=True)
            print(folder / f"{number}.png")
        browser.close()


if __name__ == "__main__":
    main()

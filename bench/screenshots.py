"""Take the pictures of the demo's letters: the README's, and every view of morning and evening in docs/letters.

    python bench/screenshots.py [CHROMIUM]

Needs Debian's Chromium (``/usr/bin/chromium`` unless named) and playwright, which the test extra brings.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from digest.demo.run import run_demo
from digest.pipeline.progress import unseen

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCREEN = 1000
WIDTHS = (375, 640)
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def take(browser: Browser, letter: Path, width: int, scheme: str, picture: Path, *, whole: bool) -> None:
    """Write one view of a letter: all of it, or its first screenful."""
    page = browser.new_page(
        viewport={"width": width, "height": SCREEN}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.goto(letter.resolve().as_uri())
    page.screenshot(path=picture, full_page=whole)
    page.close()
    print(picture)


def main() -> None:
    """Run the demo and take the pictures."""
    browser_path = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        letters = run_demo(Path(folder), unseen).html_files
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=list(QUIET))
            take(browser, letters[0], WIDTHS[-1], "light", DOCS / "letter.png", whole=False)
            for letter, width, scheme in product(letters, WIDTHS, ("light", "dark")):
                picture = DOCS / "letters" / f"{letter.stem}-{width}-{scheme}.png"
                take(browser, letter, width, scheme, picture, whole=True)
            browser.close()


if __name__ == "__main__":
    main()

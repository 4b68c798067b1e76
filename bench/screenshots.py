"""Take the pictures of docs: the demo's letters, every view of them in docs/letters, and the public front page.

    python bench/screenshots.py [CHROMIUM]

Needs Debian's Chromium (``/usr/bin/chromium`` unless named) and playwright, which the test extra brings.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import samples  # noqa: E402 - after the path
from tests.web.sites import Site  # noqa: E402

from digest.demo.run import run_demo  # noqa: E402
from digest.pipeline.progress import unseen  # noqa: E402
from digest.web.listen import Listener  # noqa: E402

DOCS = ROOT / "docs"
SCREEN = 1000
WIDTHS = (375, 640)
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def take(browser: Browser, address: str, width: int, scheme: str, picture: Path, *, whole: bool) -> None:
    """Write one view of a page: all of it, or its first screenful."""
    page = browser.new_page(
        viewport={"width": width, "height": SCREEN}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.goto(address)
    page.screenshot(path=picture, full_page=whole)
    page.close()
    print(picture)


@contextmanager
def front_page(folder: Path) -> Iterator[str]:
    """Serve the public pages of an invented paper; give the address of the first."""
    site = Site(folder)
    site.send(samples()[0].edition)
    with Listener(site.app(), "127.0.0.1", 0).in_background() as listener:
        yield listener.url
    site.database.close()


def main() -> None:
    """Run the demo and take the pictures."""
    browser_path = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        letters = run_demo(Path(folder), unseen).html_files
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=list(QUIET))
            take(browser, letters[0].as_uri(), WIDTHS[-1], "light", DOCS / "letter.png", whole=False)
            for letter, width, scheme in product(letters, WIDTHS, ("light", "dark")):
                picture = DOCS / "letters" / f"{letter.stem}-{width}-{scheme}.png"
                take(browser, letter.as_uri(), width, scheme, picture, whole=True)
            with front_page(Path(folder)) as address:
                take(browser, address, WIDTHS[-1], "light", DOCS / "site.png", whole=True)
            browser.close()


if __name__ == "__main__":
    main()

"""Take the README's picture of a letter: the demo's morning, 640 px wide, its first screenful.

    python bench/screenshots.py [CHROMIUM]

Needs Debian's Chromium (``/usr/bin/chromium`` unless named) and playwright, which the test extra brings.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from digest.demo.run import run_demo
from digest.pipeline.progress import unseen

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "letter.png"
WIDTH, HEIGHT = 640, 1000
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def main() -> None:
    """Run the demo and take the picture."""
    browser_path = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        report = run_demo(Path(folder), unseen)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=list(QUIET))
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(report.html_files[0].resolve().as_uri())
            page.screenshot(path=PICTURE)
            browser.close()
    print(PICTURE)


if __name__ == "__main__":
    main()

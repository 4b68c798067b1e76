"""A real browser for tests: Debian's Chromium, and axe-core's judgement of what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def opened_chromium() -> Iterator[Any]:
    """Give a running Chromium; skips where there is none."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine")
    with driver.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


def violations(page: Any) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA on a page, one line for each element.

    Frames are not looked into: what they show is judged on a page of its own.
    """
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    if page.evaluate("typeof axe") == "undefined":  # half a megabyte: once a page, whatever its size and scheme
        page.evaluate(axe.AXE_SCRIPT)
    how = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "iframes": False}
    found = page.evaluate("async how => (await axe.run(document, how)).violations", how)
    return [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]

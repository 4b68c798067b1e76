"""A real browser for tests: Debian's Chromium, and axe-core's judgement of what it shows."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-popup-blocking"),
    *("--disable-back-forward-cache", "--disable-field-trial-config", "--disable-breakpad", "--disable-default-apps"),
    *("--disable-component-extensions-with-background-pages", "--metrics-recording-only", "--password-store=basic"),
    *("--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-port=0"),
)
SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
"""Debian's Chromium without windows: the same engine for half of the CPU. Its script in the PATH outlives its end."""
START_SECONDS = 120
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PALE = """least => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const over = (top, alpha, below) => below.map((value, n) => top[n] * alpha + value * (1 - alpha));
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = node => {
    if (!node) return [255, 255, 255];
    const [r, g, b, alpha = 1] = parts(getComputedStyle(node).backgroundColor);
    return alpha === 1 ? [r, g, b] : over([r, g, b], alpha, ground(node.parentElement));
  };
  const opacity = node => node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1;
  const text = (node, below) => {
    const [r, g, b, alpha = 1] = parts(getComputedStyle(node).color);
    return over([r, g, b], alpha * opacity(node), below);
  };
  const found = [];
  for (const node of document.body.querySelectorAll("*")) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    const box = node.getBoundingClientRect();
    if (!own || !box.width || node.closest("svg, .skip, .unseen, noscript, option")) continue;
    const below = ground(node), [a, b] = [light(text(node, below)), light(below)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < least) found.push(`${node.tagName}: ${node.textContent.trim().slice(0, 30)}`);
  }
  return found;
}"""
"""The texts of a page whose contrast with their ground is too low: WCAG 2.2, relative luminance."""


@contextmanager
def running_chromium() -> Iterator[str]:
    """Give the address at which a Chromium takes orders; skips where there is none.

    One without windows is preferred.
    """
    path = str(SHELL) if SHELL.exists() else shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine")
    with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [path, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - the browser that was found
        try:
            yield f"http://127.0.0.1:{_port(Path(profile) / 'DevToolsActivePort')}"
        finally:
            process.terminate()
            process.wait()


def _port(file: Path) -> str:
    """Return the port that Chromium writes into its profile when it has started."""
    ends = time.monotonic() + START_SECONDS
    while not (file.exists() and file.read_text(encoding="ascii").strip()):
        assert time.monotonic() < ends, "chromium does not start"
        time.sleep(0.05)
    return file.read_text(encoding="ascii").split()[0]


@contextmanager
def opened_chromium(address: str) -> Iterator[Any]:
    """Give the Chromium that runs at an address; what is opened in it is closed at the end."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as started:
        chromium = started.chromium.connect_over_cdp(address)
        yield chromium
        chromium.close()


def violations(page: Any, *, contrast: bool = True) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA on a page, one line for each element.

    Frames are not looked into: what they show is judged on a page of its own. ``contrast`` takes four times as long as
    all other rules together. It is asked for once for each style sheet; everywhere else ``pale`` wants more.
    """
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    if page.evaluate("typeof axe") == "undefined":  # half a megabyte: once a page, whatever its size and scheme
        page.evaluate(axe.AXE_SCRIPT)
    how = {
        "runOnly": {"type": "tag", "values": WCAG},
        "rules": {"color-contrast": {"enabled": contrast}},
        "resultTypes": ["violations"],
        "iframes": False,
    }
    found = page.evaluate("async how => (await axe.run(document, how)).violations", how)
    return [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def pale(page: Any, least: float = 7.0) -> list[str]:
    """Return the texts of a page whose contrast is below ``least``; 7 is WCAG's level AAA, axe-core wants 4.5.

    A fiftieth of what axe-core takes for its contrast, so that every page is judged in both schemes.
    """
    found: list[str] = page.evaluate(PALE, least)
    return found

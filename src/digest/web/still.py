"""What is the same for everybody: the style sheet, the icon, the word to robots."""

from __future__ import annotations

from datetime import timedelta

from digest.web.pages import Pages
from digest.web.visit import Answer, Visit, kept

A_YEAR = timedelta(days=365)
A_DAY = timedelta(days=1)
PRIVATE = ("/leave/", "/preferences", "/confirm/", "/address/")
"""Where robots have nothing to look for."""


class StillPages:
    """Answers that no visit changes; the style sheet's address names its version, so it may be kept for ever."""

    def __init__(self, pages: Pages) -> None:
        self._style = Answer(body=pages.style, kind="text/css; charset=utf-8")
        self._icon = Answer(body=pages.icon, kind="image/svg+xml")
        lines = ("User-agent: *", *(f"Disallow: {pages.root}{path}" for path in PRIVATE))
        self._robots = Answer(body=("\n".join(lines) + "\n").encode(), kind="text/plain; charset=utf-8")

    def style(self, visit: Visit) -> Answer:
        """Return the style sheet."""
        return kept(visit, self._style, A_YEAR)

    def icon(self, visit: Visit) -> Answer:
        """Return the icon of the site."""
        return kept(visit, self._icon, A_YEAR)

    def robots(self, visit: Visit) -> Answer:
        """Return robots.txt (RFC 9309)."""
        return kept(visit, self._robots, A_DAY)

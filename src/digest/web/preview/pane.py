"""The letter as the preview shows it in a frame: one colour scheme, with or without pictures, without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.render.links import site_base
from digest.render.scheme_preview import Scheme, in_scheme
from digest.settings import SiteSettings
from digest.web.security import NOBODY, OURSELVES, content_policy

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""Sandbox of the frame with the letter: links open in a new window; scripts, forms and the page around cannot be
used."""
ELSEWHERE = '<base target="_blank">'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One frame with a letter in the preview: light or dark, with or without pictures."""

    scheme: Scheme
    pictures: bool

    @property
    def address(self) -> str:
        """The URL of the frame's content, on the preview's own site."""
        return f"/letter?scheme={self.scheme}&pictures={int(self.pictures)}"

    def shown(self, page: str, site: SiteSettings) -> str:
        """Return the HTML of a letter for this frame.

        Pictures of the public site are loaded from the preview instead.
        """
        here = in_scheme(page, self.scheme).replace("<head>", f"<head>{ELSEWHERE}", 1)
        return here.replace(f'src="{site_base(site)}/pictures/', 'src="/pictures/') if site_base(site) else here

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the frame's content."""
        loads: Mapping[str, str] = {
            "form-action": NOBODY,
            "style-src": "'unsafe-inline'",
            "img-src": OURSELVES if self.pictures else NOBODY,
            "sandbox": SANDBOX,
        }
        return content_policy(loads, OURSELVES)


def pane(query: Mapping[str, str]) -> Pane:
    """Return the frame that the query of a URL asks for. The default is light, with pictures."""
    scheme: Scheme = "dark" if query.get("scheme") == "dark" else "light"
    return Pane(scheme=scheme, pictures=query.get("pictures") != "0")

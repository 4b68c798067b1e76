"""The letter for a frame: in one colour scheme, with or without pictures, links that open elsewhere, no scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.render.links import site_base
from digest.render.scheme import Scheme, in_scheme
from digest.settings import SiteSettings
from digest.web.security import NOBODY, OURSELVES, content_policy

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""A link opens in a window of its own; scripts, forms and the page around are out of reach."""
ELSEWHERE = '<base target="_blank">'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """How a letter is to be shown."""

    scheme: Scheme
    pictures: bool

    @property
    def address(self) -> str:
        """Where the pane is, on the preview's own site."""
        return f"/letter?scheme={self.scheme}&pictures={int(self.pictures)}"

    def shown(self, page: str, site: SiteSettings) -> str:
        """Return a letter's page as this pane shows it, with the pictures of our public site taken from here."""
        here = in_scheme(page, self.scheme).replace("<head>", f"<head>{ELSEWHERE}", 1)
        return here.replace(f'src="{site_base(site)}/pictures/', 'src="/pictures/') if site_base(site) else here

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the pane."""
        loads: Mapping[str, str] = {
            "form-action": NOBODY,
            "style-src": "'unsafe-inline'",
            "img-src": OURSELVES if self.pictures else NOBODY,
            "sandbox": SANDBOX,
        }
        return content_policy(loads, OURSELVES)


def pane(query: Mapping[str, str]) -> Pane:
    """Return the pane that an address asks for; light with pictures unless it says otherwise."""
    scheme: Scheme = "dark" if query.get("scheme") == "dark" else "light"
    return Pane(scheme=scheme, pictures=query.get("pictures") != "0")

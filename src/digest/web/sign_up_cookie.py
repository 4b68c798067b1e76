"""The only cookie of the public pages: with it, the link in a confirmation mail confirms without a press of the button.

It is set for an hour when somebody signs up on our page, and is sent only with requests for the pages of confirmation
links. No script can read it (HttpOnly). With SameSite=Lax, a browser sends it when a link in a mail is opened, and does
not store it where the form is in a frame of another site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.readers.bound_browser import BOUND_FOR
from digest.settings import SiteSettings

NAME = "digest-sign-up"
PLACE = "/confirm"
_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,150}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpCookie:
    """The name of the cookie, and the headers that set and delete it."""

    secure: bool
    root: str
    """Path of the site, without a slash at its end."""

    @classmethod
    def of(cls, site: SiteSettings, root: str) -> SignUpCookie:
        """Return the cookie's name and headers for a site with this path."""
        return cls(secure=(site.url or "").lower().startswith("https:"), root=root)

    def read(self, header: str) -> str:
        """Return the value of this cookie in a Cookie header; empty when there is none."""
        pairs = (part.strip().partition("=") for part in header.split(";"))
        value = next((value for name, _, value in pairs if name == self._name), "")
        return value if _VALUE.fullmatch(value) else ""

    def put(self, value: str) -> tuple[str, str]:
        """Return the header that sets the cookie to a value."""
        return self._header(value, int(BOUND_FOR.total_seconds()))

    def gone(self) -> tuple[str, str]:
        """Return the header that deletes the cookie."""
        return self._header("", 0)

    @property
    def _name(self) -> str:
        """The name of the cookie. Its prefix makes browsers accept it over TLS only (RFC 6265bis, section 4.1.3.1)."""
        return f"__Secure-{NAME}" if self.secure else NAME

    def _header(self, value: str, seconds: int) -> tuple[str, str]:
        kept = f"Path={self.root}{PLACE}; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        return "Set-Cookie", f"{self._name}={value}; {kept}{'; Secure' if self.secure else ''}"

"""The cookies of the desk: one for the session, one for the browser as a device."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.pipeline.people.desk_sessions import DEVICE_KEPT

SESSION, DEVICE = "digest-desk", "digest-device"
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """How cookies are named and set on a site.

    Where the site is https they are ``__Host-`` cookies: a browser takes them over TLS from this host alone, and no
    other host of the domain can plant one (RFC 6265bis, section 4.1.3.2). Lax lets a link in a mail find its reader
    signed in, and a provider of single sign-on come back; no form of another site carries them.
    """

    secure: bool

    def name(self, cookie: str) -> str:
        """Return the whole name of a cookie."""
        return f"__Host-{cookie}" if self.secure else cookie

    def read(self, header: str, cookie: str) -> str:
        """Return a cookie's value in a Cookie header; empty when there is none, or none of ours.

        What other programs of the host put beside it, and how they spell it, makes no difference.
        """
        wanted = self.name(cookie)
        pairs = (part.strip().partition("=") for part in header.split(";"))
        value = next((value for name, _, value in pairs if name == wanted), "")
        return value if TOKEN.fullmatch(value) else ""

    def session(self, token: str) -> tuple[str, str]:
        """Return the header that sets the session's cookie, which the browser forgets when it is closed."""
        return "Set-Cookie", self._set(SESSION, token)

    def device(self, token: str) -> tuple[str, str]:
        """Return the header that sets the device's cookie."""
        return "Set-Cookie", f"{self._set(DEVICE, token)}; Max-Age={DEVICE_KEPT.total_seconds():.0f}"

    def gone(self) -> tuple[str, str]:
        """Return the header that takes the session's cookie out."""
        return "Set-Cookie", f"{self._set(SESSION, '')}; Max-Age=0"

    def _set(self, cookie: str, value: str) -> str:
        return f"{self.name(cookie)}={value}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}"

"""The cookies of the desk: one for the session, one for the browser (the "device")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.pipeline.people.desk_sessions import DEVICE_KEPT

SESSION, DEVICE = "digest-desk", "digest-device"
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """The names of the desk's cookies, and the headers that set them.

    On an https site they are ``__Host-`` cookies. A browser accepts these over TLS from this host only, and no
    other host of the domain can set one (RFC 6265bis, section 4.1.3.2). SameSite=Lax keeps users signed in when they
    follow a link in a mail or return from single sign-on. No form of another site carries the cookies.
    """

    secure: bool

    def name(self, cookie: str) -> str:
        """Return the name of a cookie as the browser knows it: on an https site with the prefix ``__Host-``."""
        return f"__Host-{cookie}" if self.secure else cookie

    def read(self, header: str, cookie: str) -> str:
        """Return the value of one of our cookies in a Cookie header. Empty when the header does not have it.

        Cookies of other programs on the host, in whatever spelling, make no difference.
        """
        wanted = self.name(cookie)
        pairs = (part.strip().partition("=") for part in header.split(";"))
        value = next((value for name, _, value in pairs if name == wanted), "")
        return value if TOKEN.fullmatch(value) else ""

    def session(self, token: str) -> tuple[str, str]:
        """Return the header that sets the session cookie. The browser deletes the cookie when it is closed."""
        return "Set-Cookie", self._set(SESSION, token)

    def device(self, token: str) -> tuple[str, str]:
        """Return the header that sets the cookie by which a browser is recognised at its next sign-in."""
        return "Set-Cookie", f"{self._set(DEVICE, token)}; Max-Age={DEVICE_KEPT.total_seconds():.0f}"

    def gone(self) -> tuple[str, str]:
        """Return the header that deletes the session cookie."""
        return "Set-Cookie", f"{self._set(SESSION, '')}; Max-Age=0"

    def _set(self, cookie: str, value: str) -> str:
        return f"{self.name(cookie)}={value}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}"

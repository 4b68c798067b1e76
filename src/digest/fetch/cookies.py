"""Cookies for one chain of redirects. Some sites set a cookie, redirect back, and expect it.

Storing and sending follow RFC 6265, section 5. The jar is used for one chain only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from tld import is_tld

MOST_COOKIES = 50
LONGEST_COOKIE = 4096
"""Characters of name and value together (RFC 6265, section 6.1)."""
LONGEST_HEADER = 8192

_LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
"""The default time when an answer has no date. Sites end a cookie with a date near 1970, which is before it."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x3a\x3c-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cookie:
    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool

    def belongs_to(self, host: str, path: str, *, secure: bool) -> bool:
        at_home = host == self.domain or (not self.host_only and host.endswith(f".{self.domain}"))
        return at_home and _below(path, self.path) and (secure or not self.secure)


class Jar:
    """The cookies of one chain, by name, domain and path. After MOST_COOKIES new ones are dropped."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], _Cookie] = {}

    def keep(self, url: str, headers: list[str], date: str = "") -> None:
        """Store the cookies that an answer's ``Set-Cookie`` headers set, and drop those that they end.

        The answer came from ``url``. ``date`` is its ``Date`` header: a cookie expires by the server's own clock.
        """
        now = _instant(date) or _LONG_AGO
        for header in headers:
            found = _read(header, url, now)
            if found is None:
                continue
            cookie, ended = found
            key = (cookie.name, cookie.domain, cookie.path)
            if ended:
                self._cookies.pop(key, None)
            elif key in self._cookies or len(self._cookies) < MOST_COOKIES:
                self._cookies[key] = cookie

    def header(self, url: str) -> str:
        """Return the ``Cookie`` header for a request to ``url``, longest paths first; empty if none matches."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        fitting = [c for c in self._cookies.values() if c.belongs_to(host, path, secure=parts.scheme == "https")]
        fitting.sort(key=lambda cookie: len(cookie.path), reverse=True)
        found = "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)
        return found if len(found) <= LONGEST_HEADER else ""

    def __len__(self) -> int:
        """Return the number of stored cookies."""
        return len(self._cookies)


def _read(header: str, url: str, now: datetime) -> tuple[_Cookie, bool] | None:
    """Return a header's cookie and whether the header ends it; None if ``url`` may not set it."""
    pair, *given = header.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    whole = equals and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
    if not whole or len(name) + len(value) > LONGEST_COOKIE:
        return None
    attributes = {key.strip().lower(): said.strip() for key, _, said in (part.partition("=") for part in given)}
    parts = urlsplit(url)
    host = parts.hostname or ""
    domain = attributes.get("domain", "").lower().removeprefix(".")
    if domain and not _may_set(host, domain):
        return None
    path = attributes.get("path", "")
    if not _keeps_promise(name, attributes, secure=parts.scheme == "https"):
        return None
    cookie = _Cookie(
        name=name,
        value=value,
        domain=domain or host,
        host_only=not domain or (domain == host and (bool(_address(host)) or is_tld(host))),
        path=path if path.startswith("/") else _folder(parts.path),
        secure="secure" in attributes,
    )
    return cookie, _is_over(attributes, now)


def _may_set(host: str, domain: str) -> bool:
    """Return whether ``host`` may set a cookie for ``domain``: its own name, or a registrable domain above it."""
    above = host.endswith(f".{domain}") and "." in domain and not is_tld(domain)
    return host == domain or (above and not _address(host))


def _keeps_promise(name: str, attributes: dict[str, str], *, secure: bool) -> bool:
    """Return whether a cookie is as its attributes and its name's prefix promise (RFC 6265bis, section 5.7)."""
    if "secure" in attributes and not secure:
        return False
    prefix = name.lower()
    if prefix.startswith("__host-"):
        return "secure" in attributes and not attributes.get("domain") and attributes.get("path") == "/"
    return not prefix.startswith("__secure-") or "secure" in attributes


def _address(host: str) -> str:
    """Return ``host`` if it is an IP address, the empty string if it is a name."""
    try:
        ip_address(host)
    except ValueError:
        return ""
    return host


def _is_over(attributes: dict[str, str], now: datetime) -> bool:
    """Return whether a cookie has expired. ``Max-Age`` wins over ``Expires``; an invalid value is ignored."""
    age = attributes.get("max-age", "")
    if re.fullmatch(r"-?\d+", age, re.ASCII):
        return age.startswith("-") or not age.strip("0")
    expires = _instant(attributes.get("expires", ""))
    return expires is not None and expires <= now


def _instant(written: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(written.replace("-", " "))
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _folder(path: str) -> str:
    """Return the default path of a cookie (RFC 6265, section 5.1.4)."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def _below(path: str, folder: str) -> bool:
    return path == folder or (path.startswith(folder) and (folder.endswith("/") or path[len(folder)] == "/"))

"""Parses URLs with user and password, and never shows the password.

Providers' passwords may contain ``/``, ``#``, ``?``, ``@`` or ``:``, and people write them unescaped. ``urlsplit``
would take a part of such a password for the host. Here the host is after the last ``@``, and everything before it is
user and password.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^:]*)(?::(?P<port>\d{1,5}))?")
_HOST = re.compile(r"[^\s/?#@\\:\[\]%]+|\[[0-9A-Fa-f:.%]+\]")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}|[^%])*")
_MOST_PORTS = 65535


class WrongUrl(ValueError):  # noqa: N818 - named after what happened
    """A URL that cannot be parsed. The message says what is expected and contains no part of a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUrl:
    """The URL of a server. ``user`` is None for a URL without a login."""

    scheme: str
    host: str
    port: int | None = None
    user: str | None = None
    password: str = field(default="", repr=False)
    path: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def safe(self) -> str:
        """The URL without user, password and options."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}{self.path}"


def server_url(url: str) -> ServerUrl:
    """Return the parts of ``scheme://user:password@host:port/path?options``. Raises WrongUrl.

    The user ends at the first colon, the password at the last ``@``. In both, ``%40`` is an ``@``. A ``%`` that begins
    no valid UTF-8 escape is a literal character.
    """
    scheme, found, rest = url.strip().partition("://")
    login, at, place = rest.rpartition("@")
    place, _, query = place.partition("?")
    address, slash, path = place.partition("/")
    matched = _PORT.fullmatch(address)
    if not found or matched is None or not _HOST.fullmatch(matched["host"]) or "#" in place + query:
        raise WrongUrl("its host or port cannot be read: expected scheme://user:password@host:port")
    port = int(matched["port"]) if matched["port"] else None
    if port is not None and not 0 < port <= _MOST_PORTS:
        raise WrongUrl(f"its port must be a number from 1 to {_MOST_PORTS}")
    user, _, password = login.partition(":")
    return ServerUrl(
        scheme=scheme.lower(),
        host=matched["host"].strip("[]").lower(),
        port=port,
        user=_plain(user) if at else None,
        password=_plain(password),
        path=slash + path,
        options=tuple(parse_qsl(query, keep_blank_values=True)),
    )


def host_of(url: str) -> str:
    """Return the host in a server's URL, or the empty string."""
    try:
        return server_url(url).host
    except WrongUrl:
        return ""


def _plain(text: str) -> str:
    try:
        return unquote(text, errors="strict") if _ESCAPED.fullmatch(text) else text
    except UnicodeDecodeError:
        return text

"""A relay as its URL in the settings describes it: host, protection of the connection, and login."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.deliver.protocol.login import Login
from digest.deliver.protocol.smtp import Security
from digest.text.credentials import ServerUrl, WrongUrl, server_url

SCHEMES = {"smtp+starttls": (Security.STARTTLS, 587), "smtps": (Security.TLS, 465), "smtp": (Security.PLAIN, 25)}
FILES = "files"
"""Name of the file transport in statistics. It has a folder for each edition, but this one name."""
_OPTIONS = {"auth", "ca", "name", "pipelining", "letters"}
_MECHANISMS = {"", "plain", "login", "xoauth2"}
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
"""A domain name of two labels or more (RFC 5321, section 4.1.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One mail relay."""

    host: str
    port: int
    security: Security
    login: Login | None = None
    authority: Path | None = None
    """A file of certificates to trust in place of the system's."""
    own_name: str = ""
    """Our name in EHLO; when empty, the address that we connect from."""
    may_pipeline: bool = True
    letters: int = 1000
    """How many letters one connection sends before it is renewed."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def relay(
    url: str,
    *,
    folder: Path,
    own_name: str = "",
    insecure_plain: bool = False,
    token: Callable[[], str] | None = None,
) -> Relay:
    """Return the relay of ``smtp+starttls://user:password@host:587``, ``smtps://...`` or ``smtp://...``.

    Options follow a question mark: ``auth=plain|login|xoauth2`` sets the login mechanism, ``ca=FILE`` (relative to
    ``folder``) the certificates to trust, ``name=`` our name in EHLO, ``letters=`` how many letters one connection
    sends, ``pipelining=no`` forbids pipelining. With ``token`` the login uses an access token in place of a password
    (XOAUTH2). Raises WrongUrl.
    """
    parts = server_url(url)
    if parts.scheme not in SCHEMES:
        raise WrongUrl("expected smtp+starttls://HOST, smtps://HOST, smtp://HOST or file:FOLDER/")
    security, usual_port = SCHEMES[parts.scheme]
    if security is Security.PLAIN and not insecure_plain and not _is_loopback(parts.host):
        raise WrongUrl("smtp:// sends in clear, and only to this machine: use smtp+starttls:// (or insecure_plain)")
    if parts.path.strip("/"):
        raise WrongUrl("nothing stands behind its host and port but options, after a question mark")
    options = _options(parts)
    letters = options.get("letters", "1000")
    if not letters.isdecimal() or not 0 < len(letters) < 10 or int(letters) < 1:  # noqa: PLR2004 - digits of a number
        raise WrongUrl("`letters` is a number of at least 1")
    return Relay(
        host=parts.host,
        port=parts.port or usual_port,
        security=security,
        login=_login(parts, options.get("auth", ""), security, token),
        authority=folder / options["ca"] if "ca" in options else None,
        own_name=options.get("name", own_name),
        may_pipeline=options.get("pipelining", "yes") != "no",
        letters=int(letters),
    )


def label(url: str) -> str:
    """Return the name in statistics of a route without a name: host and port, or FILES. Raises WrongUrl."""
    parts = None if url.startswith("file:") else server_url(url)
    if parts is not None and parts.scheme not in SCHEMES:
        raise WrongUrl(f"{parts.scheme} is no way for letters")
    return FILES if parts is None else f"{parts.host}:{parts.port or SCHEMES[parts.scheme][1]}"


def own_name(candidates: Iterable[str]) -> str:
    """Return the first candidate that relays accept in EHLO, which is one with a dot; empty when no candidate has one.

    Google closes after ``EHLO localhost``, and Postfix then refuses every recipient.
    """
    return next((name for name in candidates if _HOST_NAME.fullmatch(name)), "")


def address_literal(place: Any) -> str:  # noqa: ANN401 - a socket's name: of its family
    """Return a socket's address in the form that EHLO accepts in place of a name (RFC 5321, section 4.1.3)."""
    address = str(place[0]).partition("%")[0] if place else "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _options(parts: ServerUrl) -> dict[str, str]:
    options = dict(parts.options)
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise WrongUrl(f"unknown option {', '.join(unknown)} (there are {', '.join(sorted(_OPTIONS))})")
    return options


def _login(parts: ServerUrl, mechanism: str, security: Security, token: Callable[[], str] | None) -> Login | None:
    if mechanism not in _MECHANISMS:
        raise WrongUrl("`auth` is plain, login or xoauth2")
    if parts.user is None:
        return None
    if security is Security.PLAIN:
        raise WrongUrl("a password is never sent without TLS: use smtp+starttls:// or smtps://")
    chosen = mechanism.upper() or ("XOAUTH2" if token else "")
    return Login(user=parts.user, secret=parts.password, mechanism=chosen, source=token)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

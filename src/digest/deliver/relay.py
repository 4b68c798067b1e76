"""A relay as the settings' URL names it: where it stands, how the line is protected, and who we are to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from digest.deliver.login import Login
from digest.deliver.smtp import Security

SCHEMES = {"smtp+starttls": (Security.STARTTLS, 587), "smtps": (Security.TLS, 465), "smtp": (Security.PLAIN, 25)}
_OPTIONS = {"auth", "ca", "name", "pipelining", "letters"}
_MECHANISMS = {"", "plain", "login", "xoauth2"}


class WrongUrl(ValueError):  # noqa: N818 - it says what happened, and ends in transport.py
    """No relay has such a URL; its words say what would be right, and never hold the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One mail relay."""

    host: str
    port: int
    security: Security
    login: Login | None = None
    authority: Path | None = None
    """A file of certificates to trust instead of the system's."""
    own_name: str = "localhost"
    """What we call ourselves in EHLO."""
    may_pipeline: bool = True
    letters: int = 1000
    """How many letters one connection carries before it is renewed."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def relay(url: str, *, folder: Path, own_name: str = "localhost", insecure_plain: bool = False) -> Relay:
    """Return the relay of ``smtp+starttls://user:password@host:587``, ``smtps://...`` or ``smtp://...``.

    Options stand behind a question mark: ``auth=plain|login|xoauth2`` fixes the way to log in, ``ca=FILE`` (taken
    from ``folder``) the certificates to trust, ``name=`` our name in EHLO, ``letters=`` how many one connection
    carries, ``pipelining=no`` forbids it. Raises WrongUrl.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WrongUrl("its host or port cannot be read (`%` and `/` in a password are written %25 and %2F)") from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise WrongUrl("expected smtp+starttls://HOST, smtps://HOST, smtp://HOST or file:FOLDER/")
    security, usual_port = SCHEMES[parts.scheme]
    if security is Security.PLAIN and not insecure_plain and not _is_loopback(parts.hostname):
        raise WrongUrl("smtp:// sends in clear, and only to this machine: use smtp+starttls:// (or insecure_plain)")
    options = _options(parts)
    letters = options.get("letters", "1000")
    if not letters.isdecimal() or int(letters) < 1:
        raise WrongUrl("`letters` is a number of at least 1")
    return Relay(
        host=parts.hostname,
        port=port or usual_port,
        security=security,
        login=_login(parts, options.get("auth", ""), security),
        authority=folder / options["ca"] if "ca" in options else None,
        own_name=options.get("name", own_name),
        may_pipeline=options.get("pipelining", "yes") != "no",
        letters=int(letters),
    )


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise WrongUrl(f"unknown option {', '.join(unknown)} (there are {', '.join(sorted(_OPTIONS))})")
    return options


def _login(parts: SplitResult, mechanism: str, security: Security) -> Login | None:
    if mechanism not in _MECHANISMS:
        raise WrongUrl("`auth` is plain, login or xoauth2")
    if parts.username is None:
        return None
    if security is Security.PLAIN:
        raise WrongUrl("a password is never sent without TLS: use smtp+starttls:// or smtps://")
    return Login(user=unquote(parts.username), secret=unquote(parts.password or ""), mechanism=mechanism.upper())


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

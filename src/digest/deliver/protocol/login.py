"""How we log in to a relay: AUTH PLAIN, LOGIN and XOAUTH2 (RFC 4954, RFC 4616)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

PREFERENCE = ("PLAIN", "LOGIN")
"""Mechanisms in the order in which they are tried.

XOAUTH2 is used only when configured: its secret is a token, not a password.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user name with its password or token.

    With an empty ``mechanism``, the relay's offer decides which one is used.
    """

    user: str
    secret: str = field(repr=False)
    mechanism: str = ""
    source: Callable[[], str] | None = field(default=None, repr=False)
    """Returns the secret for each login, when it changes: an access token (XOAUTH2). None when ``secret`` is used."""


def mechanisms(login: Login, offered: frozenset[str]) -> tuple[str, ...]:
    """Return the mechanisms to try, in capitals and in order; empty when the relay offers none that we can use.

    A relay may refuse a mechanism that it offers, so all are tried before the password counts as wrong.
    """
    wanted = (login.mechanism.upper(),) if login.mechanism else PREFERENCE
    return tuple(name for name in wanted if name in offered)


def steps(login: Login, name: str) -> list[bytes]:
    """Return the lines to send, without line ends: the AUTH command, then one line for each 334 reply."""
    user, secret = login.user.encode(), login.secret.encode()
    if name == "LOGIN":
        return [b"AUTH LOGIN", b64encode(user), b64encode(secret)]
    if name == "XOAUTH2":
        token = b64encode(b"user=%s\x01auth=Bearer %s\x01\x01" % (user, secret))
        return [b"AUTH XOAUTH2 " + token, b""]  # a refusal comes as 334; an empty line asks for its code
    return [b"AUTH PLAIN " + b64encode(b"\0%s\0%s" % (user, secret))]

"""Checks of the URLs of the public pages, the desk, the provider of single sign-on, and other sites."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from digest.settings import Settings
from digest.text.origins import is_origin

Problem = tuple[tuple[str, ...], str]
"""The path of a key, and the value that was expected."""

HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def desk_problems(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the host of the desk, and with the provider of single sign-on."""
    host, oidc = settings.desk.host, settings.desk.oidc
    if host is not None and settings.site.url is None:
        yield ("desk", "host"), "expected site.url beside it: the desk is served with the public pages"
    elif host is not None and not (HOST.fullmatch(host) and not public_problem(f"https://{host}")):
        yield ("desk", "host"), f"expected a host such as desk.example.com (it is {host!r:.80})"
    elif host is not None and host.lower() == urlsplit(settings.site.url or "").netloc.lower():
        yield ("desk", "host"), "expected another host than that of site.url; leave it out to have the desk there"
    if oidc.issuer is None:
        return
    url = urlsplit(oidc.issuer)
    if not (url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))) or not url.hostname:
        yield ("desk", "oidc", "issuer"), f"expected an https URL (it is {oidc.issuer!r:.80})"
    if not oidc.client_id:
        yield ("desk", "oidc", "client_id"), "is missing; the provider gives it when you register this program"


def embed_problems(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the editions' polls, and with the origins of sites that may embed the sign-up form."""
    for name, edition in settings.editions.items():
        if bool(edition.poll) != bool(edition.poll_answers) or len(edition.poll_answers) == 1:
            yield ("editions", name, "poll_answers"), "expected two to six answers, and poll with the question"
    for origin in settings.embed.origins:
        if not is_origin(origin):
            yield ("embed", "origins"), f"expected origins such as https://www.example.com (one is {origin!r:.80})"


def public_problem(url: str) -> str:
    """Return why a URL cannot be the address of the public pages; empty when it can."""
    try:
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port_is_one = parts.port != 0
    except ValueError:
        return "expected an address such as https://letters.example.com"
    if not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host, re.ASCII) or not port_is_one or parts.username is not None:
        return "expected an address such as https://letters.example.com, in ASCII (a domain as xn--...)"
    if not secure and not (parts.scheme == "http" and is_loopback(host)):
        return "expected https: the URLs contain readers' tokens; http is for 127.0.0.1 and localhost only"
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", parts.path) or parts.query or parts.fragment:
        return "expected no more than a host and a plain path"
    return ""


def is_loopback(host: str) -> bool:
    """Return whether a host is certainly this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Decides which addresses may be fetched from. The rules are pure functions; they call a resolver for host names.

A feed may link to 127.0.0.1, to a cloud's metadata service or to a router. So the spelling of a URL is checked first.
Then its host name is looked up once. The name is refused when any of its addresses is not public. The connection goes
to one of the checked addresses. ``ipaddress.is_global`` is not used, because it takes 64:ff9b::7f00:1 and
2002:7f00:1:: for public. The table here follows the IANA special-purpose registries.
"""

from __future__ import annotations

import re
import socket
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol
from urllib.parse import urlsplit

import idna

from digest.errors import NameNotFound, RefusedAddress, TooSlow

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry, entries that are not globally reachable, and
# 192.88.99.0/24 (RFC 7526), 224.0.0.0/4 (RFC 5771).
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# https://www.iana.org/assignments/ipv6-address-space: only 2000::/3 is allocated as global unicast. These parts of it
# are closed: protocol assignments with Teredo and ORCHID, documentation, 6to4.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))

_SCHEMES = {"http": 80, "https": 443}
NOT_PUBLIC = "not a public address"
_LOWEST_FREE_PORT = 1024
# Ports above 1023 that belong to services other than the web (Fetch standard, section 2.9, and databases).
_BAD_PORT_LIST = (
    "1719 1720 1723 2049 3306 3659 4045 4190 5060 5061 5432 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 "
    "11211 27017"
)
_BAD_PORTS = frozenset(map(int, _BAD_PORT_LIST.split()))
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a URL leads, in one normal spelling. ``host`` is a name in lower-case ASCII or an IP address."""

    scheme: str
    host: str
    port: int
    url: str
    """The URL to request: with the normal spelling of the host, without fragment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address of a host name. ``port`` replaces the URL's port (for names that only this process knows)."""

    address: Address
    port: int | None = None


class Resolver(Protocol):
    """Looks up host names."""

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        """Return every address of ``host``, the preferred one first.

        Raises:
            OSError: The name has no address.
            TimeoutError: There was no answer in time.
        """
        ...


class SystemResolver:
    """The operating system's resolver. It runs in a thread, because it has no timeout."""

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        """Return every address of ``host``, in the system's order (RFC 6724)."""
        answers: list[tuple[Target, ...] | OSError] = []
        thread = threading.Thread(target=lambda: answers.append(_look_up(host)), name=f"resolve {host}", daemon=True)
        thread.start()
        thread.join(timeout_seconds)
        if not answers:
            raise TimeoutError(f"no answer for {host}")
        if isinstance(answers[0], OSError):
            raise answers[0]
        return answers[0]


def _look_up(host: str) -> tuple[Target, ...] | OSError:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as problem:
        return problem
    except UnicodeError as problem:
        return OSError(str(problem))
    return tuple(Target(address=ip_address(str(answer[4][0]).partition("%")[0])) for answer in found)


def destination(url: str) -> Destination:
    """Return where ``url`` leads. Only its spelling is checked; nothing is looked up.

    Raises:
        RefusedAddress: The URL has another scheme, a login, a port of another service, or a host in a spelling that
            browsers and libraries read in different ways (decimal, octal, hexadecimal, short, full-width, backslash).
    """
    if any(character <= " " or character == "\x7f" for character in url):
        raise RefusedAddress(url, "blanks or control characters in the URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise RefusedAddress(url, f"not a URL: {problem}") from problem
    if parts.scheme not in _SCHEMES:
        raise RefusedAddress(url, "only http and https are fetched")
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise RefusedAddress(url, "a login or a backslash in the host")
    host = _host(url, parts.netloc, parts.hostname or "")
    port = _SCHEMES[parts.scheme] if port is None else port
    if port not in _SCHEMES.values() and (port < _LOWEST_FREE_PORT or port in _BAD_PORTS):
        raise RefusedAddress(url, f"port {port} belongs to another service")
    netloc = f"[{host}]" if ":" in host else host
    netloc += "" if port == _SCHEMES[parts.scheme] else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    normal = f"{parts.scheme}://{netloc}{parts.path or '/'}{query}"
    return Destination(scheme=parts.scheme, host=host, port=port, url=normal)


def _host(url: str, netloc: str, host: str) -> str:
    if netloc.startswith("["):
        return _address_in_brackets(url, host)
    if "%" in host:
        raise RefusedAddress(url, "a percent sign in the host")
    if not host.isascii():
        host = _internationalised(url, host)
    host = host.removesuffix(".")
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise RefusedAddress(url, "not a host name")
    if _NUMERIC_END.search(host):
        try:
            return str(IPv4Address(host))
        except ValueError as problem:
            raise RefusedAddress(url, "a numeric host that is not an address") from problem
    return host


def _address_in_brackets(url: str, host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError as problem:
        raise RefusedAddress(url, "not an IPv6 address") from problem
    if address.scope_id is not None:
        raise RefusedAddress(url, "an address with a zone belongs to one machine")
    return str(address)


def _internationalised(url: str, host: str) -> str:
    """Return the IDNA form. Refuse look-alikes of ASCII (full-width and circled digits, ideographic dots)."""
    for character in host:
        if not character.isascii() and unicodedata.normalize("NFKC", character).isascii():
            raise RefusedAddress(url, "look-alike characters in the host")
    try:
        return idna.encode(unicodedata.normalize("NFC", host)).decode("ascii")
    except idna.IDNAError as problem:
        raise RefusedAddress(url, "not an international host name") from problem


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks of an allow-list. Each text is a network in CIDR notation or a single address.

    Raises:
        ValueError: A text is not a network.
    """
    return tuple(ip_network(text) for text in texts)


def is_open(address: Address, allowed: tuple[Network, ...] = ()) -> bool:
    """Return whether ``address`` is public or lies in a network that the operator allows.

    An IPv6 address that contains an IPv4 one (::ffff:0:0/96) is checked as the IPv4 address.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_open(address.ipv4_mapped, allowed)
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


def targets(
    url: str, host: str, resolver: Resolver, allowed: tuple[Network, ...], timeout_seconds: float
) -> tuple[Target, ...]:
    """Return the checked addresses of ``host``, at least one. ``host`` is spelled as in ``Destination``.

    Raises:
        RefusedAddress: At least one of its addresses is not open.
        NameNotFound: It has no address.
        TooSlow: The resolver did not answer in time.
    """
    found: tuple[Target, ...]
    try:
        found = (Target(address=ip_address(host)),)
    except ValueError:
        found = _resolved(url, host, resolver, timeout_seconds)
    for target in found:
        if not is_open(target.address, allowed):
            which = "is" if host == str(target.address) else f"leads to {target.address}, which is"
            raise RefusedAddress(url, f"{host} {which} {NOT_PUBLIC}")
    return found


def _resolved(url: str, host: str, resolver: Resolver, timeout_seconds: float) -> tuple[Target, ...]:
    try:
        found = resolver.resolve(host, timeout_seconds)
    except TimeoutError as problem:
        raise TooSlow(url, f"no answer from DNS for {host}") from problem
    except OSError as problem:
        raise NameNotFound(url, f"{host} has no address") from problem
    if not found:
        raise NameNotFound(url, f"{host} has no address")
    return found

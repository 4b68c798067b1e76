"""Finds the IP address of a visitor: the other end of the connection, or the address that a trusted proxy reports.

Anybody may send an X-Forwarded-For, a Forwarded (RFC 7239) or an X-Real-IP header. Only the parts that our own proxies
added count, and they add at the end.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_HOPS = 20
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)
_QUOTED = re.compile(r'(?<!for=)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
"""Three patterns for the header Forwarded (RFC 7239, section 4): an element, the node in it, and quoted other
values."""
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
"""The addresses of this machine. They are those of our proxy when the pages listen on no other address."""


def networks(trusted: Sequence[str], host: str = "") -> tuple[Network, ...]:
    """Return the networks of our own proxies, which the settings name. A single address becomes a network of one.

    Without any, and when ``host`` (where the pages listen) is a loopback address, they are LOOPBACK.
    """
    named = tuple(ipaddress.ip_network(one) for one in trusted)
    return named or (LOOPBACK if host == "localhost" or _is_within(host, LOOPBACK) else ())


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the IP address of the visitor's machine. ``peer`` is the other end of the connection.

    ``forwarded`` contains the values of all X-Forwarded-For headers, in order. They are read from the end: the first
    address that is no trusted proxy is the visitor's. An invalid address ends the search at the proxy that reported it.
    """
    hops = [hop for value in forwarded for part in value.split(",") if (hop := part.strip(' \t"'))][-MOST_HOPS:]
    found = peer
    while hops and _is_within(found, trusted):
        told = _address(hops.pop())
        if told is None:
            break
        found = str(told)
    return found


def told_hops(headers: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the addresses that proxies reported, in the form of values of X-Forwarded-For.

    ``headers`` maps lower-case names to their values. Only one kind of header is read: X-Forwarded-For, which grows at
    each proxy, else Forwarded, else X-Real-IP.
    """
    if any(map(str.strip, headers.get("x-forwarded-for", ()))):
        return tuple(headers["x-forwarded-for"])
    if any(map(str.strip, headers.get("forwarded", ()))):
        return tuple(map(_node, _ELEMENT.findall(",".join(headers["forwarded"]))))
    return tuple(headers.get("x-real-ip", ())[-1:])


def client_of(scope: Scope, headers: Headers, trusted: Sequence[Network]) -> str:
    """Return the IP address of the machine that sent a request. Empty when it is unknown."""
    peer = (scope.get("client") or ("", 0))[0]
    told = {name: headers.getlist(name) for name in ("x-forwarded-for", "forwarded", "x-real-ip")}
    return client_address(peer, told_hops(told), trusted)


def _node(element: str) -> str:
    """Return the address in the ``for`` parameter of a Forwarded element."""
    found = _FOR.search(_QUOTED.sub("", element))
    return (found[1] or found[2] or "unknown") if found else "unknown"


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a proxy reported, without a port. None when it is not valid."""
    bare = text.strip("[]") if text.endswith("]") else text.partition("]:")[0].lstrip("[")
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _is_within(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)

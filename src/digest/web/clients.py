"""Whose machine asks: the peer of the connection, or whom a proxy of ours says that it asks for.

Anybody may write an X-Forwarded-For. Only what our own proxies added to it counts, and they add at its end.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_HOPS = 20


def networks(trusted: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks that the settings name; a single address is a network of one."""
    return tuple(ipaddress.ip_network(one) for one in trusted)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the address of the machine that asks.

    ``forwarded`` holds the values of all X-Forwarded-For headers, in their order. Read from the end: the first address
    that is no trusted proxy is the visitor's. What is no address ends the chain, at the proxy that told it.
    """
    hops = [hop.strip() for value in forwarded for hop in value.split(",")][-MOST_HOPS:]
    found = peer
    while hops and _is_within(found, trusted):
        told = _address(hops.pop())
        if told is None:
            break
        found = str(told)
    return found


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a hop names, with a port or without; None when it names none."""
    bare = text.strip("[]") if text.endswith("]") else text.partition("]:")[0].lstrip("[")
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        return None


def _is_within(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and any(address in network for network in trusted)

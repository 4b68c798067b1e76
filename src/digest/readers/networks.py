"""Maps a visitor's IP address to networks for rate limits: a small one for one household, a wide one for many."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """The networks of one visitor.

    ``near`` covers about one household: an IPv4 address or an IPv6 /64. ``wide`` covers many: a /24 or a /48.
    """

    near: str
    wide: str


def networks(address: str) -> Networks:
    """Return the networks of a visitor's IP address. Invalid addresses share one network called unknown."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return Networks(near=UNKNOWN, wide=UNKNOWN)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    near, wide = (32, 24) if isinstance(found, IPv4Address) else (64, 48)
    return Networks(near=_net(found, near), wide=_net(found, wide))


def _net(address: IPv4Address | IPv6Address, bits: int) -> str:
    return str(ip_network((address, bits), strict=False))

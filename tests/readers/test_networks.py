from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.readers.networks import Networks, networks


@pytest.mark.parametrize(
    ("address", "near", "wide"),
    [
        ("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "unknown", "unknown"),
        ("testclient", "unknown", "unknown"),
    ],
)
def test_a_visitor_has_an_address_and_shares_a_network(address: str, near: str, wide: str) -> None:
    assert networks(address) == Networks(near=near, wide=wide)


@given(st.ip_addresses().map(str) | st.text(max_size=50))
def test_every_text_has_its_networks(text: str) -> None:
    assert networks(text).near


@given(st.ip_addresses(v=6, network="2001:db8:1:2::/64"))
def test_whoever_has_a_household_has_one_address(address: object) -> None:
    assert networks(str(address)).near == "2001:db8:1:2::/64"

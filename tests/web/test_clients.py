"""Whose machine asks, in which language, with which form: parsers of what strangers send."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.web.clients import client_address, networks, told_hops
from digest.web.languages import best_language
from digest.web.visit import MOST_FIELDS, fields_of

OURS = networks(("10.0.0.0/8", "fd00::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "asks"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.2", [], "10.0.0.2"),
        ("10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["1.1.1.1", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.2", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.2", ["1.1.1.1, unknown, 10.0.0.3"], "10.0.0.3"),
        ("::ffff:10.0.0.2", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8::7]:80"], "2001:db8::7"),
        ("fd00::1", ["[2001:db8::7]"], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("10.0.0.2", ["198.51.100.1,"], "198.51.100.1"),
        ("10.0.0.2", ['"198.51.100.1"'], "198.51.100.1"),
        ("10.0.0.2", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_only_what_our_own_proxies_added_counts(peer: str, forwarded: list[str], asks: str) -> None:
    assert client_address(peer, forwarded, OURS) == asks


@given(st.lists(st.text(max_size=40), max_size=4))
def test_nobody_can_name_another_machine_without_our_proxy(forwarded: list[str]) -> None:
    assert client_address("203.0.113.7", forwarded, OURS) == "203.0.113.7"


@given(st.lists(st.text(alphabet="0123456789abcdef.:[], %", max_size=40), max_size=4))
def test_behind_our_proxy_an_address_is_an_address(forwarded: list[str]) -> None:
    assert ipaddress.ip_address(client_address("10.0.0.2", forwarded, OURS))


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.8", "de"),
        ("en;q=0.2, fr;q=0.9", "fr"),
        ("ja, fr;q=0.1", "fr"),
        ("fr;q=0, de;q=0.1", "de"),
        ("fr;q=x, de;q=2, en-GB;q=nan", "en"),
        ("fr;q=0.5,de;q=0.5", "fr"),
    ],
)
def test_the_browsers_best_language_that_we_have(accepted: str, best: str) -> None:
    assert best_language(accepted, ("de", "en", "fr"), "en") == best


@given(st.text(max_size=200))
def test_any_header_gives_a_language_of_ours(accepted: str) -> None:
    assert best_language(accepted, ("de", "en"), "en") in {"de", "en"}


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=MOST_FIELDS))
def test_a_form_is_read_as_it_was_filled_in(pairs: list[tuple[str, str]]) -> None:
    pairs = [
        (name.encode("utf-8", "ignore").decode(), value.encode("utf-8", "ignore").decode()) for name, value in pairs
    ]
    found = fields_of(urlencode(pairs))
    assert [(name, value) for name in found for value in found[name]] == sorted(
        pairs, key=lambda pair: list(found).index(pair[0])
    )


@given(st.text(max_size=300))
def test_no_body_is_an_error(body: str) -> None:
    assert all(isinstance(value, tuple) for value in fields_of(body).values())


def test_a_form_of_too_many_fields_has_none() -> None:
    assert fields_of("&".join(f"f{n}=1" for n in range(MOST_FIELDS + 1))) == {}


@pytest.mark.parametrize(
    ("headers", "hops"),
    [
        ({"x-forwarded-for": ["198.51.100.7"], "x-real-ip": ["203.0.113.9"]}, ("198.51.100.7",)),
        ({"forwarded": ["for=198.51.100.7;proto=https, for=203.0.113.9"]}, ("198.51.100.7", "203.0.113.9")),
        ({"forwarded": ['For="[2001:db8::7]:4711"']}, ("[2001:db8::7]:4711",)),
        ({"forwarded": ['host="for=203.0.113.9, x";for=198.51.100.7']}, ("198.51.100.7",)),
        ({"x-real-ip": ["198.51.100.7"]}, ("198.51.100.7",)),
        ({"x-forwarded-for": [""], "x-real-ip": ["198.51.100.7"]}, ("198.51.100.7",)),
        ({}, ()),
    ],
)
def test_proxies_tell_for_whom_they_ask_in_three_ways(headers: dict[str, list[str]], hops: tuple[str, ...]) -> None:
    assert told_hops(headers) == hops


def test_an_element_of_forwarded_that_names_nobody_hides_those_before_it() -> None:
    hops = told_hops({"forwarded": ["for=1.1.1.1, proto=https"]})
    assert client_address("10.0.0.2", hops, OURS) == "10.0.0.2"


def test_pages_on_the_loopback_trust_a_proxy_of_this_machine_and_others_nobody() -> None:
    assert client_address("127.0.0.1", ["198.51.100.7"], networks((), "127.0.0.1")) == "198.51.100.7"
    assert client_address("127.0.0.1", ["198.51.100.7"], networks((), "0.0.0.0")) == "127.0.0.1"  # noqa: S104 - nothing listens
    assert client_address("127.0.0.1", ["198.51.100.7"], networks(("10.0.0.1",), "127.0.0.1")) == "127.0.0.1"

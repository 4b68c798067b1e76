from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import BadAddress
from digest.readers.address import parse_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "Ada@EXAMPLE.com"),
        ("zoë@example.com", "zoe\u0308@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        (" ada@example.com ", "ada@example.com"),
    ],
)
def test_two_spellings_of_one_mailbox_are_one_reader(one: str, other: str) -> None:
    assert parse_address(one).identity == parse_address(other).identity


def test_it_is_mailed_as_it_was_given() -> None:
    assert parse_address(" Ada.L+news@Example.com\n").given == "Ada.L+news@Example.com"


def test_tags_and_dots_are_other_readers_and_one_limit() -> None:
    plain, tagged = parse_address("adal@example.com"), parse_address("a.dal+news@example.com")
    assert plain.identity != tagged.identity
    assert plain.limit_key == tagged.limit_key == "adal@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "a b@example.com",
        "ada@example..com",
        "a@b.example,c@d.example",
        "a\nb@c.example",
    ],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadAddress, match="is not an e-mail address"):
        parse_address(text)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_bad_one(text: str) -> None:
    try:
        found = parse_address(text)
    except BadAddress:
        return
    assert found.identity == parse_address(found.identity).identity
    assert not any(c in found.given for c in "\r\n\0,")


@given(st.emails())
def test_an_identity_is_its_own_identity(address: str) -> None:
    try:
        found = parse_address(address)
    except BadAddress:
        return
    assert parse_address(found.identity).identity == found.identity
    assert parse_address(found.given.swapcase()).identity == found.identity

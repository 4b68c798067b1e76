"""Passwords as providers make them, in URLs as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.credentials import WrongUrl, host_of, server_url


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("ab/cd+ef", "ab/cd+ef"),
        ("ab#cd", "ab#cd"),
        ("99/cd", "99/cd"),
        ("ab?cd", "ab?cd"),
        ("ab@cd", "ab@cd"),
        ("ab%cd", "ab%cd"),
        ("100%", "100%"),
        ("ab:cd", "ab:cd"),
        ("ab[cd", "ab[cd"),
        ("ab cd", "ab cd"),
        ("pässwort", "pässwort"),
        ("p%40ss%2Fw", "p@ss/w"),
        ("a\\b", "a\\b"),
    ],
)
def test_a_password_is_understood_as_it_is(written: str, password: str) -> None:
    found = server_url(f"smtps://anna@home.example:{written}@mx.example:465?auth=login")
    assert (found.user, found.password) == ("anna@home.example".partition(":")[0], password)
    assert (found.host, found.port, found.options) == ("mx.example", 465, (("auth", "login"),))
    assert found.safe == "smtps://mx.example:465"
    assert password not in repr(found)


def test_the_other_parts_are_read() -> None:
    found = server_url("imaps://anna:s3cret@[2001:db8::1]:993/Bounces?ca=own.pem")
    assert (found.scheme, found.host, found.port, found.path) == ("imaps", "2001:db8::1", 993, "/Bounces")
    assert found.safe == "imaps://[2001:db8::1]:993/Bounces"
    assert server_url("smtp://localhost").user is None
    assert host_of("smtps://u:99/cd@mx.example") == "mx.example"


@pytest.mark.parametrize(
    "url",
    ["smtps://", "smtps:mx.example", "smtps://anna:s3/cret", "smtps://mx.example:0", "smtps://a:s3@mx example", ""],
)
def test_what_cannot_be_read_is_refused_without_a_piece_of_it(url: str) -> None:
    with pytest.raises(WrongUrl) as caught:
        server_url(url)
    assert "s3" not in str(caught.value)
    assert host_of(url) == ""


@given(st.text(max_size=60), st.text(max_size=40).filter(lambda text: ":" not in text and "%" not in text))
def test_no_piece_of_a_password_becomes_the_host(password: str, user: str) -> None:
    assert server_url(f"smtps://{user}:{password}@mx.example").host == "mx.example"

"""Origins of other sites: which text is one, and that no address leads back to a site that is not listed."""

from __future__ import annotations

import pytest

from digest.text.origins import is_origin, page_to_return_to

LISTED = ("https://paper.example", "http://127.0.0.1:8123")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://paper.example", True),
        ("http://localhost:3000", True),
        ("https://[2001:db8::1]:8443", True),
        ("https://paper.example/", False),
        ("https://Paper.example", False),
        ("https://paper.example:443", False),
        ("http://paper.example:80", False),
        ("https://paper.example:99999", False),
        ("https://*.paper.example", False),
        ("*", False),
        ("null", False),
        ("", False),
        ("https://user@paper.example", False),
        ("ftp://paper.example", False),
        ("https://paper.example\n", False),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(text: str, *, valid: bool) -> None:
    assert is_origin(text) is valid


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example",
        "https://paper.example/",
        "https://paper.example/thanks?a=1#b",
        "http://127.0.0.1:8123/x",
    ],
)
def test_a_page_of_a_listed_origin_is_returned_to(url: str) -> None:
    assert page_to_return_to(url, LISTED) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/thanks",
        "//paper.example/",
        "//evil.example/",
        "https:/evil.example/",
        "https:evil.example",
        "https://evil.example/",
        "https://evil.example/https://paper.example/",
        "https://evil.example#https://paper.example/",
        "https://paper.example.evil.example/",
        "https://paper.example@evil.example/",
        "https://user:word@paper.example/",
        "https://paper.example:8443/",
        "https://paper.example\\@evil.example/",
        "https://evil.example\\.paper.example/",
        "https:\\\\paper.example/",
        "http://paper.example/",
        "HTTPS://paper.example/",
        "https://PAPER.example/",
        "javascript:alert(1)//https://paper.example/",
        "data:text/html,x",
        "https://paper.example\t.evil.example/",
        "https://paper.example/\r\nLocation: https://evil.example/",
        " https://paper.example/",
        "https://paper.example /",
        "https://paper.example\N{FULLWIDTH SOLIDUS}.evil.example/",
        "https://[paper.example/",
        "https://paper.example/" + "a" * 2000,
    ],
)
def test_no_other_page_is_returned_to(url: str) -> None:
    assert page_to_return_to(url, LISTED) == ""
    assert page_to_return_to(url, ()) == ""

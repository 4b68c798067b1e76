"""A page that forbids excerpts is told by its headline, unless the operator says otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch.quoting_rights import reservation

US = "digest/0.1 (+https://example.com/digest)"


def meta(content: str, name: str = "robots") -> str:
    return f'<html><head><title>x</title><meta name="{name}" content="{content}"></head><body><p>Text</body></html>'


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (meta("index, nosnippet"), "nosnippet"),
        (meta("NOSNIPPET", "ROBOTS"), "nosnippet"),
        (meta("max-snippet:0"), "max-snippet:0"),
        (meta("noindex,max-snippet: 50"), "max-snippet: 50"),
        (meta("noindex, nosnippet", "digest"), "nosnippet"),
        (meta("1", "tdm-reservation"), "tdm-reservation"),
        ("<META CONTENT=nosnippet NAME=robots>", "nosnippet"),
        ("<meta property='robots' content='nosnippet'/>", "nosnippet"),
        (meta("index, follow, max-snippet:-1, max-image-preview:large"), ""),
        (meta("index; nosnippet"), "nosnippet"),
        ("<head><meta data-x='a>b' name=robots content=nosnippet>", "nosnippet"),
        (f"<head><style>{'a{} ' * 30_000}</style><meta name=robots content=nosnippet>", "nosnippet"),
        ("<head></head><body><meta name=robots content=nosnippet>", ""),
        (meta("index nosnippet"), "nosnippet"),
        (meta("max-snippet : 0"), "max-snippet : 0"),
        (meta("max-snippet:320"), ""),
        (meta("noindex, nofollow, noarchive, none"), ""),
        (meta("nosnippet", "otherbot"), ""),
        (meta("nosnippet", "description"), ""),
        (meta("0", "tdm-reservation"), ""),
        (f"<!-- {meta('nosnippet')} -->", ""),
        (f"<script>{meta('nosnippet')}</script>", ""),
        ("", ""),
    ],
)
def test_what_a_page_says_of_excerpts(page: str, words: str) -> None:
    assert reservation(page, (), "", US) == words


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (("noindex, nosnippet",), "nosnippet"),
        (("noindex", "NoSnippet"), "nosnippet"),
        (("digest: noindex, nosnippet",), "nosnippet"),
        (("*: nosnippet",), "nosnippet"),
        (("max-snippet: 0",), "max-snippet: 0"),
        (("unavailable_after: 25 Jun 2030 15:00:00 PST, nosnippet",), "nosnippet"),
        (("otherbot: noindex, nosnippet",), ""),
        (("otherbot: nosnippet, digest: noindex",), ""),
        (("otherbot: noindex", "nosnippet"), "nosnippet"),
        (("max-image-preview:large",), ""),
    ],
)
def test_what_its_headers_say_of_excerpts(headers: tuple[str, ...], words: str) -> None:
    assert reservation("<p>Text", headers, "", US) == words


def test_a_reservation_of_mining_may_stand_in_a_header() -> None:
    assert reservation("", (), " 1 ", US) == "tdm-reservation"
    assert reservation("", (), "0", US) == ""


@given(st.text(alphabet="<>meta nosipt=\"':-,/!", max_size=200))
def test_any_page_and_header_have_an_answer(text: str) -> None:
    assert isinstance(reservation(text, (text,), text, text), str)


@pytest.mark.parametrize("piece", ["<meta ", "<!--", "<script", "<meta name=", ",", "a:"])
def test_a_hostile_page_is_read_once(piece: str) -> None:
    assert reservation(piece * 20_000, (piece * 20_000,), "", US) == ""

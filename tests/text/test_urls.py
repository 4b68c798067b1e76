from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.text.urls import LONGEST_URL, absolute, canonical, same_site

BASE = "https://paper.example/news/feed.xml"

SAME = (
    "https://paper.example/2026/ferry",
    "http://paper.example/2026/ferry",
    "https://www.paper.example/2026/ferry/",
    "https://paper.example:443/2026/ferry",
    "https://PAPER.example./2026/ferry",
    "https://paper.example/2026/ferry#comments",
    "https://paper.example/2026/ferry?utm_source=rss&utm_medium=feed",
    "https://paper.example/2026/ferry?fbclid=abc&gclid=1",
    "https://paper.example/2026/f%65rry",
    "https://m.paper.example/2026/ferry",
    "https://mobile.paper.example/2026/ferry",
    "https://amp.paper.example/2026/ferry",
    "https://paper.example/2026/ferry/amp",
    "https://paper.example/2026/ferry/amp/",
    "https://paper.example/amp/2026/ferry",
    "https://paper.example/2026/ferry?amp=1",
    "https://paper.example/2026/ferry?outputType=amp",
    "https://www.google.com/amp/s/paper.example/2026/ferry",
    "https://paper-example.cdn.ampproject.org/c/s/paper.example/2026/ferry",
    " https://paper.example/2026/ferry\n",
)

OTHERS = (
    "https://paper.example/2026/ferry?page=2",
    "https://paper.example/2026/Ferry",
    "https://sport.paper.example/2026/ferry",
    "https://paper.example:8443/2026/ferry",
    "https://paper.example/2026/fer%2Fry",
    "https://paper.example/2026/fer/ry",
    "https://paper.example/2026/ferry/amplified",
    "https://paper.example/",
)


@pytest.mark.parametrize("url", SAME)
def test_variants_of_one_link_have_one_identity(url: str) -> None:
    assert canonical(url) == SAME[0]


def test_different_articles_have_different_identities() -> None:
    assert len({canonical(url) for url in (*OTHERS, SAME[0])}) == len(OTHERS) + 1


def test_the_order_of_parameters_does_not_matter_and_their_values_do() -> None:
    assert canonical("https://a.example/?b=2&a=1") == canonical("https://a.example/?a=1&b=2")
    assert canonical("https://a.example/?id=1") != canonical("https://a.example/?id=2")


def test_an_international_name_has_one_spelling() -> None:
    assert canonical("https://Zürich.example/ä") == canonical("https://xn--zrich-kva.example/%C3%A4")


@pytest.mark.parametrize("url", ["", "/relative", "ftp://a.example/", "mailto:a@b.example", "http://", "https:///x"])
def test_what_is_no_absolute_web_link_has_no_identity(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        canonical(url)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://other.example/a?b=c#d", "https://other.example/a?b=c#d"),
        ("/a", "https://paper.example/a"),
        ("a", "https://paper.example/news/a"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("?a=1", "https://paper.example/news/feed.xml?a=1"),
        ("  /a b\n", "https://paper.example/a%20b"),
        ("/a\tb\nc", "https://paper.example/abc"),
        ('/"<a>"', "https://paper.example/%22%3Ca%3E%22"),
        ("/%zz", "https://paper.example/%zz"),
        ("/ä", "https://paper.example/ä"),
        ("HTTP://Other.example/A", "http://Other.example/A"),
        ("http://[::1]/", "http://[::1]/"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("http://[bad/", None),
        ("http://a.example:port/", None),
        ("http:///a", None),
        ("", None),
        ("/" + "a" * LONGEST_URL, None),
    ],
)
def test_a_link_is_made_absolute_as_a_browser_would(link: str, expected: str | None) -> None:
    assert absolute(link, BASE) == expected


def test_one_site_has_several_hosts() -> None:
    assert same_site("https://www.paper.example/a", "http://m.paper.example/b")
    assert not same_site("https://paper.example/", "https://other.example/")


@example(".")
@given(st.text(max_size=80))
def test_any_text_is_a_link_or_none_and_a_link_has_an_identity(text: str) -> None:
    for written in (text, f"http://{text}", f"https://a.example/{text}", f"//{text}?{text}#{text}"):
        link = absolute(written, BASE)
        if link is None:
            continue
        assert link.startswith(("http://", "https://"))
        assert absolute(link, BASE) == link
        identity = canonical(link)
        assert canonical(identity) == identity

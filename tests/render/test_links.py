from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.ids import EditionKey
from digest.render.links import archive_link, leave_links, passage_link, safe_link
from digest.settings import MailSettings, SiteSettings

SITE = SiteSettings(url="https://paper.example/")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "https://",
        "//example.com/x",
        "https://user:word@example.com/",
        "https://exa mple.com/",
        "http://[::1",
        "https://example.com:99999/",
        "mailto:a@example.com",
        "",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address_becomes_no_link(url: str) -> None:
    assert safe_link(url) == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/a?b=1&c=2#d", "https://example.com/a?b=1&c=2#d"),
        ("https://exämple.com/ä", "https://xn--exmple-cua.com/%C3%A4"),
        ("https://example.com/\"onmouseover='x'", "https://example.com/%22onmouseover=%27x%27"),
        ("https://example.com/a\ud800b c", "https://example.com/ab%20c"),
        ("HTTPS://Example.com:8443/%41{{x}}", "https://example.com:8443/%41%7B%7Bx%7D%7D"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
    ],
)
def test_a_link_is_ascii_and_safe_in_an_attribute(url: str, link: str) -> None:
    assert safe_link(url) == link


@given(st.text())
def test_no_text_makes_a_link_that_could_leave_its_attribute(tail: str) -> None:
    link = safe_link("https://example.com/" + tail)
    assert link.isascii()
    assert not set(link) & set("\"'<>{}\\ \r\n\t\0")


def test_a_passage_stands_after_the_fragment_or_for_one() -> None:
    assert passage_link("https://a.example/x", "text=a%20b,c") == "https://a.example/x#:~:text=a%20b,c"
    assert passage_link("https://a.example/x#top", "text=a") == "https://a.example/x#top:~:text=a"
    assert passage_link("https://a.example/x", "") == "https://a.example/x"


def test_without_a_public_site_readers_leave_by_mail_alone() -> None:
    leave = leave_links(SiteSettings(), MailSettings(sender="news@paper.example"), "u1", "p1")
    assert (leave.https, leave.mailto, leave.preferences) == ("", "mailto:news@paper.example?subject=leave-u1", "")


def test_with_a_public_site_they_leave_by_https_too() -> None:
    leave = leave_links(SITE, MailSettings(reply_to="desk@paper.example"), "u1", "p1")
    assert leave.https == "https://paper.example/leave/u1"
    assert leave.preferences == "https://paper.example/preferences/p1"


def test_the_archive_is_addressed_by_name_day_and_story() -> None:
    key = EditionKey(name="morning", date=date(2026, 11, 23))
    assert archive_link(SITE, key, "s-1") == "https://paper.example/archive/morning/2026-11-23#s-1"
    assert archive_link(SiteSettings(), key) == ""

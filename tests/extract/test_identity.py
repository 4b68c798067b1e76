from __future__ import annotations

from dataclasses import replace

import pytest
from tests.extract.conftest import Press

from digest.errors import Unreadable
from digest.extract.identity import is_elsewhere, tells_apart
from digest.model.article import Page

SITE = "https://varn.example"
SUMMARY = "The ferry sails again from Monday after eleven weeks, the harbour board told the farmers on Sunday."


@pytest.mark.parametrize(
    ("claimed", "own"),
    [
        ("/story.php", "/story.php?id=501"),
        ("/read", "/read?slug=ferry-returns"),
        ("/index.html", "/2026/11/27/story-4/index.html"),
        ("/local/news", "/local/7-news-item"),
        ("/view?article=list", "/view?article=501"),
        ("/", "/2026/ferry-returns-after-repair"),
        ("/news/ferry", "/news/ferry-returns-after-repair"),
    ],
)
def test_an_address_that_drops_what_tells_articles_apart_is_not_believed(claimed: str, own: str) -> None:
    assert not tells_apart(SITE + claimed, SITE + own)


@pytest.mark.parametrize(
    ("claimed", "own"),
    [
        ("/news/ferry-returns-after-repair", "/news/ferry-returns-after-repair?source=rss7"),
        ("/news/ferry-line-sails-again-1234567", "/news/ferry-returns-1234567"),
        ("/2026/11/27/ferry-returns", "/2026/11/27/ferry-returns/amp"),
        ("/story.php?id=501", "/story.php?id=501&utm_source=feed"),
        ("/a-1234567.html", "/a-1234567.html?print=1"),
    ],
)
def test_an_address_that_keeps_it_is_believed(claimed: str, own: str) -> None:
    assert tells_apart(SITE + claimed, SITE + own)


def test_a_canonical_link_to_the_section_leaves_the_article_its_own_address(press: Press) -> None:
    head = '<link rel="canonical" href="https://www.harbour-courier.example/news">'
    assert press.read(press.html(head=head)).url == press.url


@pytest.mark.parametrize(
    ("reached", "meant", "elsewhere"),
    [
        ("/", "/news/ferry-returns", True),
        ("/news/", "/news/ferry-returns", True),
        ("/news/ferry-returns-again", "/news/ferry-returns", False),
        ("/?p=12", "/news/ferry-returns", False),
        ("/", "/", False),
    ],
)
def test_a_link_that_ends_on_a_front_page_led_elsewhere(reached: str, meant: str, *, elsewhere: bool) -> None:
    assert is_elsewhere(SITE + reached, SITE + meant) is elsewhere


STAND_INS = {
    "a robot check": "Please confirm that you are no robot. We noticed unusual traffic from your network and need to "
    "check your browser before you can go on to the page. Write to support and give the number below.",
    "an error": "Sorry, the page that you are looking for was not found. It may have been moved or deleted. Use the "
    "search to find what you were looking for, or go back to the front page with the stories of the day.",
    "a log-in": "Log in to read on. Create a free account or log in with your address and password, and you will be "
    "taken back. With an account you may read five stories a month, save stories, and comment on them.",
    "a maintenance": "Wir sind gleich zurück. Unsere Seiten werden gerade gewartet und sind in einer Stunde wieder zu "
    "erreichen. Wir bitten um Verständnis und danken für Ihre Geduld, während Techniker am Werk sind.",
}


@pytest.mark.parametrize("kind", STAND_INS)
@pytest.mark.parametrize("title", ["Harbour Courier", "Ferry line returns"])
def test_a_page_that_stands_for_the_article_is_not_taken_for_it(press: Press, kind: str, title: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><main><p>{STAND_INS[kind]}</p></main></body></html>"
    with pytest.raises(Unreadable, match="something else"):
        press.read(html, press.entry(summary=SUMMARY))


def test_a_front_page_is_not_the_article_though_it_names_it(press: Press) -> None:
    page = replace(press.page(press.html()), url="https://www.harbour-courier.example/")
    assert isinstance(page, Page)
    with pytest.raises(Unreadable, match="something else"):
        press.at(page, press.entry(summary=SUMMARY))


def test_an_article_under_another_title_is_the_article(press: Press) -> None:
    assert press.read(press.html(), press.entry(title="Island breathes again", summary=SUMMARY)).text
    assert press.read(press.html(), press.entry(title="Ferry", summary="")).text

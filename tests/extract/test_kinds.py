from __future__ import annotations

from typing import Protocol

import pytest

from digest.errors import Unreadable
from digest.extract.article import from_feed
from digest.extract.kinds import ARTICLE_TEXT, declared_kind, is_wall, kind_of
from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.source import FeedEntry

WALLS = (
    (
        "We value your privacy\n\nWe and our partners keep information on a device, such as cookies, and process "
        "personal data to show you what may please you.\n\nYou may accept or manage your choices by clicking below, "
        "including your right to object where our partners name an interest of their own."
    ),
    (
        "Weiterlesen mit Werbung\n\nBesuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung können Sie "
        "im Datenschutz jederzeit ändern.\n\nCookies und ähnliche Kennungen werden auf Ihrem Gerät gespeichert, und "
        "wir verarbeiten sie mit 120 Partnern."
    ),
    (
        "Avant de continuer\n\nNous nous servons de cookies et de données pour mesurer l'audience.\n\nSi vous "
        "choisissez « Tout refuser », nous ne nous servirons pas de cookies à ces fins."
    ),
)


class Press(Protocol):
    url: str
    title: str
    paragraphs: tuple[str, ...]

    def html(self, above: str = "", below: str = "", head: str = "", paragraphs: tuple[str, ...] = ...) -> str: ...
    def entry(self, title: str = ..., summary: str = "", content: str = "") -> FeedEntry: ...
    def read(self, html: str, entry: FeedEntry | None = None, furniture: frozenset[str] = ...) -> Article: ...


@pytest.mark.parametrize(
    ("types", "others", "og_type", "path", "kind"),
    [
        ({"NewsArticle"}, {"NewsArticle", "LiveBlogPosting"}, "", "/a/b", ArticleKind.LIVE_BLOG),
        (set(), set(), "", "/sport/live-blog/the-final", ArticleKind.LIVE_BLOG),
        (set(), {"VideoObject"}, "", "/a/b", ArticleKind.VIDEO),
        ({"NewsArticle"}, {"NewsArticle", "VideoObject"}, "article", "/a/b", ArticleKind.ARTICLE),
        (set(), set(), "video.other", "/a/b", ArticleKind.VIDEO),
        ({"NewsArticle"}, {"NewsArticle"}, "article", "/video/the-final", ArticleKind.VIDEO),
        (set(), {"ImageGallery"}, "", "/a/b", ArticleKind.GALLERY),
        (set(), set(), "", "/culture/gallery/the-pier", ArticleKind.GALLERY),
        (set(), set(), "article", "/news/video", ArticleKind.ARTICLE),
    ],
)
def test_a_page_says_what_it_is_by_its_data_or_its_section(
    types: set[str], others: set[str], og_type: str, path: str, kind: ArticleKind
) -> None:
    assert declared_kind(types, others, og_type, f"https://paper.example{path}") is kind


def test_running_text_makes_an_article_of_a_video_page_but_not_of_a_live_blog() -> None:
    text = "x" * ARTICLE_TEXT
    assert kind_of(ArticleKind.VIDEO, text) is ArticleKind.ARTICLE
    assert kind_of(ArticleKind.VIDEO, text[1:]) is ArticleKind.VIDEO
    assert kind_of(ArticleKind.LIVE_BLOG, text) is ArticleKind.LIVE_BLOG
    assert kind_of(ArticleKind.ARTICLE, "Too little.") is ArticleKind.STUB


def test_a_video_page_gives_way_to_a_longer_feed_text_and_stays_one(press: Press) -> None:
    head = "<meta property='og:type' content='video.other'>"
    html = press.html(head=head, paragraphs=press.paragraphs[:2])
    alone = press.read(html)
    assert (alone.kind, alone.origin) == (ArticleKind.VIDEO, TextOrigin.PAGE)
    content = "\n\n".join(press.paragraphs)
    article = press.read(html, press.entry(content=content))
    assert (article.kind, article.origin, article.text) == (ArticleKind.VIDEO, TextOrigin.FEED_CONTENT, content)


@pytest.mark.parametrize("wall", WALLS)
def test_a_request_for_consent_is_no_article(press: Press, wall: str) -> None:
    assert is_wall(wall)
    with pytest.raises(Unreadable, match="asks for consent"):
        press.read(press.html(paragraphs=tuple(wall.split("\n\n")[1:]) * 2))
    assert from_feed(press.entry(summary=press.paragraphs[0])).text == press.paragraphs[0]


def test_an_article_about_consent_is_no_wall(press: Press) -> None:
    told = (
        "The regulator fined the company on Monday because its cookies were set before visitors could accept them.\n\n"
        "Its chief said that the ruling would be studied. Lawyers expect an appeal before the end of the year, and "
        "similar cases are pending in four countries."
    )
    assert not is_wall(told)
    assert not is_wall("\n\n".join(press.paragraphs))
    assert not is_wall("")


def test_a_stub_is_called_what_its_feed_called_it(press: Press) -> None:
    html = "<html><head><title>Ferry pages</title></head><body><p>Your browser is being checked.</p></body></html>"
    assert press.read(html, press.entry(title="Ferry line returns")).title == "Ferry line returns"
    assert press.read(html, press.entry(title="")).title == "Ferry pages"


def test_a_page_that_says_nothing_of_what_its_feed_announced_is_not_its_article(press: Press) -> None:
    html = "<html><head><title>Just a moment</title></head><body><p>Your browser is being checked.</p></body></html>"
    with pytest.raises(Unreadable, match="something else"):
        press.read(html, press.entry(title="Ferry returns after eleven weeks"))

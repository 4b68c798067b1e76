from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from digest.errors import Unreadable
from digest.extract.article import article_id, from_feed
from digest.extract.repeated_lines import fingerprint
from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.source import FeedEntry

SEED = Path(__file__).parents[3] / "shared" / "eval" / "data" / "seed" / "article.html"


class Press(Protocol):
    url: str
    title: str
    now: datetime
    paragraphs: tuple[str, ...]

    def html(self, above: str = "", below: str = "", head: str = "", paragraphs: tuple[str, ...] = ...) -> str: ...
    def entry(self, title: str = ..., summary: str = "", content: str = "") -> FeedEntry: ...
    def read(self, html: str, entry: FeedEntry | None = None, furniture: frozenset[str] = ...) -> Article: ...


def test_the_text_is_the_articles_own_paragraphs(press: Press) -> None:
    article = press.read(press.html())
    assert tuple(article.text.split("\n\n")) == press.paragraphs
    assert article.origin is TextOrigin.PAGE
    assert article.kind is ArticleKind.ARTICLE
    assert article.language == "en"


def test_what_the_feed_knows_of_the_article_is_kept(press: Press) -> None:
    article = press.read(press.html())
    assert (article.source_id, article.position, article.first_seen) == (7, 3, press.now)
    assert article.link == f"{press.url}?from=feed"


def test_the_title_is_not_repeated_in_the_text(press: Press) -> None:
    article = press.read(press.html(above=f"<p>{press.title}</p>"))
    assert press.title not in article.text.split("\n\n")


@pytest.mark.parametrize(
    "residue",
    [
        "Sign up for our newsletter and get the day's news in your inbox.",
        "Read more: Island bakery wins prize",
        "Share this on Facebook",
        "Leave a comment",
        "Copyright 2026 Harbour Courier. All rights reserved.",
    ],
)
def test_notices_below_the_text_are_left_out(press: Press, residue: str) -> None:
    article = press.read(press.html(below=f"<p>{residue}</p>"))
    assert residue not in article.text
    assert press.paragraphs[-1] in article.text


def test_a_caption_is_left_out(press: Press) -> None:
    caption = "The ferry in the harbour of Port Ellen on 2 March.JANE DOE / AFP / Getty Images"
    figure = f"<figure><img src='f.jpg' alt='The ferry'><figcaption><p>{caption}</p></figcaption></figure>"
    assert "JANE DOE" not in press.read(press.html(above=figure)).text


def test_a_caption_with_a_credit_glued_to_it_is_left_out(press: Press) -> None:
    caption = (
        "The ferry lies in the harbour of Port Ellen before its first trip on 2 March.JANE DOE / AFP / Getty Images"
    )
    text = press.read(press.html(paragraphs=(caption, *press.paragraphs))).text
    assert "Getty" not in text
    assert "first trip" not in text
    assert text.startswith(press.paragraphs[0])


def test_lines_known_as_furniture_are_left_out(press: Press) -> None:
    line = "The Harbour Courier has served the islands with news of fishing, farming and shinty since it was founded."
    html = press.html(below=f"<p>{line}</p>")
    assert line in press.read(html).text
    assert line not in press.read(html, furniture=frozenset({fingerprint(line)})).text


@pytest.mark.parametrize(
    ("below", "walled"),
    [
        ("<div class='c-paywall__box'><h3>Already a subscriber? Log in.</h3></div>", True),
        ("<div id='regwall'><b>Register for free to continue reading this story</b></div>", True),
        ("<p>Become a member to read on.</p>", True),
        ("<p>Regístrate gratis para seguir leyendo</p>", True),
        ("<p>Wil je verder lezen? Neem een abonnement.</p>", True),
        ("<div class='c-paywall__box'><p>The wall of the harbour was paid for in 1911.</p></div>", False),
        ("<div class='box'><h3>Already a subscriber? Log in.</h3></div>", False),
    ],
)
def test_a_wall_is_known_by_its_words_also_in_an_element_that_is_left_out(
    press: Press, below: str, *, walled: bool
) -> None:
    article = press.read(press.html(below=below, paragraphs=press.paragraphs[:2]))
    assert article.paywalled is walled
    assert "subscriber" not in article.text


def test_a_paywalled_page_gives_way_to_a_longer_feed_text(press: Press) -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    content = "\n\n".join(press.paragraphs)
    article = press.read(press.html(head=head, paragraphs=press.paragraphs[:1]), press.entry(content=content))
    assert article.paywalled
    assert article.origin is TextOrigin.FEED_CONTENT
    assert article.text == content


def test_a_stub_without_a_feed_text_says_that_it_is_one(press: Press) -> None:
    article = press.read(press.html(paragraphs=("The ferry sails again from Monday, the harbour board said.",)))
    assert article.kind is ArticleKind.STUB
    assert article.origin is TextOrigin.PAGE


def test_a_page_without_text_is_unreadable(press: Press) -> None:
    with pytest.raises(Unreadable, match="no text"):
        press.read("<html><head></head><body><img src='x.png'></body></html>")


@pytest.mark.slow
def test_an_unreadable_page_falls_back_on_the_feeds_content_then_on_its_summary(press: Press) -> None:
    long, longer = press.paragraphs[0], "\n\n".join(press.paragraphs)
    assert from_feed(press.entry(summary=long)).origin is TextOrigin.FEED_SUMMARY
    assert from_feed(press.entry(summary=long, content=longer)).text == longer


def test_a_summary_too_short_for_a_bullet_leaves_only_the_title(press: Press) -> None:
    article = from_feed(press.entry(summary="Read on."))
    assert (article.origin, article.text, article.kind) == (TextOrigin.NONE, "", ArticleKind.STUB)


def test_another_text_at_the_same_address_is_another_version() -> None:
    assert article_id("https://a.example/", "T", "one") != article_id("https://a.example/", "T", "two")
    assert article_id("u", "ab", "c") != article_id("u", "a", "bc")
    assert len(article_id("u", "t", "x")) == 64


def test_the_same_page_gives_the_same_article_twice(press: Press) -> None:
    assert press.read(press.html()) == press.read(press.html())


def test_the_seed_page_leaves_nothing_but_its_article(press: Press) -> None:
    if not SEED.exists():
        pytest.skip("../shared/eval is not beside this checkout")
    article = press.read(SEED.read_text("utf-8", errors="replace"), press.entry(title=""))
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0].startswith("US Secretary of State Antony Blinken and Russian")
    assert paragraphs[-1].startswith("Western nations accuse")
    assert article.published is not None
    assert article.published.astimezone(UTC).date().isoformat() == "2021-12-03"


def test_what_a_page_says_may_not_be_quoted_is_no_part_of_the_text(press: Press) -> None:
    kept = "This paragraph may not be quoted anywhere, say its owners, who wrote it for their own readers only."
    article = press.read(press.html(below=f"<div data-nosnippet><p>{kept}</p></div>"))
    assert press.paragraphs[-1] in article.text
    assert "may not be quoted" not in article.text

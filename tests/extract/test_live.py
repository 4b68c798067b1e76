from __future__ import annotations

import json
from typing import Protocol

import pytest

from digest.extract.linked_data import nodes
from digest.extract.live import MOST_UPDATES, Update, updates, with_updates
from digest.extract.markup import parse
from digest.model.article import Article, ArticleKind
from digest.model.source import FeedEntry

GOAL = "The harbour eleven went ahead in minute {} when the keeper let a long ball slip, to the delight of the pier."


class Press(Protocol):
    paragraphs: tuple[str, ...]

    def html(self, above: str = "", below: str = "", head: str = "", paragraphs: tuple[str, ...] = ...) -> str: ...
    def read(self, html: str, entry: FeedEntry | None = None, furniture: frozenset[str] = ...) -> Article: ...


def data(*told: object) -> str:
    blog = {"@type": "LiveBlogPosting", "headline": "Ferry line returns", "liveBlogUpdate": told}
    return f'<script type="application/ld+json">{json.dumps(blog)}</script>'


def update(minute: int, headline: str = "") -> dict[str, str]:
    return {"@type": "BlogPosting", "headline": headline, "articleBody": GOAL.format(minute)}


def read(html: str) -> tuple[Update, ...]:
    return updates(nodes(parse(f"<html><head>{html}</head><body><p>x</p></body></html>", "u")), str.strip)


def test_a_live_blog_that_shows_little_is_told_from_its_data(press: Press) -> None:
    goals = [update(minute, f"Goal {minute}") for minute in (12, 30, 45, 60, 75, 90)]
    article = press.read(press.html(head=data(*goals), paragraphs=press.paragraphs[:2]))
    assert article.kind is ArticleKind.LIVE_BLOG
    told = article.text.split("\n\n")
    assert told[:2] == list(press.paragraphs[:2])
    assert told[2:4] == ["Goal 12", GOAL.format(12)]
    assert len(told) == 2 + 2 * len(goals)


def test_updates_that_the_page_shows_are_not_told_twice() -> None:
    live = [Update(f"Goal of {name}", f"{name} scored {GOAL.format(9)}") for name in ("Ian", "Anna", "Karl", "Jane")]
    told = with_updates(live[1].text, live)
    assert all(told.count(one.text) == 1 for one in live)
    assert told.count("Goal of") == 3


def test_a_few_missing_updates_do_not_change_the_text_of_a_page() -> None:
    text = "\n\n".join(GOAL.format(minute) for minute in range(9))
    assert with_updates(text, [Update("", "Something else happened meanwhile.")]) == text


@pytest.mark.parametrize(
    "html",
    ["", data(), data("x", None, 5, {"articleBody": []}, {"headline": "Only a headline"}), data({"articleBody": ""})],
)
def test_what_is_no_update_is_passed_over(html: str) -> None:
    assert read(html) == ()


def test_a_blog_without_end_is_cut() -> None:
    assert len(read(data(*(update(n) for n in range(MOST_UPDATES + 9))))) == MOST_UPDATES

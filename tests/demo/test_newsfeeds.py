from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from urllib.parse import urlsplit

import fastfeedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from protego import Protego

from digest.demo.newsfeeds import feed
from digest.demo.press import ZONE, Access, FeedFormat, Paper, load_press
from digest.demo.server import answer

MORNING = datetime(2026, 10, 14, 5, 40, tzinfo=ZONE)
EVENING = datetime(2026, 10, 14, 16, 40, tzinfo=ZONE)
PAPERS = {paper.feed_format: paper for paper in load_press()}
GAZETTE, COURIER, RECORD = PAPERS[FeedFormat.RSS], PAPERS[FeedFormat.ATOM], PAPERS[FeedFormat.JSON]
VISIBLE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)
MARKUP = st.sampled_from(["<b>bold</b>", "</p><i>out</i>", '"><img>', "&amp;", "]]>", "<!--"])

each_paper = pytest.mark.parametrize("paper", PAPERS.values(), ids=lambda paper: paper.key)


def links(paper: Paper, now: datetime) -> list[str]:
    return [entry.link for entry in fastfeedparser.parse(feed(paper, now)).entries]


@each_paper
@pytest.mark.parametrize("now", [MORNING, EVENING], ids=["morning", "evening"])
def test_a_feed_lists_what_is_printed_by_now_newest_first(paper: Paper, now: datetime) -> None:
    entries = fastfeedparser.parse(feed(paper, now)).entries
    printed = [article for article in paper.published_by(now) for _ in range(1 + article.listed_twice)]
    assert [entry.link.partition("?")[0] for entry in entries] == [paper.url(article) for article in printed]
    for entry, article in zip(entries, printed, strict=True):
        assert datetime.fromisoformat(entry.published) == article.published
        assert article.summary in entry.description.replace("&#x27;", "'")


@each_paper
def test_nothing_of_the_day_stands_in_the_morning_feed(paper: Paper) -> None:
    later = {paper.url(article) for article in paper.articles if article.published > MORNING}
    assert later
    assert not later & {link.partition("?")[0] for link in links(paper, MORNING)}


@each_paper
def test_a_feed_with_nothing_printed_yet_is_still_a_feed(paper: Paper) -> None:
    document = fastfeedparser.parse(feed(paper, paper.articles[-1].published - timedelta(minutes=1)))
    assert document.feed.title == paper.name
    assert document.entries == []


def test_every_listed_page_opens_but_the_one_that_is_gone_and_the_one_that_robots_may_not_see() -> None:
    gone, barred = [], []
    for paper in PAPERS.values():
        rules = Protego.parse(paper.robots)
        for link in links(paper, EVENING):
            parts = urlsplit(link)
            found = answer(paper, f"{parts.path}?{parts.query}", EVENING)
            if not rules.can_fetch(link, "digest/0.1"):
                barred.append(link)
            if found.status is not HTTPStatus.OK:
                gone.append((link, found.status))
    assert gone == [
        (RECORD.url(article), HTTPStatus.GONE) for article in RECORD.articles if article.access is Access.GONE
    ]
    assert barred == ["http://www.wendlecourier.example/club/orchards-third-poor-harvest"]


def test_what_robots_may_not_see_has_a_summary_long_enough_to_serve() -> None:
    assert len(COURIER.by_slug("orchards-third-poor-harvest").summary) > 200


def test_the_dirt_of_real_feeds_is_there() -> None:
    rss, atom = feed(GAZETTE, EVENING).decode(), feed(COURIER, EVENING).decode()
    assert "Dunmore &amp;amp; Hale moves production to &lt;b&gt;Port Sennet&lt;/b&gt;" in rss
    assert '<title type="html">County backs &lt;em&gt;£48.6m&lt;/em&gt; sea gate' in atom
    twice = GAZETTE.url(GAZETTE.by_slug("tidal-barrier-approved"))
    assert [link for link in links(GAZETTE, EVENING) if link.startswith(twice)] == [
        f"{twice}?utm_source=rss&utm_medium=feed&utm_campaign=headlines",
        twice,
    ]


def test_dates_in_a_feed_do_not_depend_on_the_zone_of_the_clock() -> None:
    assert all(feed(paper, EVENING) == feed(paper, EVENING.astimezone(UTC)) for paper in PAPERS.values())


@settings(deadline=None)  # a busy machine is no defect
@given(words=st.lists(VISIBLE | MARKUP, min_size=1).map("".join), form=st.sampled_from(FeedFormat))
def test_a_feed_gives_back_whatever_its_articles_say(words: str, form: FeedFormat) -> None:
    paper = PAPERS[form]
    article = replace(paper.articles[0], title=words, summary=words, author=words, feed_title_html="")
    document = fastfeedparser.parse(feed(replace(paper, articles=(article,)), EVENING))
    (entry,) = document.entries
    assert entry.link.partition("?")[0] == paper.url(article)
    if form is FeedFormat.JSON:
        assert (entry.title, entry.description) == (words, words)
    else:
        assert (unescape(entry.title), html.fromstring(entry.description).text_content()) == (words, words)

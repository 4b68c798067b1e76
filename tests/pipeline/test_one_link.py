"""A source whose items share a link, from its feed to the stored articles, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.conftest import Ready
from tests.fetch.conftest import Names, Serve, answer, lenient
from tests.pipeline.test_gather import NOW, Clock, Site, article, listed

from digest.app import App, open_app
from digest.model.article import TextOrigin
from digest.pipeline.progress import unseen
from digest.settings import DatabaseSettings, ExtractSettings, Settings

TEXTS = (
    (
        "The ferry to Brannoch sailed again on Monday after nine days ashore, and islanders cheered on the quay. "
        "Captain Morag Bell said that all 84 seats were taken by eight in the morning."
    ),
    (
        "Councillors voted 31 to 12 for a tidal barrier that will cost 48 million pounds over the next six years. "
        "Opponents had asked for higher embankments instead."
    ),
    (
        "The county museum paid 19,000 pounds at auction for a map of Tarrow that was drawn by a surveyor in 1714. "
        "Its parchment shows a windmill, two inns and a chapel."
    ),
)
TITLES = ("Harbour ferry sails again", "Council votes for a barrier", "Museum buys a lost map")


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, ready: Ready) -> str:
    return ready(request.param)


def items(*numbers: int, link: str = "/live/41875523", extra: str = "") -> bytes:
    told = "".join(
        f"<item><title>{TITLES[n]}</title><link>http://paper.example{link}</link><guid isPermaLink='false'>post-{n}"
        f"</guid><description>{TEXTS[n]}{extra}</description><pubDate>{format_datetime(NOW)}</pubDate></item>"
        for n in numbers
    )
    return answer(f"<rss version='2.0'><channel><title>Paper</title>{told}</channel></rss>".encode())


def kept(app: App, clock: Clock) -> dict[str, TextOrigin]:
    read = app.stores.articles.window(NOW - timedelta(days=1), clock.now)
    return {each.title: each.origin for each in read}


def opened(place: str, folder: Path, serve: Serve, site: Site, clock: Clock) -> AbstractContextManager[App]:
    settings = Settings(
        folder=str(folder),
        database=DatabaseSettings(url=place),
        fetch=lenient(),
        extract=ExtractSettings(workers=1),
        sources=(listed(),),
    )
    return open_app(settings, clock=clock, resolver=Names(serve(site).port))


def test_each_item_of_a_link_is_an_article_and_stays_the_same_one(tmp_path: Path, place: str, serve: Serve) -> None:
    site, clock = Site({"/feed": items(2, 1, 0), "/live/41875523": article("/live")}), Clock()
    with opened(place, tmp_path, serve, site, clock) as app:
        assert app.gather(unseen).articles == 3
        assert kept(app, clock) == dict.fromkeys(TITLES, TextOrigin.FEED_SUMMARY)
        clock.now += timedelta(hours=8)
        site.pages["/feed"] = items(2, extra=" More was said at noon about the price.")
        report = app.gather(unseen)
        assert (report.articles, report.changed) == (0, 1)
        assert len(kept(app, clock)) == 3


def test_an_item_that_joins_another_of_its_link_is_a_new_article(tmp_path: Path, place: str, serve: Serve) -> None:
    site, clock = Site({"/feed": items(0), "/live/41875523": article("/live")}), Clock()
    with opened(place, tmp_path, serve, site, clock) as app:
        app.gather(unseen)
        clock.now += timedelta(hours=8)
        site.pages["/feed"] = items(1, 0)
        assert app.gather(unseen).articles == 1
        assert len(kept(app, clock)) == 2
        clock.now += timedelta(hours=8)
        site.pages["/feed"] = items(1)
        report = app.gather(unseen)
        assert (report.articles, report.changed) == (0, 0)
        assert len(kept(app, clock)) == 2


def test_items_that_link_to_the_front_page_are_articles_of_the_feed(tmp_path: Path, place: str, serve: Serve) -> None:
    site, clock = Site({"/feed": items(0, 1, link="/"), "/": article("/")}), Clock()
    with opened(place, tmp_path, serve, site, clock) as app:
        app.gather(unseen)
        assert kept(app, clock) == dict.fromkeys(TITLES[:2], TextOrigin.FEED_SUMMARY)


def test_one_page_at_several_queries_is_no_page_of_its_items(tmp_path: Path, place: str, serve: Serve) -> None:
    told = "".join(
        f"<item><title>{TITLES[n]}</title><link>http://paper.example/view?item={n}</link>"
        f"<description>{TEXTS[n]}</description><pubDate>{format_datetime(NOW)}</pubDate></item>"
        for n in range(3)
    )
    shown = "".join(f"<h2>{title}</h2><p>{text}</p>" for title, text in zip(TITLES, TEXTS, strict=True))
    page = answer(
        f"<html><title>All the news</title><body><article>{shown}</article>".encode(), Content_Type="text/html"
    )
    listing = answer(f"<rss version='2.0'><channel><title>Paper</title>{told}</channel></rss>".encode())
    site, clock = Site({"/feed": listing, **{f"/view?item={n}": page for n in range(3)}}), Clock()
    with opened(place, tmp_path, serve, site, clock) as app:
        app.gather(unseen)
        read = app.stores.articles.window(NOW - timedelta(days=1), clock.now)
    assert len(read) == 3
    assert sum(each.origin is TextOrigin.FEED_SUMMARY for each in read) == 2

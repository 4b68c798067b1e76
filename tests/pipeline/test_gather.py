from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.fetch.conftest import Listener, Names, Serve, answer, lenient

from digest.app import App, open_app
from digest.errors import InOtherHands
from digest.model.article import TextOrigin
from digest.model.ids import SourceId
from digest.pipeline.gathering.source_list import accounts
from digest.pipeline.progress import Progress, unseen
from digest.settings import DatabaseSettings, ExtractSettings, Settings, SourceSettings
from digest.storage.leases import TERM, Lease
from digest.storage.schema.press import entries, sightings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FEED = "http://paper.example/feed"
LONG_AGO = NOW - timedelta(days=5)
TEXT = "The council of the harbour town decided on Monday that the old bridge will be closed until the spring. "


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Site:
    """A web site in a dictionary: path to answer; what is missing is 404."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages

    def __call__(self, connection: socket.socket, head: str) -> None:
        connection.sendall(self.pages.get(head.split(" ", 2)[1], answer(status="404 Not Found")))


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


def feed(*paths: str, published: datetime = NOW) -> bytes:
    items = "".join(
        f"<item><title>What happened at {path}</title><link>http://paper.example{path}</link>"
        f"<pubDate>{format_datetime(published)}</pubDate></item>"
        for path in paths
    )
    return f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>".encode()


def article(path: str, head: str = "") -> bytes:
    body = "".join(f"<p>{TEXT} That was said about {path}, part {n}.</p>" for n in range(6))
    page = f"<html><head><title>What happened</title>{head}</head><body><article><h1>What happened</h1>{body}</article>"
    return answer(f"{page}</body></html>".encode(), Content_Type="text/html")


def newspaper(*paths: str) -> Site:
    pages = {path: article(path) for path in paths}
    return Site({"/feed": answer(feed(*paths), ETag='"1"')} | pages)


def listed(url: str = FEED, name: str = "Paper", **values: str) -> SourceSettings:
    return SourceSettings(url=url, name=name, **values)  # type: ignore[arg-type]


pytestmark = pytest.mark.usefixtures("lite_database")  # the file that a newsroom opens


@contextmanager
def newsroom(
    folder: Path, listener: Listener, clock: Clock, *sources: SourceSettings, **fetching: object
) -> Iterator[App]:
    settings = Settings(
        folder=str(folder),
        database=DatabaseSettings(url="sqlite:///digest.db"),
        fetch=lenient(**fetching),
        extract=ExtractSettings(workers=1),
        sources=sources or (listed(),),
    )
    with open_app(settings, clock=clock, resolver=Names(listener.port)) as app:
        yield app


def links(app: App) -> list[str]:
    with app.stores.database.read() as connection:
        return [entry.link for entry in connection.scalars(select(entries.c.entry).order_by(entries.c.id))]


def stop_at(page: int) -> Progress:
    """Return a progress that interrupts the run when it has told of so many articles."""
    told: list[str] = []

    def progress(done: int, total: int, what: str) -> None:  # noqa: ARG001 - a Progress has these
        told.extend([what] if what.startswith("What happened") else [])
        if len(told) == page:
            raise KeyboardInterrupt

    return progress


@pytest.mark.slow
def test_an_interrupted_fetch_goes_on_where_it_stopped(tmp_path: Path, serve: Serve) -> None:
    paths = [f"/2026/11/23/story-{n}" for n in range(6)]
    listener, clock = serve(newspaper(*paths)), Clock()
    with newsroom(tmp_path, listener, clock) as app:
        with pytest.raises(KeyboardInterrupt):
            app.gather(stop_at(3))
        done = {stored.link for stored in app.stores.articles.window(NOW - timedelta(days=1), NOW)}
        assert len(done) == 2
        before = len(listener.paths)
        report = app.gather(unseen)
        read = app.stores.articles.window(NOW - timedelta(days=1), NOW)
    assert report.articles == 4
    assert [path for path in listener.paths[before:] if f"http://paper.example{path}" in done] == []
    assert sorted(stored.link for stored in read) == [f"http://paper.example{path}" for path in paths]


@pytest.mark.slow
def test_a_fetch_waits_for_another_process_and_says_so_once(tmp_path: Path, serve: Serve) -> None:
    listener, clock = serve(Site({"/feed": answer(feed("/old", published=LONG_AGO))})), Clock()
    words: list[str] = []
    with newsroom(tmp_path, listener, clock) as app:
        other = Lease(app.stores.database, "fetch", "another process", clock)
        assert other.renew()
        timer = threading.Timer(1.2, other.give_back)
        timer.start()
        app.gather(unseen, lambda said: words.append(f"{said} {len(listener.paths)}"))
        timer.join()
    (said,) = words
    until = f"{clock() + TERM:%H:%M:%S} UTC"
    assert said == f"Another process does the fetch: waiting for it, until {until} unless it goes on. 0"
    assert listener.paths == ["/feed"]


@pytest.mark.slow
def test_two_processes_that_fetch_at_once_read_each_page_once(tmp_path: Path, serve: Serve) -> None:
    paths = [f"/2026/11/23/story-{n}" for n in range(4)]
    listener, clock = serve(newspaper(*paths)), Clock()
    with newsroom(tmp_path, listener, clock) as one, newsroom(tmp_path, listener, clock) as two:
        threads = [threading.Thread(target=app.gather, args=(unseen,)) for app in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(one.stores.runs.latest()) == 2
    assert sorted(path for path in listener.paths if path.startswith("/2026")) == paths
    asked = [head.lower() for head in listener.heads if head.startswith("GET /feed")]
    assert ["if-none-match" in head for head in asked] == [False, True]


@pytest.mark.slow
def test_a_process_that_slept_while_another_took_over_stops(tmp_path: Path, serve: Serve) -> None:
    clock = Clock()
    with newsroom(tmp_path, serve(newspaper("/2026/11/23/story")), clock) as app:

        def sleep(done: int, total: int, what: str) -> None:  # noqa: ARG001 - a Progress has these
            clock.now += TERM
            assert Lease(app.stores.database, "fetch", "another process", clock).renew()

        with pytest.raises(InOtherHands):
            app.gather(sleep)


def test_a_source_that_moved_for_good_is_stored_at_its_new_place(tmp_path: Path, serve: Serve) -> None:
    moved = answer(status="301 Moved Permanently", Location="http://paper.example/new")
    site = Site({"/feed": moved, "/new": answer(feed("/old", published=LONG_AGO))})
    listener, clock = serve(site), Clock()
    with newsroom(tmp_path, listener, clock) as app:
        for _ in range(4):
            app.gather(unseen)
            clock.now += timedelta(days=1)
        (account,) = accounts(app.stores)
    assert account.state.url == "http://paper.example/new"
    assert account.stored.source.url == FEED
    assert listener.paths == ["/feed", "/new"] * 3 + ["/new"]


def test_every_source_is_fetched_by_its_kind(tmp_path: Path, serve: Serve) -> None:
    page = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body>{}</body></html>"
    story = "<a href='/2026/11/23/bridge-closed'>The old bridge is closed until the spring</a>"
    news = "<urlset><url><loc>http://paper.example/mapped</loc><lastmod>2026-11-01</lastmod></url></urlset>"
    site = Site(
        {
            "/": answer(page.format(story).encode(), Content_Type="text/html"),
            "/feed": answer(feed("/fed", published=LONG_AGO), ETag='"feed"'),
            "/map": answer(news.encode()),
        }
    )
    listener, clock = serve(site), Clock()
    kinds = {"feed": "http://paper.example/", "sitemap": "http://paper.example/map", "front-page": "http://paper.test/"}
    sources = [listed(url, kind, kind=kind) for kind, url in kinds.items()]
    with newsroom(tmp_path, listener, clock, *sources) as app:
        report = app.gather(unseen)
        shown = {source.name: source.entries for source in report.sources}
        found = links(app)
        before = len(listener.heads)
        app.gather(unseen)
    assert shown == {"feed": 1, "sitemap": 1, "front-page": 1}
    stories = ["http://paper.example/fed", "http://paper.example/mapped", "http://paper.test/2026/11/23/bridge-closed"]
    assert sorted(found) == stories
    again = [head for head in listener.heads[before:] if "host: paper.example" in head.lower()]
    assert not any(head.startswith("GET / ") for head in again)
    assert 'if-none-match: "feed"' in next(head for head in again if head.startswith("GET /feed")).lower()


def test_a_page_in_the_place_of_a_feed_that_was_read_before_is_a_failure(tmp_path: Path, serve: Serve) -> None:
    page = b"<html><link rel='alternate' type='application/rss+xml' href='/comments'><p>Back soon</p></html>"
    site = Site({"/feed": answer(feed("/old", published=LONG_AGO)), "/comments": answer(feed("/comment"))})
    listener, clock = serve(site), Clock()
    with newsroom(tmp_path, listener, clock) as app:
        app.gather(unseen)
        site.pages["/feed"] = answer(page, Content_Type="text/html")
        report = app.gather(unseen)
    assert report.sources[0].problem == "neither RSS, RDF, Atom nor JSON Feed"
    assert listener.paths == ["/feed", "/feed"]


def test_the_first_feed_that_a_page_names_and_that_is_one_is_taken(tmp_path: Path, serve: Serve) -> None:
    named = "".join(f"<link rel='alternate' type='application/rss+xml' href='/{n}'>" for n in ("gone", "page", "feed"))
    page = answer(f"<html>{named}</html>".encode(), Content_Type="text/html")
    site = Site({"/": page, "/page": page, "/feed": answer(feed("/old", published=LONG_AGO))})
    with newsroom(tmp_path, serve(site), Clock(), listed("http://paper.example/")) as app:
        report = app.gather(unseen)
        (account,) = accounts(app.stores)
    assert report.sources[0].entries == 1
    assert account.state.url == "http://paper.example/feed"


@pytest.mark.parametrize(
    ("reserved", "origin"),
    [("headline", TextOrigin.NONE), ("feed", TextOrigin.FEED_SUMMARY), ("page", TextOrigin.PAGE)],
)
def test_a_page_that_forbids_excerpts_serves_as_far_as_the_settings_say(
    tmp_path: Path, serve: Serve, reserved: str, origin: TextOrigin
) -> None:
    listing = feed("/a").replace(b"</title><link>", f"</title><description>{TEXT}</description><link>".encode())
    page = article("/a").replace(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex, nosnippet\r\n")
    listener = serve(Site({"/feed": answer(listing), "/a": page}))
    with newsroom(tmp_path, listener, Clock(), reserved=reserved) as app:
        report = app.gather(unseen)
        (kept,) = app.stores.articles.newest(SourceId(1), 5)
    assert kept[1].origin is origin
    assert [page.problem for page in report.pages] == (
        [] if reserved == "page" else ["the page forbids excerpts (nosnippet)"]
    )


def test_a_front_page_is_left_alone_when_its_robots_say_so(tmp_path: Path, serve: Serve) -> None:
    listener = serve(Site({"/robots.txt": answer(b"User-agent: *\nDisallow: /")}))
    with newsroom(tmp_path, listener, Clock(), listed("http://paper.example/", kind="front-page")) as app:
        report = app.gather(unseen)
    assert report.sources[0].problem == "robots.txt asks robots to stay away"
    assert listener.paths == ["/robots.txt"]


def test_an_index_of_sitemaps_is_read_again_though_it_is_the_same(tmp_path: Path, serve: Serve) -> None:
    index = "<sitemapindex><sitemap><loc>http://paper.example/news</loc></sitemap></sitemapindex>"
    old = "<urlset><url><loc>http://paper.example/one</loc><lastmod>2026-11-01</lastmod></url></urlset>"
    site = Site({"/map": answer(index.encode(), ETag='"same"'), "/news": answer(old.encode())})
    listener, clock = serve(site), Clock()
    with newsroom(tmp_path, listener, clock, listed("http://paper.example/map", kind="sitemap")) as app:
        app.gather(unseen)
        app.gather(unseen)
    assert listener.paths == ["/map", "/news"] * 2
    assert not any("if-none-match" in head.lower() for head in listener.heads)


def test_a_link_that_two_sources_show_is_kept_once_with_both_sightings(tmp_path: Path, serve: Serve) -> None:
    site = Site(
        {
            "/feed": answer(feed("/shared?utm_source=rss", published=LONG_AGO)),
            "/world": answer(feed("/other", "/shared", published=LONG_AGO)),
        }
    )
    sources = (listed(), listed("http://paper.test/world", "World"))
    with newsroom(tmp_path, serve(site), Clock(), *sources) as app:
        app.gather(unseen)
        query = (
            select(sightings.c.source_id, sightings.c.position, sightings.c.seen_at)
            .join(entries, entries.c.id == sightings.c.entry_id)
            .where(entries.c.url == "https://paper.example/shared")
            .order_by(sightings.c.source_id)
        )
        with app.stores.database.read() as connection:
            seen = [tuple(row) for row in connection.execute(query)]
        assert len(links(app)) == 2
    assert seen == [(1, 0, NOW), (2, 1, NOW)]


@pytest.mark.parametrize("act", ["rest", "remove"])
def test_pages_of_a_source_that_rests_or_was_removed_are_not_asked_for(tmp_path: Path, serve: Serve, act: str) -> None:
    page = "/2026/11/23/story"
    site = Site({"/feed": answer(feed(page)), page: answer(status="503 Busy")})
    listener, clock = serve(site), Clock()
    with newsroom(tmp_path, listener, clock) as app:
        app.gather(unseen)
        assert listener.paths.count(page) == 1
        app.stores.sources.follow([])
        if act == "remove":
            app.stores.sources.remove(accounts(app.stores)[0].stored.source.id)
    clock.now += timedelta(hours=2)
    with newsroom(tmp_path, listener, clock, listed("http://other.example/none", "Other")) as app:
        report = app.gather(unseen)
        waiting = app.stores.entries.pending()
    assert listener.paths.count(page) == 1
    assert [source.name for source in report.sources] == ["Other"]
    assert len(waiting) == (1 if act == "rest" else 0)


def test_a_fetch_logs_each_source_each_page_and_its_sums(
    tmp_path: Path, serve: Serve, logged: list[MutableMapping[str, Any]]
) -> None:
    site = newspaper("/2026/11/23/bridge")
    site.pages["/feed"] = answer(feed("/2026/11/23/bridge", "/2026/11/23/gone"), ETag='"1"')
    site.pages["/2026/11/23/gone"] = answer(status="410 Gone")

    def script(connection: socket.socket, head: str) -> None:
        known = "if-none-match" in head.lower()
        connection.sendall(answer(status="304 Not Modified")) if known else site(connection, head)

    listener, clock = serve(script), Clock()
    sources = listed(), listed("http://paper.test/nothing", "Nothing")
    with newsroom(tmp_path, listener, clock, *sources) as app:
        app.gather(unseen)
        clock.now += timedelta(hours=1)
        app.gather(unseen)
    named = {name: [event for event in logged if event["event"] == name] for name in {e["event"] for e in logged}}
    assert [(event["source"], event["status"], event["entries"]) for event in named["fetched"]] == [
        (1, 200, 2),
        (1, 304, 0),
    ]
    failed = named["source failed"][0]
    assert (failed["source"], failed["status"], failed["why"], failed["log_level"]) == (2, 404, "HttpStatus", "warning")
    (missing,) = named["page not fetched"]
    assert (missing["host"], missing["status"], missing["source"]) == ("paper.example", 410, 1)
    (fell_back,) = named["page fell back"]
    assert (fell_back["outcome"], fell_back["source"]) == ("left out", 1)
    assert [event["characters"] > 1000 for event in named["page fetched"]] == [True]
    assert [(event["origin"], event["changed"]) for event in named["article read"]] == [("page", False)]
    sums = named["fetch done"][0]
    assert (sums["sources"], sums["failed"], sums["articles"], sums["pages_fell_back"]) == (2, 1, 1, 1)


FOR_SUBSCRIBERS = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
SHOW = (
    "<html><head><title>What happened at /2</title><meta property='og:type' content='video.other'></head>"
    "<body><video src='/2.mp4'></video></body></html>"
)


@pytest.mark.parametrize(
    ("page", "left_out"),
    [
        (answer(b"ID3", Content_Type="audio/mpeg"), False),
        (answer(SHOW.encode(), Content_Type="text/html"), False),
        (answer(b"{}", Content_Type="application/json"), True),
        (answer(b"<html><body></body></html>", Content_Type="text/html"), True),
        (answer(status="403 Forbidden"), True),
        (article("/2", FOR_SUBSCRIBERS), False),
        (article("/2", "<meta name='tdm-reservation' content='1'>"), False),
        (answer(status="402 Payment Required"), False),
    ],
)
def test_an_item_that_has_no_text_by_its_nature_is_no_failure(
    tmp_path: Path, serve: Serve, page: bytes, *, left_out: bool
) -> None:
    site = Site({"/feed": answer(feed("/1", "/2")), "/1": article("/1"), "/2": page})
    with newsroom(tmp_path, serve(site), Clock()) as app:
        report = app.gather(unseen)
    assert (report.articles, len(report.pages), report.left_out) == (2, 1, left_out)


def test_a_page_that_robots_may_not_read_is_no_failure(tmp_path: Path, serve: Serve) -> None:
    site = newspaper("/1", "/2")
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /2", Content_Type="text/plain")
    with newsroom(tmp_path, serve(site), Clock()) as app:
        report = app.gather(unseen)
    assert (report.articles, len(report.pages), report.left_out) == (2, 1, False)


def test_an_article_that_moves_behind_a_wall_keeps_its_text_and_is_no_failure(tmp_path: Path, serve: Serve) -> None:
    site, clock = newspaper("/1"), Clock()
    with newsroom(tmp_path, serve(site), clock) as app:
        app.gather(unseen)
        clock.now += timedelta(hours=2)
        changed = feed("/1", published=clock.now).replace(b"happened at", b"really happened at")
        site.pages |= {"/feed": answer(changed, ETag='"2"'), "/1": article("/1", FOR_SUBSCRIBERS)}
        report = app.gather(unseen)
    assert [(page.problem, page.by_nature) for page in report.pages] == [("behind a paywall", True)]
    assert not report.left_out


def test_a_podcast_whose_items_have_no_link_is_no_failure(tmp_path: Path, serve: Serve) -> None:
    items = "".join(
        f"<item><title>Episode {n}</title><guid isPermaLink='false'>e{n}</guid><description>{TEXT}</description>"
        f"<pubDate>{format_datetime(NOW)}</pubDate></item>"
        for n in range(3)
    )
    pod = f"<rss version='2.0'><channel><title>Pod</title><link>http://paper.example/pod</link>{items}</channel></rss>"
    with newsroom(tmp_path, serve(Site({"/feed": answer(pod.encode())})), Clock()) as app:
        report = app.gather(unseen)
    assert (report.articles, len(report.pages), report.left_out) == (3, 3, False)

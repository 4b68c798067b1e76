from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from tests.fetch.conftest import Listener, Names, Serve, answer, lenient

from digest.errors import (
    ConnectionLost,
    FetchError,
    ForbiddenByRobots,
    HttpStatus,
    NotAFeed,
    NotAPage,
    NotHtml,
    RefusedAddress,
    Reserved,
)
from digest.fetch.client import Client
from digest.fetch.fetcher import Fetcher
from digest.fetch.politeness import SourceStanding, SourceState
from digest.fetch.robots import Asks, MemoryShelf, RobotsFile
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry, Source, SourceKind

RESERVATIONS = "/.well-known/tdmrep.json"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FEED = (
    b"<rss version='2.0'><channel><title>Paper</title>"
    b"<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2</link></item></channel></rss>"
)


class Site:
    """A web site in a dictionary: path to answer; what is missing is 404."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = {f"/{name}": page for name, page in pages.items()}

    def __call__(self, connection: socket.socket, head: str) -> None:
        connection.sendall(self.pages.get(head.split(" ", 2)[1], answer(status="404 Not Found")))


def source(kind: SourceKind = SourceKind.FEED, path: str = "feed", number: int = 1) -> Source:
    return Source(id=SourceId(number), url=f"http://paper.example/{path}", name="Paper", publisher="Paper", kind=kind)


def entry(link: str = "http://paper.example/1", *, has_page: bool = True) -> FeedEntry:
    return FeedEntry(source_id=SourceId(1), url=link, link=link, title="One", seen_at=NOW, has_page=has_page)


@contextmanager
def fetcher_of(listener: Listener, shelf: MemoryShelf | None = None, **changes: object) -> Iterator[Fetcher]:
    settings = lenient(**changes)
    with Client(settings, resolver=Names(listener.port)) as client:
        yield Fetcher(client, settings, shelf or MemoryShelf(), chance=lambda: 0.0)


def test_a_source_gives_its_entries_and_is_asked_with_a_condition_next_time(serve: Serve) -> None:
    site = Site(feed=answer(FEED, ETag='"a"'))
    listener = serve(site)
    with fetcher_of(listener) as fetcher:
        first = fetcher.source(source(), SourceState(), NOW)
        site.pages["/feed"] = answer(status="304 Not Modified")
        second = fetcher.source(source(), first.state, NOW)
    assert [found.link for found in first.entries] == ["http://paper.example/1", "http://paper.example/2"]
    assert first.state.last_result == "2 entries"
    assert 'if-none-match: "a"' in listener.heads[1].lower()
    assert second.entries == ()
    assert second.error is None
    assert second.state.last_result == "nothing new"


def test_not_modified_without_a_question_is_no_success(serve: Serve) -> None:
    with fetcher_of(serve(Site(feed=answer(status="304 Not Modified")))) as fetcher:
        fetched = fetcher.source(source(), SourceState(), NOW)
    assert fetched.error is not None
    assert (fetched.state.failures, fetched.state.last_success) == (1, None)


def test_validators_go_only_to_the_address_that_gave_them(serve: Serve) -> None:
    def numbered(connection: socket.socket, head: str) -> None:
        """Number both files alike, as a counter of versions does."""
        asked = 'if-none-match: "1"' in head.lower()
        connection.sendall(answer(status="304 Not Modified") if asked else answer(FEED, ETag='"1"'))

    def first(connection: socket.socket, head: str) -> None:
        if head.startswith("GET /feed "):
            connection.sendall(answer(status="302 Found", Location=next(where)))
        else:
            numbered(connection, head)

    where = iter(["/old", "/old", "/new"])
    state, brought = SourceState(), []
    with fetcher_of(serve(first)) as fetcher:
        for _ in range(3):
            fetched = fetcher.source(source(), state, NOW)
            state = fetched.state
            brought.append(len(fetched.entries))
    assert brought == [2, 0, 2]


def test_no_request_is_sent_earlier_than_the_server_allowed(serve: Serve) -> None:
    listener = serve(Site(feed=answer(status="429 Slow Down", Retry_After="7200")))
    allowed: list[datetime] = []
    settings = lenient()
    with Client(settings, resolver=Names(listener.port)) as client:
        state = SourceState()
        for minutes in range(0, 60 * 5, 10):
            now = NOW + timedelta(minutes=minutes)
            fresh = Fetcher(client, settings, MemoryShelf(), chance=lambda: 0.0)
            fetched = fresh.source(source(), state, now)
            state = fetched.state
            if fetched.asked:
                allowed.append(now)
    assert allowed == [NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=4)]
    assert len(listener.heads) == len(allowed)


def test_a_host_that_is_busy_is_left_alone_with_all_its_sources_and_pages(serve: Serve) -> None:
    listener = serve(Site(feed=answer(status="503 Busy", Retry_After="3600"), other=answer(FEED)))
    with fetcher_of(listener) as fetcher:
        fetcher.source(source(), SourceState(), NOW)
        other = fetcher.source(source(path="other", number=2), SourceState(), NOW)
        with pytest.raises(HttpStatus):
            fetcher.page(entry(), NOW)
    assert isinstance(other.error, HttpStatus)
    assert other.state.not_before is not None
    assert other.state.not_before > NOW + timedelta(minutes=59)
    assert listener.paths == ["/feed"]


@pytest.mark.slow
def test_a_broken_source_is_named_and_does_not_hold_the_others(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        if "slow.example" in head:
            time.sleep(6)
        elif "broken.example" not in head:
            connection.sendall(answer(FEED))

    listener = serve(script)
    names = ["slow", *(f"paper{n}" for n in range(10)), "broken"]
    wanted = [
        (Source(id=SourceId(n), url=f"http://{name}.example/feed", name=name, publisher=name), SourceState())
        for n, name in enumerate(names)
    ]
    with fetcher_of(listener, connections=3, total_timeout_seconds=5.0) as fetcher:
        found = list(fetcher.sources(wanted, NOW))
    assert found[-1].source.name == "slow"
    assert {fetched.source.name for fetched in found if fetched.error} == {"slow", "broken"}
    assert all(len(fetched.entries) == 2 for fetched in found if not fetched.error)
    assert next(type(fetched.error) for fetched in found if fetched.source.name == "broken") is ConnectionLost


def test_a_source_moves_after_three_days_of_permanent_redirects(serve: Serve) -> None:
    listener = serve(Site(feed=answer(status="301 Moved", Location="/new"), new=answer(FEED)))
    state = SourceState()
    with fetcher_of(listener) as fetcher:
        for day in range(4):
            state = fetcher.source(source(), state, NOW + timedelta(days=day)).state
    assert state.url == "http://paper.example/new"
    assert listener.paths == ["/feed", "/new"] * 3 + ["/new"]


def test_a_gone_source_is_not_asked_again(serve: Serve) -> None:
    listener = serve(Site(feed=answer(status="410 Gone")))
    with fetcher_of(listener) as fetcher:
        state = fetcher.source(source(), SourceState(), NOW).state
        again = fetcher.source(source(), state, NOW + timedelta(days=100))
    assert state.standing is SourceStanding.GONE
    assert not again.asked
    assert len(listener.heads) == 1


def test_what_is_no_feed_is_said_to_be_none(serve: Serve) -> None:
    with fetcher_of(serve(Site(feed=answer(b"<html><body>Welcome")))) as fetcher:
        fetched = fetcher.source(source(), SourceState(), NOW)
    assert isinstance(fetched.error, NotAFeed)
    assert fetched.state.failures == 1


def test_a_sitemap_index_leads_to_its_sitemaps_and_no_deeper(serve: Serve) -> None:
    def index(*names: str) -> bytes:
        return answer(f"<sitemapindex>{''.join(f'<sitemap><loc>/{n}</loc></sitemap>' for n in names)}".encode())

    def urls(*names: str) -> bytes:
        return answer(f"<urlset>{''.join(f'<url><loc>http://paper.example/{n}</loc></url>' for n in names)}".encode())

    site = Site(index=index("news", "deeper", "missing"), news=urls("a", "b"), deeper=index("deepest"))
    listener = serve(site)
    with fetcher_of(listener) as fetcher:
        fetched = fetcher.source(source(SourceKind.SITEMAP, "index"), SourceState(), NOW)
    assert [found.link for found in fetched.entries] == ["http://paper.example/a", "http://paper.example/b"]
    assert "/deepest" not in listener.paths


def test_a_front_page_gives_its_article_links(serve: Serve) -> None:
    page = b"<a href='/2026/11/23/ferry'>The ferry is withdrawn at last</a><a href='/about'>About this newspaper</a>"
    with fetcher_of(serve(Site(front=answer(page)))) as fetcher:
        fetched = fetcher.source(source(SourceKind.FRONT_PAGE, "front"), SourceState(), NOW)
    assert [(found.link, found.title) for found in fetched.entries] == [
        ("http://paper.example/2026/11/23/ferry", "The ferry is withdrawn at last")
    ]


def test_a_page_is_read_after_robots_and_robots_are_asked_once(serve: Serve) -> None:
    rules = answer(b"User-agent: digest\nDisallow: /2\n\nUser-agent: *\nDisallow: /")
    listener = serve(Site(**{"robots.txt": rules, "1": answer(b"<p>one", Content_Type="text/html"), "2": answer(b"x")}))
    with fetcher_of(listener) as fetcher:
        page = fetcher.page(entry(), NOW)
        with pytest.raises(ForbiddenByRobots):
            fetcher.page(entry("http://paper.example/2"), NOW)
    assert page == Page(url="http://paper.example/1", html="<p>one", fetched_at=NOW)
    assert listener.paths == ["/robots.txt", RESERVATIONS, "/1"]


def test_a_page_that_its_sites_file_reserves_is_not_quoted(serve: Serve) -> None:
    rules = b'[{"location": "/free/*", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]'
    own = b'<meta name="tdm-reservation" content="0"><p>two'
    site = Site(
        **{RESERVATIONS[1:]: answer(rules), "1": answer(b"<p>one"), "2": answer(own), "free/3": answer(b"<p>three")}
    )
    listener, shelf = serve(site), MemoryShelf()
    for _ in range(2):  # asked for, and kept
        with fetcher_of(listener, shelf) as fetcher:
            with pytest.raises(Reserved):
                fetcher.page(entry(), NOW)
            assert fetcher.page(entry("http://paper.example/2"), NOW).html.endswith("two")
            assert fetcher.page(entry("http://paper.example/free/3"), NOW).html.endswith("three")
    assert listener.paths.count(RESERVATIONS) == 1


def test_a_site_that_forbids_it_or_an_operator_who_may_quote_is_not_asked_for_reservations(serve: Serve) -> None:
    closed = serve(Site(**{"robots.txt": answer(b"User-agent: *\nDisallow: /.well-known"), "1": answer(b"<p>one")}))
    with fetcher_of(closed) as fetcher:
        fetcher.page(entry(), NOW)
    with fetcher_of(free := serve(Site(**{"1": answer(b"<p>one")})), reserved="page") as fetcher:
        fetcher.page(entry(), NOW)
    assert closed.paths == free.paths == ["/robots.txt", "/1"]


def test_robots_are_kept_for_a_day_on_the_shelf(serve: Serve) -> None:
    shelf = MemoryShelf()
    listener = serve(Site(**{"1": answer(b"<p>one")}))
    for hours in (0, 23, 25):
        with fetcher_of(listener, shelf) as fetcher:
            fetcher.page(entry(), NOW + timedelta(hours=hours))
    asked = ["/robots.txt", RESERVATIONS, "/1"]
    assert listener.paths == [*asked, "/1", *asked]


def test_a_site_whose_robots_fail_is_left_alone_unless_we_know_its_rules(serve: Serve) -> None:
    listener = serve(Site(**{"robots.txt": answer(status="500 Oops"), "1": answer(b"<p>one")}))
    with fetcher_of(listener) as fetcher, pytest.raises(FetchError) as refused:
        fetcher.page(entry(), NOW)
    assert refused.value.advice.value == "retry"
    shelf = MemoryShelf()
    shelf.keep_robots("http://paper.example", RobotsFile(asks=Asks.RULES, text="", fetched_at=NOW - timedelta(days=3)))
    with fetcher_of(listener, shelf) as fetcher:
        assert fetcher.page(entry(), NOW).html == "<p>one"


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.5:8080/robots.txt",
        "http://gone.example/robots.txt",
        "http://dead.example/robots.txt",
        "mailto:robots@paper.example",
        "",
        "/robots.txt",
        "/nowhere",
    ],
)
def test_a_robots_file_behind_a_redirect_that_nobody_can_follow_is_no_file(serve: Serve, location: str) -> None:
    site = Site(**{"robots.txt": answer(status="302 Found", Location=location), "1": answer(b"<p>one")})
    shelf, settings = MemoryShelf(), lenient()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = closed.getsockname()[1]
    names = Names(paper_example=serve(site).port, dead_example=dead)
    with Client(settings, resolver=names) as client:
        assert Fetcher(client, settings, shelf).page(entry(), NOW).html == "<p>one"
    file = shelf.robots("http://paper.example")
    assert file is not None
    assert file.asks is Asks.NOTHING


def test_a_robots_file_that_cannot_be_unpacked_or_is_a_web_page_is_no_file(serve: Serve) -> None:
    page = b"<!doctype html><title>Not found</title>\n<pre>\nUser-agent: *\nDisallow: /\n</pre>"
    for robots in (answer(b"\x0b\x02\x80", Content_Encoding="br"), answer(page), answer(status="304 Not Modified")):
        with fetcher_of(serve(Site(**{"robots.txt": robots, "1": answer(b"<p>one")}))) as fetcher:
            assert fetcher.page(entry(), NOW).html == "<p>one"


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_huge_robots_file_the_beginning_counts(serve: Serve, *, packed: bool) -> None:
    rules = b"User-agent: *\nDisallow: /1\n" + b"Disallow: /one-of-many-folders\n" * 30_000
    robots = answer(gzip.compress(rules), Content_Encoding="gzip") if packed else answer(rules)
    with (
        fetcher_of(serve(Site(**{"robots.txt": robots, "1": answer(b"<p>one")}))) as fetcher,
        pytest.raises(ForbiddenByRobots),
    ):
        fetcher.page(entry(), NOW)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("audio/mpeg", NotAPage), ("application/pdf", NotAPage), ("application/json", NotHtml), ("font/woff2", NotHtml)],
)
def test_a_link_to_a_sound_is_an_item_without_a_page_and_one_to_data_is_a_mistake(
    serve: Serve, kind: str, error: type[FetchError]
) -> None:
    with fetcher_of(serve(Site(**{"1": answer(b"x", Content_Type=kind)}))) as fetcher, pytest.raises(error):
        fetcher.page(entry(), NOW)


def test_a_robots_file_behind_a_redirect_to_another_host_counts(serve: Serve) -> None:
    there = serve(answer(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /1\r\n", Content_Type="text/html"))
    site = Site(**{"robots.txt": answer(status="301 Moved", Location="http://www.paper.example/r"), "1": answer(b"x")})
    settings = lenient()
    names = Names(paper_example=serve(site).port, www_paper_example=there.port)
    with Client(settings, resolver=names) as client, pytest.raises(ForbiddenByRobots):
        Fetcher(client, settings, MemoryShelf()).page(entry(), NOW)


@pytest.mark.parametrize("way", ["article", "robots", "sitemap"])
def test_an_address_that_is_nobodys_business_is_refused_by_every_way(serve: Serve, way: str) -> None:
    victim = serve(answer(b"secret"))
    inside = f"http://127.0.0.2:{victim.port}/"
    site = Site(
        feed=answer(f"<sitemapindex><sitemap><loc>{inside}</loc></sitemap></sitemapindex>".encode()),
        **{"robots.txt": answer(status="302 Found", Location=inside) if way == "robots" else answer()},
        **{"1": answer(b"<p>one")},
    )
    with fetcher_of(serve(site), allow_networks=("127.0.0.1",)) as fetcher:
        if way == "sitemap":
            assert isinstance(fetcher.source(source(), SourceState(), NOW).error, RefusedAddress)
        elif way == "robots":
            assert fetcher.page(entry(), NOW).html == "<p>one"
        else:
            with pytest.raises(RefusedAddress):
                fetcher.page(entry(inside), NOW)
    assert victim.connections == 0


def test_what_is_no_page_is_said_to_be_none(serve: Serve) -> None:
    listener = serve(Site(**{"1": answer(b"%PDF", Content_Type="application/pdf")}))
    with fetcher_of(listener) as fetcher:
        with pytest.raises(NotAPage):
            fetcher.page(entry(), NOW)
        with pytest.raises(NotAPage):
            fetcher.page(entry(has_page=False), NOW)
    assert listener.paths == ["/robots.txt", RESERVATIONS, "/1"]


def test_a_host_is_asked_at_its_pace_and_by_one_at_a_time(serve: Serve) -> None:
    times: list[float] = []
    busy = threading.Semaphore(1)

    def script(connection: socket.socket, head: str) -> None:
        alone = busy.acquire(blocking=False)
        times.append(time.monotonic())
        time.sleep(0.02)
        connection.sendall(
            answer(b"Crawl-delay: 0" if "robots" in head else b"<p>x", status="200 OK" if alone else "500")
        )
        busy.release()

    wanted = [entry(f"http://paper.example/{n}") for n in range(4)]
    started = time.monotonic()
    with fetcher_of(serve(script), host_pause_seconds=0.1) as fetcher:
        pages = [page for _, page in fetcher.pages(wanted, NOW)]
    assert all(isinstance(page, Page) for page in pages)
    assert len(times) == 6
    assert times[-1] - started >= 0.5


def test_a_caller_that_stops_listening_stops_the_fetching(serve: Serve) -> None:
    listener = serve(Site(**{str(n): answer(b"<p>x") for n in range(50)}))
    wanted = [entry(f"http://paper{n}.example/{n}") for n in range(50)]
    with fetcher_of(listener, connections=2) as fetcher:
        next(fetcher.pages(wanted, NOW))
    assert len(listener.heads) < 20


@pytest.mark.parametrize(
    ("page", "kind", "url"),
    [
        (FEED, SourceKind.FEED, "http://paper.example/"),
        (b"<link rel='alternate' type='application/rss+xml' href='/f'>", SourceKind.FEED, "http://paper.example/f"),
        (b"<p>Welcome", SourceKind.SITEMAP, "http://paper.example/latest-news.xml"),
    ],
)
def test_discovery_finds_how_a_site_lists_its_articles(serve: Serve, page: bytes, kind: SourceKind, url: str) -> None:
    sitemap = answer(b"<urlset><url><loc>http://paper.example/1</loc></url></urlset>")
    robots = answer(b"Sitemap: http://paper.example/latest-news.xml")
    site = Site(**{"": answer(page), "f": answer(FEED), "latest-news.xml": sitemap, "robots.txt": robots})
    with fetcher_of(serve(site)) as fetcher:
        found = fetcher.discover("http://paper.example/", NOW)
    assert (found.kind, found.url) == (kind, url)


def test_discovery_takes_a_front_page_when_there_is_nothing_else(serve: Serve) -> None:
    links = "".join(f"<a href='/2026/11/23/{n}'>The headline number {n} of today</a>" for n in range(6))
    with fetcher_of(serve(Site(**{"": answer(links.encode())}))) as fetcher:
        assert fetcher.discover("http://paper.example/", NOW).kind is SourceKind.FRONT_PAGE
    with fetcher_of(serve(Site(**{"": answer(b"<p>Nothing")}))) as fetcher, pytest.raises(NotAFeed):
        fetcher.discover("http://paper.example/", NOW)

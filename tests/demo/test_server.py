from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from digest.demo.press import ZONE, Paper, load_press
from digest.demo.server import PressServer

MORNING = datetime(2026, 10, 14, 5, 40, tzinfo=ZONE)
EVENING = datetime(2026, 10, 14, 16, 40, tzinfo=ZONE)


class Watch:
    """A clock that stands where it was put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    return load_press()


@pytest.fixture
def watch() -> Watch:
    return Watch(MORNING)


@pytest.fixture
def server(papers: tuple[Paper, ...], watch: Watch) -> Iterator[PressServer]:
    with PressServer(papers, watch) as running:
        yield running


def get(server: PressServer, host: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host} | fields)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_each_paper_answers_under_its_own_name_and_no_other(server: PressServer, papers: tuple[Paper, ...]) -> None:
    bodies = {paper.host: get(server, paper.host, paper.feed_path)[1] for paper in papers}
    for paper in papers:
        assert paper.host.encode() in bodies[paper.host]
        assert not any(other.host.encode() in bodies[paper.host] for other in papers if other is not paper)
    response, _ = get(server, "www.elsewhere.example", "/")
    assert response.status == 421


def test_a_port_in_the_host_header_does_not_matter(server: PressServer, papers: tuple[Paper, ...]) -> None:
    paper = papers[0]
    response, _ = get(server, f"{paper.host}:{server.port}", paper.feed_path)
    assert response.status == 200


def test_every_paper_has_an_address_for_the_resolver(server: PressServer, papers: tuple[Paper, ...]) -> None:
    assert dict(server.hosts) == {paper.host: ("127.0.0.1", server.port) for paper in papers}


def test_a_known_feed_is_not_sent_again_until_it_changes(
    server: PressServer, papers: tuple[Paper, ...], watch: Watch
) -> None:
    for paper in papers:
        watch.now = MORNING
        first, _ = get(server, paper.host, paper.feed_path)
        etag = first.headers["ETag"]
        again, body = get(server, paper.host, paper.feed_path, If_None_Match=f'"other", W/{etag}')
        assert (again.status, body) == (304, b"")
        watch.now = EVENING
        later, body = get(server, paper.host, paper.feed_path, If_None_Match=etag)
        assert later.status == 200
        assert body


def test_a_page_is_found_from_the_moment_it_is_printed_and_not_before(
    server: PressServer, papers: tuple[Paper, ...], watch: Watch
) -> None:
    paper = papers[0]
    article = paper.articles[0]
    watch.now = article.published - timedelta(seconds=1)
    assert get(server, paper.host, article.path)[0].status == 404
    watch.now = article.published
    response, body = get(server, paper.host, article.path + "?utm_source=rss")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1" in body


def test_the_server_dates_its_answers_by_the_demo_clock(server: PressServer, papers: tuple[Paper, ...]) -> None:
    response, _ = get(server, papers[0].host, papers[0].feed_path)
    assert response.headers["Date"] == "Wed, 14 Oct 2026 04:40:00 GMT"


def test_a_page_that_was_taken_down_is_gone(server: PressServer, papers: tuple[Paper, ...], watch: Watch) -> None:
    watch.now = EVENING
    gone = [(paper, article) for paper in papers for article in paper.articles if article.access.value == "gone"]
    assert gone
    for paper, article in gone:
        assert get(server, paper.host, article.path)[0].status == 410

"""Articles that a CMS pushes, and the sources, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.web.api_client import ARTICLE, Program, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk, Newspaper

from digest.errors import NotAFeed
from digest.fetch.discovery import FoundSource
from digest.model.source import SourceKind
from digest.web.api.paging import cursor

NEW_SITE = "https://tide.example/"


@pytest.fixture
def api(both_papers: Newspaper, serve: Serve) -> Iterator[Program]:
    program = Program(serve(both_papers.app()), make_token(both_papers.runtime))
    yield program
    program.close()


@pytest.fixture
def quick(paper: Newspaper, serve: Serve) -> Iterator[Program]:
    """Give the same on SQLite alone."""
    program = Program(serve(paper.app()), make_token(paper.runtime))
    yield program
    program.close()


def push(api: Program, name: str = "lighthouse", **changes: object) -> tuple[int, str]:
    told = api("PUT", f"/articles/{name}", ARTICLE | changes)
    return told.status, told.json.get("outcome", told.problem)


def test_a_pushed_article_is_stored_once_by_its_id(both_papers: Newspaper, api: Program) -> None:
    assert push(api) == (201, "created")
    assert push(api) == (200, "unchanged")
    both_papers.now += timedelta(minutes=5)
    assert push(api) == (200, "unchanged")
    assert push(api, title="Lighthouse at Sand Point is dark for a week") == (200, "updated")
    newest, first = api("GET", "/articles").json["items"]
    assert (newest["title"], first["title"]) == ("Lighthouse at Sand Point is dark for a week", ARTICLE["title"])
    assert {each["url"] for each in (newest, first)} == {ARTICLE["url"]}
    (article,) = both_papers.stores.articles.window(both_papers.now - timedelta(hours=1), both_papers.now)
    assert article.title == newest["title"]
    assert article.text.split("\n\n")[1].startswith("The old lamp was lit in 1936")


def test_an_article_that_moved_is_the_same_article(both_papers: Newspaper, api: Program) -> None:
    push(api)
    both_papers.now += timedelta(minutes=5)
    moved = "https://paper1.example/lighthouse-gets-new-lamp"
    assert push(api, url=moved) == (200, "updated")
    (article,) = both_papers.stores.articles.window(both_papers.now - timedelta(hours=1), both_papers.now)
    assert (article.url, article.link) == (ARTICLE["url"], moved)
    assert article.first_seen == both_papers.now - timedelta(minutes=5)


def test_what_the_cms_says_of_an_article_is_kept(paper: Newspaper, quick: Program) -> None:
    picture = {"url": "https://paper1.example/lamp.jpg", "alt": "The lamp", "credit": "Ina Roe", "caption": "New"}
    told: dict[str, Any] = {
        "authors": ["Ina <b>Roe</b>", "Jon Pell"],
        "sections": ["Coast"],
        "language": "en-GB",
        "published": "2026-11-23T04:00:00Z",
        "picture": picture,
        "subtitle": "A lamp for the coast",
        "sponsored": True,
        "source": "Paper 2",
    }
    assert push(quick, **told) == (201, "created")
    (article,) = paper.stores.articles.window(paper.now - timedelta(hours=1), paper.now)
    assert (article.authors, article.sections, article.language) == (("Ina Roe", "Jon Pell"), ("Coast",), "en")
    assert article.image is not None
    assert (article.image.alt, article.image.caption, article.sponsored) == ("The lamp", "New", True)
    assert (article.source_id, article.published, article.subtitle) == (
        2,
        paper.now - timedelta(hours=1),
        "A lamp for the coast",
    )


def test_a_push_of_the_same_text_with_other_facts_changes_these(paper: Newspaper, quick: Program) -> None:
    push(quick)
    paper.now += timedelta(minutes=5)
    assert push(quick, authors=["Ina Roe"], sponsored=True) == (200, "updated")
    (article,) = paper.stores.articles.window(paper.now - timedelta(hours=1), paper.now)
    assert (article.authors, article.sponsored) == (("Ina Roe",), True)


def test_an_article_belongs_to_a_source(quick: Program) -> None:
    assert push(quick, url="https://www.paper2.example/story") == (201, "created")
    assert quick("GET", "/articles").json["items"][0]["source"] == 2
    told = quick("PUT", "/articles/x", ARTICLE | {"url": "https://unknown.example/story"})
    assert (told.status, "add the source" in told.json["detail"]) == (422, True)
    assert push(quick, "x", source="99") == (422, "refused")
    for url in ("https://[x", "https://paper1.example:x/", "http://"):
        assert push(quick, "x", url=url)[0] in {400, 422}
        assert push(quick, "x", picture={"url": url})[0] in {400, 422}
        assert quick("POST", "/sources", {"url": url}).status in {400, 422}
    assert push(quick, "x", title="  ") == (422, "refused")
    assert push(quick, "x", url="ftp://paper1.example/story") == (400, "bad-request")
    assert push(quick, "a%20b") == (404, "not-found")


def test_a_batch_stores_what_it_can_and_names_the_rest(paper: Newspaper, quick: Program) -> None:
    batch = [
        {"id": "one", **ARTICLE},
        {"id": "two", **ARTICLE, "url": "https://unknown.example/story"},
        {"id": "three", **ARTICLE, "url": "https://paper1.example/three"},
        {"id": "one", **ARTICLE},
    ]
    told = quick("POST", "/articles", {"articles": batch})
    assert told.status == 200
    outcomes = [(each["id"], each["outcome"]) for each in told.json["items"]]
    assert outcomes == [("one", "created"), ("two", "refused"), ("three", "created"), ("one", "unchanged")]
    assert "source" in told.json["items"][1]["detail"]
    (entry, *_) = paper.stores.audit.entries()
    assert entry.about == {"articles": "4", "refused articles": "1"}
    wrong = quick("POST", "/articles", {"articles": [{"id": "one", **ARTICLE}, {"id": "two", "colour": 1}]})
    assert (wrong.status, "articles[1]" in wrong.json["detail"]) == (400, True)
    assert quick("POST", "/articles", {"articles": [{"id": "one", **ARTICLE}] * 201}).status == 400


def test_articles_are_listed_in_pages(paper: Newspaper, quick: Program) -> None:
    for number in range(5):
        paper.now += timedelta(seconds=number // 2)  # two of them at the same instant
        push(quick, f"a{number}", url=f"https://paper1.example/{number}")
    found, after = [], ""
    while True:
        page = quick("GET", f"/articles?limit=2{after}").json
        found += [each["url"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(found) == [f"https://paper1.example/{number}" for number in range(5)]
    assert found[0] == "https://paper1.example/4"


def test_a_pushed_article_is_told_in_the_edition(desk: EditorsDesk, serve: Serve) -> None:
    program = Program(serve(desk.app()), make_token(desk.runtime))
    push(program)
    told = program("POST", "/editions/morning/2026-11-23/compose")
    assert told.json["state"] == "ready"
    stories = program("GET", "/editions/morning/2026-11-23").json["stories"]
    assert ARTICLE["title"] in [story["headline"] for story in stories]
    program.close()


def test_a_pushed_article_that_a_feed_lists_too_is_one_article(desk: EditorsDesk, serve: Serve) -> None:
    known = desk.print_("Lighthouse at Sand Point is dark", "Its lamp broke. " * 10)
    program = Program(serve(desk.app()), make_token(desk.runtime))
    desk.now += timedelta(minutes=1)
    assert push(program, url=known.link) == (201, "created")
    window = (desk.now - timedelta(hours=2), desk.now + timedelta(seconds=1))
    found = [one for one in desk.stores.articles.window(*window) if one.url == known.url]
    assert [one.title for one in found] == [ARTICLE["title"]]
    program.close()


def test_sources_are_listed_disabled_and_enabled(both_papers: Newspaper, api: Program) -> None:
    page = api("GET", "/sources?limit=1").json
    assert [(each["name"], each["state"]) for each in page["items"]] == [("Paper 1", "active")]
    rest = api("GET", f"/sources?after={page['next']}").json
    assert ([each["name"] for each in rest["items"]], rest["next"]) == (["Paper 2"], None)
    assert api("POST", "/sources/1/disable").json == {"id": 1, "enabled": False}
    assert api("GET", "/sources").json["items"][0]["state"] == "resting"
    assert [stored.source.id for stored in both_papers.stores.sources.enabled()] == [2]
    assert api("POST", "/sources/1/enable").json == {"id": 1, "enabled": True}
    assert api("POST", "/sources/9/enable").problem == "not-found"


def test_a_source_is_added_once_and_woken_when_it_rests(paper: Newspaper, serve: Serve) -> None:
    looked: list[str] = []

    def discover(url: str) -> FoundSource:
        looked.append(url)
        if "nothing" in url:
            raise NotAFeed(url, "neither a feed nor a sitemap")
        return FoundSource(url=f"{NEW_SITE}feed", kind=SourceKind.FEED, title="The Tide", entries=12)

    paper.discover = discover
    program = Program(serve(paper.app()), make_token(paper.runtime))
    told = program("POST", "/sources", {"url": NEW_SITE, "section": "coast"})
    assert (told.status, told.json) == (
        201,
        {"id": 3, "outcome": "added", "url": f"{NEW_SITE}feed", "name": "The Tide"},
    )
    again = program("POST", "/sources", {"url": f"{NEW_SITE}feed"})
    assert (again.status, again.json["outcome"], looked) == (200, "known", [NEW_SITE])
    program("POST", "/sources/3/disable")
    assert program("POST", "/sources", {"url": f"{NEW_SITE}feed"}).json["outcome"] == "woken"
    listed = program("POST", "/sources", {"url": "https://paper1.example/feed", "name": "Another"})
    assert (listed.status, listed.problem) == (409, "listed-in-settings")
    nothing = program("POST", "/sources", {"url": "https://nothing.example/"})
    assert (nothing.status, nothing.problem) == (422, "refused")
    program.close()


def test_a_process_that_fetches_nothing_adds_no_source(quick: Program) -> None:
    assert quick("POST", "/sources", {"url": NEW_SITE}).problem == "refused"


@pytest.mark.parametrize(
    "after",
    [
        ("2026-11-23T04:00:00Z", "a\x00b"),
        ("2026-11-23T04:00:00", "a"),
        ("0001-01-01T00:00:00+14:00", "a"),
        ("9999-12-31T23:59:59-10:00", "a"),
    ],
)
def test_a_cursor_that_names_no_possible_row_is_refused(api: Program, after: tuple[str, str]) -> None:
    told = api("GET", f"/articles?after={cursor(*after)}")
    assert (told.status, told.problem) == (422, "refused")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"])
@pytest.mark.parametrize("name", ["published", "updated"])
def test_a_moment_that_no_clock_in_utc_shows_is_refused(quick: Program, name: str, moment: str) -> None:
    assert push(quick, **{name: moment}) == (400, "bad-request")

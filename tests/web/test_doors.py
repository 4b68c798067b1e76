"""The doors, asked without a server: who may post where, which page is shown, and what an answer is made from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import Headers

from digest.errors import StorageError
from digest.settings import Settings, SiteSettings, WebSettings
from digest.web.routing import PageRoute, PageRouter, is_from_here
from digest.web.visit import PageAnswer, Visit

FORM = "application/x-www-form-urlencoded"


@dataclass
class Pages:
    """What the doors know of the pages: their settings and languages, and a page for trouble."""

    root: str = ""
    languages: tuple[str, ...] = ("en", "fr")
    default: str = "en"
    settings: Settings = field(
        default_factory=lambda: Settings(
            folder="/", site=SiteSettings(url="https://paper.example"), web=WebSettings(port=1, host="127.0.0.1")
        )
    )

    def trouble(self, visit: Visit, status: HTTPStatus, headers: tuple[tuple[str, str], ...] = ()) -> PageAnswer:
        return PageAnswer(body=f"{status.value} in {visit.language}".encode(), status=status, headers=headers)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: str


def asked(
    app: Any,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    peer: str = "192.0.2.9",
) -> Reply:
    """Ask an app once, as a server would."""
    path, _, query = path.partition("?")
    named = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    asks = {"method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    where = {"client": (peer, 1234), "server": ("paper.example", 80), "scheme": "http", "http_version": "1.1"}
    scope = {"type": "http", "headers": named, **asks, **where}
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    with suppress(ZeroDivisionError):  # the server logs it; the answer was sent before
        asyncio.run(app(scope, receive, send))
    start = next(message for message in said if message["type"] == "http.response.start")
    whole = b"".join(message.get("body", b"") for message in said if message["type"] == "http.response.body")
    headers_of = {name.decode(): value.decode() for name, value in start["headers"]}
    return Reply(start["status"], headers_of, whole.decode())


def page(name: str) -> Callable[[Visit], PageAnswer]:
    """Return a page that says its name and what it was asked with."""

    def show(visit: Visit) -> PageAnswer:
        known = {"fields": dict(visit.form), "lang": (visit.language, visit.chosen), "client": visit.client}
        return PageAnswer(body=f"{name} {known}".encode(), headers=(("X-Page", name),))

    return show


def app_of(*doors: PageRoute, pages: Pages | None = None) -> Any:
    return PageRouter(pages or Pages(), doors).app()  # type: ignore[arg-type]


OURS = PageRoute(path="/form", show=page("shown"), act=page("acted"))
ANYBODYS = PageRoute(path="/leave/{token}", show=page("shown"), act=page("left"), from_anywhere=True)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://paper.example"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "https://paper.example"}, True),
        ({"Origin": "https://evil.example"}, False),
    ],
)
def test_a_form_is_from_here_as_far_as_the_browser_says(
    headers: Mapping[str, str],
    ours: bool,  # noqa: FBT001 - the case itself
) -> None:
    assert is_from_here(Headers(headers), "https://paper.example") == ours
    posted = asked(app_of(OURS, ANYBODYS), "POST", "/form", headers)
    assert posted.status == (200 if ours else 403)
    assert posted.body.startswith("acted" if ours else "403")
    assert asked(app_of(OURS, ANYBODYS), "POST", "/leave/abc", headers).body.startswith("left")


def test_get_shows_and_post_acts_and_a_door_without_an_act_takes_no_post() -> None:
    app = app_of(OURS, PageRoute(path="/page", show=page("page")))
    assert asked(app, "GET", "/form").headers["x-page"] == "shown"
    assert asked(app, "HEAD", "/form").status == 200
    assert asked(app, "POST", "/form").headers["x-page"] == "acted"
    assert asked(app, "GET", "/page").status == 200
    refused = asked(app, "POST", "/page")
    assert (refused.status, set(refused.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})


@pytest.mark.parametrize(
    ("kind", "read"),
    [(FORM, True), (f" {FORM.upper()} ; charset=utf-8", True), ("text/plain", False), (None, True)],
)
def test_only_a_form_is_read_as_one(kind: str | None, read: bool) -> None:  # noqa: FBT001 - the case itself
    headers = {} if kind is None else {"Content-Type": kind}
    said = asked(app_of(OURS), "POST", "/form", headers, b"a=1&a=2").body
    assert ("'a': ('1', '2')" in said) == read


@pytest.mark.parametrize(
    ("path", "accepted", "lang"),
    [
        ("/form", "", "('en', False)"),
        ("/form", "fr;q=0.9, de", "('fr', False)"),
        ("/form?lang=fr", "en", "('fr', True)"),
        ("/form?lang=xx", "fr", "('fr', False)"),
    ],
)
def test_a_page_is_in_the_language_that_is_asked_for_or_the_browsers(path: str, accepted: str, lang: str) -> None:
    assert f"'lang': {lang}" in asked(app_of(OURS), "GET", path, {"Accept-Language": accepted}).body


def test_a_visitor_is_who_asks_or_for_whom_our_proxy_asks() -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert "'client': '192.0.2.9'" in asked(app_of(OURS), "GET", "/form", forwarded).body
    assert "'client': '203.0.113.7'" in asked(app_of(OURS), "GET", "/form", forwarded, peer="127.0.0.1").body


def test_what_is_at_hand_is_shown_without_asking_anybody() -> None:
    def never(visit: Visit) -> PageAnswer:
        raise AssertionError(visit)

    held = PageRoute(path="/style", show=never, at_hand=lambda _visit: PageAnswer(body=b"at hand"))
    assert asked(app_of(held), "GET", "/style").body == "at hand"
    empty = PageRoute(path="/style", show=page("shown"), at_hand=lambda _visit: None)
    assert asked(app_of(empty), "GET", "/style").headers["x-page"] == "shown"


def test_a_path_that_leads_nowhere_is_answered_with_a_page() -> None:
    found = asked(app_of(OURS), "GET", "/nowhere")
    assert (found.status, found.body) == (404, "404 in en")
    assert asked(app_of(OURS), "GET", "/form/").status == 200, "a link with a tail leads where it was written for"


def test_a_link_to_a_token_leads_there_however_a_mail_program_wrote_it() -> None:
    app = app_of(ANYBODYS)
    for path in ("/leave/token", "/Leave/token", "/LEAVE/token>", "/leave/token/"):
        assert asked(app, "GET", path).headers["x-page"] == "shown", path
    assert asked(app, "GET", "/token/leave").status == 404


def test_nobody_is_led_to_a_path_that_only_ends_in_another_slash() -> None:
    there = PageRoute(path="/page/", show=page("shown"))
    assert asked(app_of(there), "GET", "/page", {"Host": "elsewhere.example"}).status == 404


def test_a_database_that_is_away_is_told_and_when_to_come_again(logged: list[Any]) -> None:
    def away(visit: Visit) -> PageAnswer:
        raise StorageError(f"no database for {visit.language}")

    moments = [0.0]
    keeper = PageRouter(Pages(), [PageRoute(path="/page", show=away)], lambda: moments[0])  # type: ignore[arg-type]
    app, told = keeper.app(), []
    for moment in (0.0, 60.0, 120.0, 180.1):
        moments[0] = moment
        found = asked(app, "GET", "/page")
        assert (found.status, found.headers["retry-after"]) == (503, "5")
        told.append(len([each for each in logged if each["event"] == "page without database"]))
    assert told == [1, 1, 1, 2], "once for one outage: failures of a minute each from the other are of one"


def test_a_page_that_breaks_is_answered_without_a_word_about_it() -> None:
    app = app_of(PageRoute(path="/page", show=lambda _visit: PageAnswer(body=bytes([1 // 0]))))
    found = asked(app, "GET", "/page")
    assert (found.status, found.body) == (500, "500 in en")


def test_pages_below_a_path_stay_there() -> None:
    app = app_of(OURS, pages=Pages(root="/letters"))
    assert asked(app, "GET", "/letters/form").status == 200
    assert asked(app, "GET", "/letters").status == 404


def test_a_body_that_is_too_large_is_refused_and_the_connection_closed() -> None:
    keeper = PageRouter(Pages(), [OURS])  # type: ignore[arg-type]
    found = asked(keeper.too_large, "POST", "/form")
    assert (found.status, found.headers["connection"]) == (413, "close")


def test_what_is_no_request_passes_through() -> None:
    seen: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        seen.append(scope["type"])

    led = PageRouter(Pages(), [OURS])._led(inner)  # type: ignore[arg-type]
    asyncio.run(led({"type": "lifespan"}, SimpleNamespace(), SimpleNamespace()))  # type: ignore[arg-type]
    assert seen == ["lifespan"]

"""Every path, method and scope of the API: what is answered, from one table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs
from tests.web.api_client import BODIES, PATH, Program, make_token
from tests.web.conftest import Serve
from tests.web.sites import Site, ask

from digest.model.api_token import Scope
from digest.web.api.budgets import Budgets
from digest.web.api.openapi import document
from digest.web.api.problems import PROBLEMS
from digest.web.api.route import Answer, ApiRoute, Call, Handler
from digest.web.api.router import ApiRouter
from digest.web.api.routes import api_routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
OPEN, ANY = "open", "any"
READER, ONE_EDITION = "/readers/{reader}", "/editions/{edition}/{date}"
TABLE: dict[str, dict[str, str]] = {
    "/openapi.json": {"GET": OPEN},
    "/problems/{problem}": {"GET": OPEN},
    "/token": {"GET": ANY},
    "/sign-ups": {"POST": "readers:write"},
    "/readers": {"GET": "readers:read", "POST": "readers:write"},
    "/readers/find": {"POST": "readers:read"},
    READER: {"GET": "readers:read", "PATCH": "readers:write", "DELETE": "readers:write"},
    f"{READER}/export": {"GET": "readers:read"},
    f"{READER}/leave": {"POST": "readers:write"},
    f"{READER}/pause": {"PUT": "readers:write", "DELETE": "readers:write"},
    f"{READER}/editions/{{edition}}": {"PUT": "readers:write", "DELETE": "readers:write"},
    "/editions": {"GET": "editions:read"},
    ONE_EDITION: {"GET": "editions:read"},
    f"{ONE_EDITION}/letter": {"GET": "editions:read"},
    f"{ONE_EDITION}/compose": {"POST": "editions:write"},
    f"{ONE_EDITION}/hold": {"POST": "editions:write"},
    f"{ONE_EDITION}/approve": {"POST": "editions:send"},
    f"{ONE_EDITION}/send": {"POST": "editions:send"},
    f"{ONE_EDITION}/test": {"POST": "editions:send"},
    "/sources": {"GET": "sources:read", "POST": "sources:write"},
    "/sources/{source}/enable": {"POST": "sources:write"},
    "/sources/{source}/disable": {"POST": "sources:write"},
    "/articles": {"GET": "articles:read", "POST": "articles:write"},
    "/articles/{article}": {"PUT": "articles:write"},
    "/archive": {"GET": "editions:read"},
    "/archive/{edition}/{date}": {"GET": "editions:read"},
    "/numbers": {"GET": "numbers:read"},
}
"""Path -> method -> the scope that it needs."""
PLACES = {
    "{reader}": "7",
    "{source}": "1",
    "{edition}": "morning",
    "{date}": "2026-11-23",
    "{article}": "lighthouse",
    "{problem}": "refused",
}


def filled(path: str) -> str:
    for place, value in PLACES.items():
        path = path.replace(place, value)
    return path


class Counter:
    """The API with handlers that only note which route was reached."""

    def __init__(self, site: Site, serve: Serve) -> None:
        self.reached: list[tuple[str, str]] = []
        self.runtime = site.runtime
        self.routes = api_routes(site.runtime, "http://127.0.0.1/api/v1")
        stubs = [replace(route, handle=self._noting(route)) for route in self.routes]
        router = ApiRouter(site.runtime, stubs, "http://127.0.0.1/api/v1", PATH, Budgets(100_000))
        self.ask = Program(serve(router.app()))

    def _noting(self, route: ApiRoute) -> Handler:
        def noted(_: Call) -> Answer:
            self.reached.append((route.method, route.path))
            return Answer(body={"reached": True})

        return noted


@pytest.fixture
def api(site: Site, serve: Serve) -> Iterator[Counter]:
    made = Counter(site, serve)
    yield made
    made.ask.close()


def expected(needs: str | None, scope: Scope | None, *, has_token: bool) -> int:
    """Return the status of a request: ``needs`` is the table's word, None for a method that the path lacks."""
    if needs is None:
        return 405
    if needs == OPEN:
        return 200
    if not has_token:
        return 401
    return 200 if needs == ANY or (scope is not None and scope.value == needs) else 403


def test_the_table_of_this_test_has_every_route(api: Counter) -> None:
    found: dict[str, dict[str, str]] = {}
    for route in api.routes:
        needs = OPEN if route.is_open else route.scope.value if route.scope else ANY
        found.setdefault(route.path, {})[route.method] = needs
    assert found == TABLE


@pytest.mark.parametrize("scope", [None, *Scope], ids=lambda scope: scope.value if scope else "no scope")
def test_each_method_of_each_path_is_for_its_scope_alone(api: Counter, scope: Scope | None) -> None:
    token = make_token(api.runtime, "one", [scope] if scope else [])
    wrong = []
    for path, needs in TABLE.items():
        for method in METHODS:
            need = needs.get("GET" if method == "HEAD" else method)
            body = BODIES.get((method, path)) if need else None
            seen = len(api.reached)
            told = api.ask(method, filled(path), body, token, If_Match="*")
            status = 204 if method == "OPTIONS" else expected(need, scope, has_token=True)
            should_reach = [("GET" if method == "HEAD" else method, path)] if status == 200 else []
            if (told.status, api.reached[seen:]) != (status, should_reach):
                wrong.append((method, path, told.status, status))
    assert wrong == []


@pytest.mark.parametrize("token", ["", "nonsense", "dgt_" + "A" * 43 + "00000000"])
def test_without_a_good_token_only_what_is_open_answers(api: Counter, token: str) -> None:
    wrong = []
    for path, needs in TABLE.items():
        for method in METHODS:
            need = needs.get("GET" if method == "HEAD" else method)
            status = 204 if method == "OPTIONS" else expected(need, None, has_token=False)
            told = api.ask(method, filled(path), BODIES.get((method, path)) if need else None, token)
            if told.status != status or (status == 401 and "Bearer" not in told.headers["WWW-Authenticate"]):
                wrong.append((method, path, told.status, status))
    assert wrong == []
    assert {path for _, path in api.reached} == {path for path, needs in TABLE.items() if OPEN in needs.values()}


def test_a_path_says_which_methods_it_has(api: Counter) -> None:
    for method, status in (("OPTIONS", 204), ("PUT", 405)):
        told = api.ask(method, "/readers")
        assert (told.status, told.headers["Allow"]) == (status, "GET, HEAD, OPTIONS, POST")


def test_head_is_get_without_its_body(api: Counter) -> None:
    get, head = api.ask("GET", "/openapi.json"), api.ask("HEAD", "/openapi.json")
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_what_the_document_says_is_what_the_table_has(api: Counter) -> None:
    made = document(api.routes, "http://127.0.0.1/api/v1")
    assert made["openapi"] == "3.1.0"
    assert {path: set(each) for path, each in made["paths"].items()} == {
        path: {method.lower() for method in needs} for path, needs in TABLE.items()
    }
    for path, each in made["paths"].items():
        for method, operation in each.items():
            needs = TABLE[path][method.upper()]
            assert operation["security"] == ([] if needs == OPEN else [{"token": [needs]}]) if needs != ANY else True
    names = [operation["operationId"] for each in made["paths"].values() for operation in each.values()]
    assert len(names) == len(set(names))


def test_every_reference_of_the_document_leads_somewhere(api: Counter) -> None:
    made = document(api.routes, "http://127.0.0.1/api/v1")
    written = json.dumps(made)
    known = set(made["components"]["schemas"])
    named = {part.partition('"')[0] for part in written.split('"#/components/schemas/')[1:]}
    assert named == known


def test_each_kind_of_error_has_a_page_at_its_type(site: Site, serve: Serve) -> None:
    make_token(site.runtime)
    program = Program(serve(site.app()))
    told = program("GET", "/readers")
    assert told.problem == "unauthorized"
    assert told.json == {
        "type": "http://127.0.0.1/api/v1/problems/unauthorized",
        "title": "No valid token",
        "status": 401,
        "detail": "send a token: Authorization: Bearer TOKEN",
    }
    for name, problem in PROBLEMS.items():
        page = program("GET", f"/problems/{name}")
        assert (page.status, problem.title in page.body.decode()) == (200, True)
    assert program("GET", "/problems/nothing").problem == "not-found"
    assert program("GET", "/nothing").problem == "not-found"
    program.close()


def test_there_is_no_api_before_there_is_a_token_and_when_it_is_off(site: Site, serve: Serve) -> None:
    url = serve(site.app())
    assert ask(url, f"{PATH}/openapi.json").headers["Content-Type"].startswith("text/html")
    make_token(site.runtime)
    assert ask(url, f"{PATH}/openapi.json").headers["Content-Type"] == "application/json"
    off = structs.replace(site.settings, api=structs.replace(site.settings.api, off=True))
    site.runtime = replace(site.runtime, settings=off)
    assert ask(serve(site.app()), f"{PATH}/openapi.json").status == 404


def test_the_api_answers_under_the_names_of_the_site_alone(site: Site, serve: Serve) -> None:
    token = make_token(site.runtime)
    program = Program(serve(site.app()), token)
    assert program("GET", "/token", Host="elsewhere.example").status == 421
    told = program("GET", "/token")
    assert (told.status, told.json["name"], len(told.json["scopes"])) == (200, "cms", len(Scope))
    program.close()

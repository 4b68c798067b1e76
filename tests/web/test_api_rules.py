"""Rules of every request: repetitions, ETags, budgets, bodies, pages, and a database that is away."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from msgspec import structs
from tests.web.api_client import BODIES, EDITION, PATH, Program, Told, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk, Newspaper
from tests.web.sites import Site

from digest import errors
from digest.errors import StorageError
from digest.pipeline.people.api_tokens import forget_requests
from digest.web.api.budgets import Budgets
from digest.web.api.paging import cursor
from digest.web.api.problems import of_error
from digest.web.api.repeats import STUCK

SOURCE = {"url": "https://paper1.example/feed"}
ADD = BODIES["POST", "/readers"]


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


def test_a_repeated_request_gets_the_first_answer_and_does_nothing_again(both_papers: Newspaper, api: Program) -> None:
    first = api("POST", "/readers", ADD, Idempotency_Key='"one"')
    before = both_papers.stores.audit.entries()
    again = api("POST", "/readers", ADD, Idempotency_Key="one")
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert (first.headers["Idempotent-Replayed"], again.headers["Idempotent-Replayed"]) == (None, "true")
    assert again.headers["Location"] == first.headers["Location"]
    assert both_papers.stores.audit.entries() == before
    assert api("POST", "/readers", ADD, Idempotency_Key="two").json["outcome"] == "known"


def test_a_key_belongs_to_one_request_of_one_token_for_a_day(both_papers: Newspaper, api: Program) -> None:
    assert api("POST", "/readers", ADD, Idempotency_Key="one").status == 201
    other = api("POST", "/readers", {**ADD, "name": "Ada"}, Idempotency_Key="one")
    assert (other.status, other.problem) == (422, "key-reused")
    elsewhere = api("POST", "/sign-ups", BODIES["POST", "/sign-ups"], Idempotency_Key="one")
    assert elsewhere.problem == "key-reused"
    second = make_token(both_papers.runtime, "second")
    assert api("POST", "/readers", {**ADD, "name": "Ada"}, second, Idempotency_Key="one").status == 200
    both_papers.now += timedelta(hours=24, seconds=1)
    assert api("POST", "/readers", {**ADD, "name": "Ada"}, Idempotency_Key="one").json["outcome"] == "known"


def test_a_refusal_is_repeated_too(api: Program) -> None:
    wrong = {**ADD, "editions": ["weekly"]}
    first = api("POST", "/readers", wrong, Idempotency_Key="one")
    again = api("POST", "/readers", wrong, Idempotency_Key="one")
    assert (first.status, again.status, again.body) == (422, 422, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_many_at_once_with_one_key_do_it_once(both_papers: Newspaper, api: Program) -> None:
    def send(_: int) -> Told:
        program = Program(api.url, api.token)
        told = program("POST", "/readers", ADD, Idempotency_Key="one")
        program.close()
        return told

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(send, range(6)))
    assert {each.status for each in told} <= {201, 409}
    assert {each.problem for each in told} <= {"", "request-in-progress"}
    assert sum(entry.what == "API POST /readers" for entry in both_papers.stores.audit.entries()) == 1


def test_while_the_first_is_answered_the_second_waits_and_a_dead_first_is_forgotten(
    both_papers: Newspaper, api: Program
) -> None:
    api("POST", "/readers", ADD, Idempotency_Key="one")
    with both_papers.stores.database.write() as connection:
        connection.exec_driver_sql("UPDATE api_requests SET status = NULL")
    told = api("POST", "/readers", ADD, Idempotency_Key="one")
    assert (told.status, told.problem, told.headers["Retry-After"]) == (409, "request-in-progress", "5")
    both_papers.now += STUCK + timedelta(seconds=1)
    assert api("POST", "/readers", ADD, Idempotency_Key="one").json["outcome"] == "known"


def test_old_answers_are_deleted(both_papers: Newspaper, api: Program) -> None:
    api("POST", "/readers", ADD, Idempotency_Key="one")
    forget_requests(both_papers.runtime)
    assert api("POST", "/readers", ADD, Idempotency_Key="one").headers["Idempotent-Replayed"] == "true"
    both_papers.now += timedelta(days=2)
    forget_requests(both_papers.runtime)
    with both_papers.stores.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM api_requests").scalar() == 0


@pytest.mark.parametrize("key", ["", "a b", '"a b"', "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(quick: Program, key: str) -> None:
    assert quick("POST", "/readers", ADD, Idempotency_Key=key).problem == "bad-request"
    assert quick("GET", "/readers").json["items"] == []


def test_an_error_of_the_server_is_not_kept(paper: Newspaper, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(serve(paper.app()), make_token(paper.runtime))

    def away(*_: object, **__: object) -> None:
        raise StorageError("the disk is on fire")

    with monkeypatch.context() as broken:
        broken.setattr(paper.stores.readers, "add", away)
        told = program("POST", "/readers", ADD, Idempotency_Key="one")
        assert (told.status, told.problem, "fire" in told.body.decode()) == (503, "unavailable", False)
        assert told.headers["Retry-After"] == "5"
    assert program("POST", "/readers", ADD, Idempotency_Key="one").status == 201
    program.close()


def test_without_its_database_the_api_says_so(paper: Newspaper, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(serve(paper.app()), make_token(paper.runtime))

    def away(*_: object) -> None:
        raise StorageError("gone")

    monkeypatch.setattr(paper.stores.api_tokens, "exist", away)
    monkeypatch.setattr(paper.stores.api_tokens, "find", away)
    told = program("GET", "/readers")
    assert (told.status, told.problem) == (503, "unavailable")
    assert program("GET", "/openapi.json").status == 200
    program.close()


@pytest.mark.parametrize("path", ["/readers", "/editions", EDITION, "/sources", "/numbers", "/openapi.json"])
def test_what_the_caller_has_is_not_sent_again(quick: Program, path: str) -> None:
    first = quick("GET", path)
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = quick("GET", path, If_None_Match=known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert quick("GET", path, If_None_Match='"other"').status == 200
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_get_changes_nothing(desk: EditorsDesk, serve: Serve) -> None:
    quick = Program(serve(desk.app()), make_token(desk.runtime))
    quick("POST", "/readers", ADD)
    quick("GET", "/token")

    def dump() -> list[str]:
        with desk.stores.database.read() as connection:
            plain = connection.connection.driver_connection
            assert plain is not None
            return list(plain.iterdump())

    before = dump()
    for path in (
        "/readers",
        "/readers/1",
        "/readers/1/export",
        "/editions",
        EDITION,
        f"{EDITION}/letter",
        "/editions/evening/2026-11-23",
        "/editions/morning/2031-01-06",
        "/sources",
        "/articles",
        "/archive",
        "/archive/morning/2026-11-23",
        "/numbers",
        "/token",
        "/openapi.json",
    ):
        assert quick("GET", path).status in {200, 404}
        assert quick("HEAD", path).status in {200, 404}
    assert dump() == before
    quick.close()


def test_the_last_use_of_a_token_is_stored_once_a_minute(both_papers: Newspaper, api: Program) -> None:
    def used() -> object:
        return both_papers.stores.api_tokens.all()[0].used_at

    began = both_papers.now
    assert used() is None
    api("GET", "/token")
    assert used() == began
    both_papers.now += timedelta(seconds=59)
    api("GET", "/token")
    assert used() == began
    both_papers.now += timedelta(seconds=1)
    api("GET", "/token")
    assert used() == both_papers.now


def other_at(text: str, position: int) -> str:
    """Return the text with another letter at that position."""
    letters = list(text)
    letters[position] = "A" if letters[position] != "A" else "B"
    return "".join(letters)


def test_what_has_not_the_form_of_a_token_is_refused_without_a_query(
    paper: Newspaper, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(serve(paper.app()), make_token(paper.runtime))
    assert program("GET", "/token").status == 200
    asked: list[str] = []
    monkeypatch.setattr(paper.stores.api_tokens, "find", asked.append)
    for token in ("guess", other_at(program.token, -1), other_at(program.token, -9)):
        assert program("GET", "/token", token=token).problem == "unauthorized"
    assert asked == []
    assert program("GET", "/token").problem == "unauthorized"
    assert len(asked) == 1
    program.close()


def test_a_token_works_until_it_expires_or_is_revoked(both_papers: Newspaper, api: Program) -> None:
    assert api("GET", "/token").status == 200
    both_papers.stores.api_tokens.revoke("cms", both_papers.now)
    told = api("GET", "/token")
    assert (told.status, told.problem, told.headers["WWW-Authenticate"]) == (
        401,
        "unauthorized",
        'Bearer realm="digest", error="invalid_token"',
    )


def test_a_token_has_its_budget_for_a_minute(paper: Newspaper, serve: Serve) -> None:
    paper.settings = structs.replace(paper.settings, api=structs.replace(paper.settings.api, per_minute=3))
    first, second = make_token(paper.runtime), make_token(paper.runtime, "second")
    program = Program(serve(paper.app()), first)
    told = [program("GET", "/token") for _ in range(5)]
    assert [each.status for each in told] == [200, 200, 200, 429, 429]
    assert told[0].headers["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert [each.headers["RateLimit"].partition(";t=")[0] for each in told[:4]] == [
        '"minute";r=2',
        '"minute";r=1',
        '"minute";r=0',
        '"minute";r=0',
    ]
    assert told[3].problem == "too-many-requests"
    assert 1 <= int(told[3].headers["Retry-After"]) <= 60
    assert program("GET", "/token", token=second).status == 200
    program.close()


def test_a_budget_is_new_after_a_minute() -> None:
    now = [100.0]
    budgets = Budgets(2, lambda: now[0])
    assert [budgets.spend(1).left for _ in range(3)] == [1, 0, -1]
    now[0] += 59.5
    assert (budgets.spend(1).is_too_much, budgets.spend(1).seconds) == (True, 1)
    now[0] += 0.5
    assert budgets.spend(1).left == 1


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"", "application/json", "bad-request"),
        (b"{", "application/json", "bad-request"),
        (b"[]", "application/json", "bad-request"),
        (b"null", "application/json", "bad-request"),
        (b"\xff\xfe", "application/json", "bad-request"),
        (b'{"url": "https://a.example/", "url2": 1}', "application/json", "bad-request"),
        (b'{"url": "https://\\ud800.example/"}', "application/json", "bad-request"),
        (b'{"url": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json", "bad-request"),
        (b'{"name": ' * 20_000 + b"1" + b"}" * 20_000, "application/json", "bad-request"),
        (b'{"url": "https://a.example/", "name": "' + b"x" * 256 * 1024 + b'"}', "application/json", "too-large"),
        (b'{"url": "https://a.example/"}', "text/plain", "unsupported-media-type"),
        (b"url=https://a.example/", "application/x-www-form-urlencoded", "unsupported-media-type"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(quick: Program, body: bytes, kind: str, problem: str) -> None:
    assert quick("POST", "/sources", body, Content_Type=kind).problem == problem
    assert len(quick("GET", "/sources").json["items"]) == 2


def test_a_body_where_none_belongs_is_refused(quick: Program) -> None:
    assert quick("POST", "/sources/1/disable", {"why": "broken"}).problem == "bad-request"
    assert quick("POST", "/sources/1/disable", {}).status == 200


def test_a_body_that_is_too_large_for_any_request_is_refused_before_it_is_read(quick: Program) -> None:
    connection = http.client.HTTPConnection(urlsplit(quick.url).netloc, timeout=10)
    connection.putrequest("POST", f"{PATH}/articles")
    connection.putheader("Content-Length", str(4 * 1024 * 1024 + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    connection.close()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("limit=0", "bad-request"),
        ("limit=201", "bad-request"),
        ("limit=many", "bad-request"),
        ("limit=1&limit=2", "bad-request"),
        ("colour=red", "bad-request"),
        ("left=perhaps", "bad-request"),
        ("after=%ff", "bad-request"),
        ("after=a%20b", "bad-request"),
        ("after=abc", "refused"),
        ("after=WyJ4Il0", "refused"),
        (f"after={cursor(10**30)}", "refused"),
        (f"after={cursor(-1)}", "refused"),
        ("&".join(f"a{n}=1" for n in range(40)), "bad-request"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(quick: Program, query: str, problem: str) -> None:
    assert quick("GET", f"/readers?{query}").problem == problem


@pytest.mark.parametrize(
    "path",
    [
        "/readers/0",
        "/readers/x",
        "/readers/99999999999999999999",
        "/readers/1%00",
        "/editions/morning/yesterday",
        "/editions/morning/2026-11-23.1",
        "/editions/morning/2026-99-99",
        "/editions/%00/2026-11-23",
        "/editions/weekly/2026-11-23",
        "/archive/morning/2026-11-31",
        "/editions/morning/0001-01-01",
        "/archive/morning/0001-01-01",
        "/archive/morning/9999-12-31",
        "/readers/",
        "/readers/1/nothing",
        "//readers",
    ],
)
def test_a_path_that_names_nothing_is_not_found(api: Program, path: str) -> None:
    assert api("GET", path).problem == "not-found"


@pytest.mark.parametrize("date", ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "2026-11-23.999"])
def test_a_day_at_the_end_of_the_calendar_is_no_error(api: Program, date: str) -> None:
    path = f"/editions/morning/{date}"
    for method, rest in (("GET", ""), ("GET", "/letter"), ("POST", "/compose"), ("POST", "/hold"), ("POST", "/send")):
        told = api(method, path + rest)
        assert told.status < 500, (method, rest, told.body)
    assert api("POST", f"{path}/approve", If_Match="*").status < 500


@pytest.mark.parametrize(
    "place", [("0001-01-01T00:00:00+14:00", 1), ("9999-12-31T23:59:59-14:00", 1), ("2026-11-23T00:00:00", 1)]
)
def test_a_cursor_at_the_end_of_the_calendar_is_no_error(api: Program, place: tuple[str, int]) -> None:
    assert api("GET", f"/editions?after={cursor(*place)}").status in {200, 422}
    assert api("GET", f"/articles?after={cursor(place[0], 'x')}").status in {200, 422}


def test_the_api_is_found_below_the_sites_own_path(site: Site, serve: Serve) -> None:
    below = structs.replace(site.settings.site, url="http://127.0.0.1/letters")
    site.runtime = replace(site.runtime, settings=structs.replace(site.settings, site=below))
    token = make_token(site.runtime)
    url = serve(site.app())
    for prefix in ("/letters", ""):  # a proxy may have taken the path off
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", f"{prefix}{PATH}/readers", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"items":[],"next":null}')
        connection.close()
    program = Program(url)
    assert program("GET", "/openapi.json").json["servers"] == [{"url": "http://127.0.0.1/letters/api/v1"}]
    program.close()


def test_threads_that_begin_at_once_all_get_an_answer(paper: Newspaper, serve: Serve) -> None:
    url, token = serve(paper.app()), make_token(paper.runtime)
    start = threading.Barrier(8)

    def one(_: int) -> int:
        program = Program(url, token)
        start.wait()
        status = program("GET", "/readers").status
        program.close()
        return status

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(8))) == [200] * 8


@pytest.mark.parametrize("kind", [errors.RefusedValue, errors.DatabaseBusy])
def test_what_the_database_says_is_not_told_to_callers(kind: type[errors.DigestError]) -> None:
    problem = of_error(kind("postgresql+psycopg://digest@db.internal/digest: no"))
    assert problem is not None
    assert "db.internal" not in problem.detail

"""Around every page: closed headers, known names, small bodies, a listener that ends and does not wait for ever."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.errors import AddressUnavailable
from digest.web.listen import FEWEST, ConnectionLimits, Listener
from digest.web.security import AllowedHosts, SecurityHeaders, SmallBodies, content_policy, is_allowed, loopback_hosts

TIMEOUT_SECONDS = 30.0
UNFINISHED_SECONDS = 60.0


async def hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


async def own(_: Request) -> PlainTextResponse:
    return PlainTextResponse(
        "own", headers={"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=60"}
    )


async def broken(_: Request) -> PlainTextResponse:
    raise RuntimeError("a bug")


def app() -> Starlette:
    routes = [Route("/", hello), Route("/echo", echo, methods=["POST"]), Route("/own", own), Route("/form", hello)]
    return Starlette(routes=[*routes, Route("/broken", broken), Route("/embed/one", hello)])


def asked(url: str, path: str = "/", method: str = "GET", body: bytes | None = None, headers: Any = None) -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_every_answer_is_closed_to_all_that_was_not_asked_for(serve: Any, path: str) -> None:
    answer = asked(serve(SecurityHeaders(app(), content={"style-src": "'self'"})), path)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'self'; style-src 'self'; frame-ancestors 'none'"
    )
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] is None


def test_an_answer_keeps_the_headers_that_it_brings(serve: Any) -> None:
    answer = asked(serve(SecurityHeaders(app())), "/own")
    assert answer.headers.get_all("Content-Security-Policy") == ["default-src 'self'"]
    assert answer.headers.get_all("Cache-Control") == ["max-age=60"]


def test_a_form_that_may_be_embedded_says_by_whom(serve: Any) -> None:
    url = serve(SecurityHeaders(app(), framed_by={"/form": "https://paper.example", "/embed/": "'self'"}))
    form, embedded, other = (asked(url, path).headers for path in ("/form", "/embed/one", "/"))
    assert form["Content-Security-Policy"].endswith("frame-ancestors https://paper.example")
    assert form["X-Frame-Options"] is None
    assert (embedded["X-Frame-Options"], other["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")


def test_what_is_allowed_replaces_what_is_closed_and_frames_are_named_last() -> None:
    assert content_policy({"form-action": "'none'"}, "*") == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("paper.example", 200),
        ("PAPER.example:8000", 200),
        ("127.0.0.1:8025", 200),
        ("127.0.0.1:8026", 421),
        ("evil.example", 421),
        ("paper.example.evil.example", 421),
        ("paper.example@evil.example", 400),
        ("paper.example/..", 400),
        ("", 400),
    ],
)
def test_only_known_hosts_are_answered(serve: Any, host: str, status: int) -> None:
    url = serve(AllowedHosts(app(), ("paper.example", *loopback_hosts(8025))))
    answer = asked(url, headers={"Host": host})
    assert answer.status == status
    if status != 200:
        assert "Served are: 127.0.0.1:8025, [::1]:8025, localhost:8025, paper.example" in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_request_without_a_host_gets_nothing(serve: Any) -> None:
    url = urlsplit(serve(AllowedHosts(app(), ("paper.example",))))
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


@given(st.text())
def test_no_spelling_of_another_host_is_let_in(host: str) -> None:
    allowed = loopback_hosts(8025)
    assert bool(is_allowed(host, allowed)) == (host.lower() in allowed)


def test_a_body_comes_whole_or_is_refused(serve: Any) -> None:
    url = serve(SmallBodies(app(), largest=2048))
    assert asked(url, "/echo", "POST", b"x" * 2048).text == "x" * 2048
    refused = asked(url, "/echo", "POST", b"x" * 2049)
    assert (refused.status, refused.text) == (413, "The request is larger than 2 KB.\n")


@pytest.mark.parametrize("length", ["-1", "1e3", "²"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"content-length", length.encode("latin-1"))], "method": "POST", "path": "/"}
    asyncio.run(SmallBodies(app())(scope, receive, send))
    assert sent[0]["status"] == 413


def test_a_body_of_unknown_length_is_counted_as_it_comes(serve: Any) -> None:
    url = urlsplit(serve(SmallBodies(app(), largest=2048)))
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(3):
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("begin", [b"", b"GET / HT", b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"])
def test_a_request_that_does_not_end_is_hung_up_on(begin: bytes) -> None:
    limits = ConnectionLimits(request_seconds=0.3)
    with (
        Listener(app(), "127.0.0.1", 0, limits).in_background() as listener,
        socket.create_connection(("127.0.0.1", listener.port), timeout=TIMEOUT_SECONDS) as connection,
    ):
        connection.sendall(begin)
        assert connection.recv(100) == b""


def test_a_second_request_on_a_connection_has_its_own_patience() -> None:
    limits = ConnectionLimits(request_seconds=6.0)
    with Listener(app(), "127.0.0.1", 0, limits).in_background() as listener:
        connection = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=TIMEOUT_SECONDS)
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"hello"
            time.sleep(2.1)
        connection.sock.sendall(b"GET / HT")
        assert connection.sock.recv(100) == b""
        connection.close()


def ends_with_peer(peer: object) -> list[socket.socket]:
    """Return copies of this process's sockets that are connected to an address."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            copy = socket.socket(fileno=os.dup(int(each.name)))
            with suppress(OSError):
                if copy.getpeername() == peer:
                    found.append(copy)
                    continue
            copy.close()
    return found


def test_a_body_on_a_kept_connection_does_not_wait_for_its_headers_to_be_acknowledged(serve: Any) -> None:
    connection = http.client.HTTPConnection(urlsplit(serve(app())).netloc, timeout=TIMEOUT_SECONDS)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"hello"
    (end,) = ends_with_peer(connection.sock.getsockname())
    with end:
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), "each body waits 40 ms"
    connection.close()


def test_a_port_that_is_taken_is_named() -> None:
    first = Listener(app(), "127.0.0.1", 0)
    with first.in_background(), pytest.raises(AddressUnavailable, match=rf"^127\.0\.0\.1, port {first.port}: "):
        Listener(app(), "127.0.0.1", first.port)


def test_it_ends_in_time_though_an_answer_is_not_finished() -> None:
    entered = threading.Event()

    async def waits(_: Request) -> PlainTextResponse:
        entered.set()
        await asyncio.sleep(UNFINISHED_SECONDS)
        return PlainTextResponse("late")

    running = Listener(Starlette(routes=[Route("/", waits)]), "127.0.0.1", 0, ConnectionLimits(drain_seconds=1))
    with running.in_background(), socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert entered.wait(TIMEOUT_SECONDS)
        began = time.monotonic()
    assert time.monotonic() - began < UNFINISHED_SECONDS / 2
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=TIMEOUT_SECONDS)


def test_a_connection_beyond_those_that_are_at_work_is_hung_up_on() -> None:
    entered, done = threading.Semaphore(0), threading.Event()

    async def waits(_: Request) -> PlainTextResponse:
        entered.release()
        while not done.is_set():  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.02)
        return PlainTextResponse("done")

    served = Starlette(routes=[Route("/", waits)])
    with (
        Listener(served, "127.0.0.1", 0, ConnectionLimits(connections=FEWEST)).in_background() as listener,
        ExitStack() as stack,
    ):

        def asking() -> socket.socket:
            made = stack.enter_context(socket.create_connection(("127.0.0.1", listener.port), timeout=TIMEOUT_SECONDS))
            made.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return made

        busy = [asking() for _ in range(FEWEST)]
        assert all(entered.acquire(timeout=TIMEOUT_SECONDS) for _ in busy)
        with suppress(ConnectionError):
            assert asking().recv(100) == b""
        done.set()
        assert all(each.recv(100).startswith(b"HTTP/1.1 200") for each in busy)


def test_nothing_is_said_about_what_strangers_send(caplog: pytest.LogCaptureFixture) -> None:
    with Listener(app(), "127.0.0.1", 0).in_background() as listener:
        for line in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", listener.port), timeout=TIMEOUT_SECONDS) as connection:
                connection.sendall(line)
                assert connection.recv(100)
    assert caplog.records == []


def test_a_bug_in_a_page_is_logged_and_answered_without_a_word_about_it(caplog: pytest.LogCaptureFixture) -> None:
    with Listener(SecurityHeaders(app()), "127.0.0.1", 0).in_background() as listener:
        answer = asked(listener.url, "/broken")
    assert (answer.status, answer.text) == (500, "Internal Server Error")
    assert "a bug" in caplog.text


def test_a_stranger_cannot_name_the_peer(serve: Any) -> None:
    seen: list[Any] = []

    def remembering(inner: ASGIApp) -> ASGIApp:
        async def app_(scope: Any, receive: Any, send: Any) -> None:
            seen.append(scope["client"][0])
            await inner(scope, receive, send)

        return app_

    asked(serve(remembering(app())), headers={"X-Forwarded-For": "203.0.113.9"})
    assert seen == ["127.0.0.1"]

"""Connections that only wait take no place from those that ask, and no descriptor from our own work."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

from tests.web.sites import Site, ask

from digest.web.listen import FEWEST, RESERVE, ConnectionLimits, Listener, _Complaints, _most, raise_descriptor_limit


class Loop:
    """Notes what asyncio would say itself."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def default_exception_handler(self, context: dict[str, object]) -> None:
        """Note it."""
        self.said.append(str(context["message"]))


def test_idle_connections_beyond_the_limit_make_room_for_a_visitor(site: Site) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(
            Listener(site.app(), "127.0.0.1", 0, ConnectionLimits(connections=20)).in_background()
        )
        where = urlsplit(listener.url)
        idle = [
            stack.enter_context(socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=10))
            for _ in range(150)
        ]
        for _ in range(3):
            assert ask(listener.url, "/privacy").status == 200
        closed = 0
        for each in idle:
            each.setblocking(False)
            try:
                closed += each.recv(1) == b""
            except BlockingIOError:
                continue
            except ConnectionError:
                closed += 1
    assert closed >= 130


def test_who_asked_first_is_answered_when_a_flood_comes_behind() -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    async def app(_scope: object, _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        loops.append(asyncio.get_running_loop())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})

    with ExitStack() as stack:
        listener = stack.enter_context(Listener(app, "127.0.0.1", 0, ConnectionLimits(connections=20)).in_background())
        where = (listener.host, listener.port)
        assert ask(listener.url, "/").status == 200
        asleep, over = threading.Event(), threading.Event()

        def sleep() -> None:
            asleep.set()
            over.wait(10)

        loops[0].call_soon_threadsafe(sleep)
        assert asleep.wait(10)
        first = stack.enter_context(socket.create_connection(where, timeout=10))
        first.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(150):
            stack.enter_context(socket.create_connection(where, timeout=10))
        over.set()
        assert first.recv(15) == b"HTTP/1.1 200 OK"


def test_connections_leave_descriptors_for_everything_else() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        allowed = raise_descriptor_limit()
        assert allowed >= before[0] or before[0] == resource.RLIM_INFINITY
        assert _most(10**6) <= max(FEWEST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - RESERVE)
        assert _most(50) == 50
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before[0], resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def test_a_failure_to_accept_is_told_once_a_minute() -> None:
    loop, complaints = Loop(), _Complaints()
    for _ in range(5):
        complaints(loop, {"message": "socket.accept() out of system resource", "exception": OSError(24, "too many")})
    complaints(loop, {"message": "something else"})
    assert loop.said == ["something else"]

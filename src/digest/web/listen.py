"""The listener for HTTP requests: an ASGI app on a socket, in this thread or in a background thread."""

from __future__ import annotations

import math
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from digest.errors import AddressUnavailable
from digest.logs import get_logger

log = get_logger()

BACKLOG = 256
RESERVE = 400
"""How many file descriptors connections never take: they are for our own work, and for connections that are closing."""
FEWEST = 20
TURNS = 8
"""A turn of the event loop may accept one of this many equal parts of the allowed connections. A connection is
accepted, made, read and closed in four consecutive turns. With more at once, a flood would push out connections
before their request is read. It would also need several times as many descriptors as there may be connections."""
MOST_DESCRIPTORS = 16_384
SECONDS_BETWEEN_COMPLAINTS = 60.0
END_SECONDS = 4.5
"""How many seconds to wait until a listener has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Limits on what visitors may use."""

    connections: int = 200
    """Most connections at the same time. For a further one, the one that has waited longest without a request is
    closed."""
    request_seconds: float = 15.0
    """How long a request with its body may take to arrive."""
    keep_alive_seconds: int = 5
    drain_seconds: int = 3
    """How long running answers may take after the listener is asked to stop."""


class Listener:
    """Answers HTTP requests on a socket with an ASGI app. The socket is bound at once.

    ``port`` is the real port even when 0 was requested. Signals, lifespan events and proxy headers are not handled: the
    app sees the other end of the connection.
    """

    def __init__(self, app: ASGIApp, host: str, port: int, limits: ConnectionLimits | None = None) -> None:
        """Bind the socket. Raises AddressUnavailable when the port is taken, or the host is not of this machine."""
        self._socket = _bound(host, port)
        self._server = _Server(_config(app, limits or ConnectionLimits()))
        self.host, self.port = host, int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """The URL of the listener for a browser on this machine, without a slash at the end."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def run(self) -> None:
        """Answer requests in this thread until ``stop`` is called from another one, or from a signal handler."""
        self._server.run([self._socket])

    def stop(self) -> None:
        """Ask the listener to accept no new requests, finish running ones, and end. Returns at once."""
        self._server.should_exit = True

    @contextmanager
    def in_background(self) -> Iterator[Listener]:
        """Answer requests in a background thread while the block runs. It ends within five seconds after the block."""
        thread = threading.Thread(target=self.run, name=f"listener {self.port}", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join(END_SECONDS)


class _Timer(Protocol):
    """The part of asyncio's ``call_later`` result that is used here."""

    def cancel(self) -> None:
        """Cancel the call."""
        ...


class _Server(uvicorn.Server):
    """A uvicorn server that does not handle signals, since its caller knows what else must end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set a longer queue of waiting connections.

        uvicorn's own setting also limits how many connections are accepted in one turn.
        """
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(BACKLOG)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise AddressUnavailable(f"{host}, port {port}: {error.strerror or error}: choose another") from error
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its connections inherit it: no body waits 40 ms
    return bound


def _config(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Config:
    most = _most(limits.connections)
    return uvicorn.Config(
        app,
        http=_impatient(limits.request_seconds, most),
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=most + 1,
        timeout_keep_alive=limits.keep_alive_seconds,
        timeout_graceful_shutdown=limits.drain_seconds,
        backlog=max(1, most // TURNS),
    )


def raise_descriptor_limit() -> int:
    """Raise this process's limit of file descriptors as far as allowed. Return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def _most(connections: int) -> int:
    """Return how many connections are allowed: at most ``connections``, and few enough to leave RESERVE descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return connections if soft == resource.RLIM_INFINITY else max(FEWEST, min(connections, soft - RESERVE))


class _Complaints:
    """Handles errors of the event loop: logs connections that cannot be accepted, at most once a minute.

    All other errors get asyncio's own handling.
    """

    def __init__(self) -> None:
        self._told = -math.inf

    def __call__(self, loop: Any, context: dict[str, Any]) -> None:  # noqa: ANN401 - asyncio's
        if "socket.accept()" not in str(context.get("message")):
            loop.default_exception_handler(context)
        elif time.monotonic() - self._told >= SECONDS_BETWEEN_COMPLAINTS:
            self._told = time.monotonic()
            log.error("no descriptors left for new connections", why=str(context.get("exception")))


def _impatient(seconds: float, most: int) -> type[H11Protocol]:
    """Return a protocol that closes connections whose request takes longer than ``seconds`` to arrive.

    uvicorn itself waits forever. At most ``most`` connections are open. A further one replaces the one that has waited
    longest.
    """
    waiting: dict[Impatient, None] = {}
    complaints = _Complaints()

    class Impatient(H11Protocol):
        patience: _Timer | None = None

        def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's, which is not ours to import
            self.loop.set_exception_handler(complaints)
            super().connection_made(transport)
            self.watch()
            if len(self.connections) > most:
                longest = next(iter(waiting), self)
                longest.forget()
                longest.transport.abort()
                longest.connections.discard(longest)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self.forget()
            super().connection_lost(exc)

        def watch(self) -> None:
            """Start the timer at a connection or at a request's first byte; stop it when the request has arrived."""
            if self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body:
                self.forget()
            elif self.patience is None:
                self.patience = self.loop.call_later(seconds, self.transport.close)
                waiting[self] = None

        def forget(self) -> None:
            waiting.pop(self, None)
            if self.patience is not None:
                self.patience.cancel()
                self.patience = None

    return Impatient

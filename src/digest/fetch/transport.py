"""Connections with limits, only to checked addresses. Only this module and ``client`` import httpx.

The timeouts of httpx 0.28 hold for a single read. Here every read of the socket counts towards the request's deadline
and towards its limit of bytes. Connections lead only to addresses that ``address_guard`` accepted, or to the operator's
own proxy.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from digest.errors import ConnectionLost, RefusedAddress, TlsFailure, TooLarge, TooSlow
from digest.fetch import address_guard
from digest.model.quarantine import machines_fault
from digest.settings import FetchSettings

HEADER_ALLOWANCE = 256 * 1024
"""Bytes for headers, early hints and chunk sizes, in addition to the body. h11 accepts headers of up to 100 KB."""
_KEPT_CONNECTIONS = 20
_KEPT_SECONDS = 15.0


class Bounds(threading.local):
    """The limits of the request that runs in this thread: deadline (monotonic seconds) and bytes left."""

    url = ""
    deadline = 0.0
    bytes_left = 0

    def seconds_left(self, at_most: float | None) -> float:
        """Return the seconds until the deadline, or ``at_most`` if that is less. Raises TooSlow after the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooSlow(self.url, "the total deadline passed")
        return left if at_most is None else min(left, at_most)

    def take(self, count: int) -> None:
        """Subtract the bytes received. Raises TooLarge when none are left."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooLarge(self.url, "more bytes received than allowed")


class _BoundedStream(httpcore.NetworkStream):
    """A connection that applies the deadline to every operation and counts the bytes it reads."""

    def __init__(self, stream: httpcore.NetworkStream, bounds: Bounds) -> None:
        self._stream = stream
        self._bounds = bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._bounds.seconds_left(timeout))
        self._bounds.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bounds.seconds_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = self._bounds.seconds_left(timeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except httpcore.ConnectError as problem:
            if isinstance(problem.__cause__, ssl.SSLError):
                raise TlsFailure(self._bounds.url, f"TLS failed: {problem}") from problem
            raise
        return _BoundedStream(stream, self._bounds)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that ``address_guard`` accepted."""

    def __init__(
        self,
        bounds: Bounds,
        resolver: address_guard.Resolver,
        allowed: tuple[address_guard.Network, ...],
        connect_seconds: float,
    ) -> None:
        self._bounds = bounds
        self._resolver = resolver
        self._allowed = allowed
        self._connect_seconds = connect_seconds
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        targets = self._targets(host)
        for place, target in enumerate(targets):
            # The time left is shared among the addresses left, so that a dead one does not use up the time of the
            # others.
            seconds = self._bounds.seconds_left(timeout) / (len(targets) - place)
            try:
                stream = self._sockets.connect_tcp(
                    str(target.address), target.port or port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if target is targets[-1]:
                    raise
            else:
                return _BoundedStream(stream, self._bounds)
        raise AssertionError("the guard returns one address at least")

    def _targets(self, host: str) -> tuple[address_guard.Target, ...]:
        seconds = self._bounds.seconds_left(self._connect_seconds)
        return address_guard.targets(self._bounds.url, host, self._resolver, self._allowed, seconds)


class _ProxiedBackend(httpcore.NetworkBackend):
    """Connects to the operator's own proxy, which is not checked."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = self._bounds.seconds_left(timeout)
        stream = self._sockets.connect_tcp(host, port, seconds, local_address, socket_options)
        return _BoundedStream(stream, self._bounds)


class _Transport(httpx.BaseTransport):
    """An httpx transport: a connection pool with our own network backend."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()


@cache
def usual_trust() -> ssl.SSLContext:
    """Return the context that trusts certifi's authorities, one for all clients: to read them takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


def transport(
    bounds: Bounds,
    settings: FetchSettings,
    resolver: address_guard.Resolver,
    allowed: tuple[address_guard.Network, ...],
    trust: ssl.SSLContext,
) -> httpx.BaseTransport:
    """Return a transport whose connections go to checked addresses, or to the proxy of the settings."""
    backend: httpcore.NetworkBackend
    if settings.proxy is None:
        backend = _GuardedBackend(bounds, resolver, allowed, settings.connect_timeout_seconds)
    else:
        backend = _ProxiedBackend(bounds)
    pool = httpcore.ConnectionPool(
        ssl_context=trust,
        proxy=None if settings.proxy is None else httpcore.Proxy(settings.proxy),
        max_connections=None,
        max_keepalive_connections=_KEPT_CONNECTIONS,
        keepalive_expiry=_KEPT_SECONDS,
        network_backend=backend,
    )
    return _Transport(pool)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Raise the exceptions of httpx, httpcore and ssl as our own."""
    try:
        yield
    except httpcore.TimeoutException as problem:
        raise TooSlow(url, "the server took too long") from problem
    except httpcore.NetworkError as problem:
        if (ours := machines_fault(problem)) is not None:  # no file descriptor is free, so the site is not at fault
            raise ours from problem
        raise ConnectionLost(url, f"the connection was refused or lost: {problem}") from problem
    except httpcore.RemoteProtocolError as problem:
        if "too long" in str(problem):  # h11: a head of more than 100 KB
            raise TooLarge(url, "too many bytes of headers") from problem
        raise ConnectionLost(url, f"not a whole HTTP answer: {problem}") from problem
    except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, httpcore.ProxyError) as problem:
        raise ConnectionLost(url, f"the request could not be sent: {problem}") from problem
    except httpx.InvalidURL as problem:
        raise RefusedAddress(url, f"not a URL: {problem}") from problem

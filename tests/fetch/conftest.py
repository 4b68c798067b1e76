from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from digest.fetch.address_guard import Target
from digest.fetch.client import Client
from digest.settings import FetchSettings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
Script = Callable[[socket.socket, str], None]
"""Answers one request: gets the connection and the request's head."""
_TLS_HELLO = b"\x16\x03"


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Listener:
    """A server on loopback that plays a script for each connection and remembers what it was asked."""

    def __init__(self, script: Script, host: str, tls: ssl.SSLContext | None) -> None:
        self._script = script
        self._tls = tls
        self._host = host
        self._socket = socket.create_server((host, 0))
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()
        self.port: int = self._socket.getsockname()[1]
        self.connections = 0
        self.heads: list[str] = []
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        self._threads.append(thread)

    @property
    def paths(self) -> list[str]:
        return [head.split(" ", 2)[1] for head in self.heads]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            if self._closing.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._play, args=(connection,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _play(self, connection: socket.socket) -> None:
        try:
            wrapped = connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        with wrapped:
            head = b""
            try:
                while b"\r\n\r\n" not in head and not head.startswith(_TLS_HELLO):
                    piece = wrapped.recv(65536)
                    if not piece:
                        return
                    head += piece
                self.heads.append(head.decode("latin-1"))
                self._script(wrapped, self.heads[-1])
            except OSError:
                return

    def join(self) -> None:
        """Wait until every connection so far is over."""
        for thread in self._threads[1:]:
            thread.join(timeout=10)

    def close(self) -> None:
        if self._closing.is_set():
            return
        self._closing.set()
        with socket.create_connection((self._host, self.port)):
            pass
        self._threads[0].join()
        self._socket.close()
        self.join()


class Names:
    """A resolver for tests: every name, or each of those given, stands for a port of loopback."""

    def __init__(self, port: int | None = None, **ports: int) -> None:
        self._port = port
        self._ports = {name.replace("_", "."): number for name, number in ports.items()}
        self.asked: list[str] = []

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        del timeout_seconds
        self.asked.append(host)
        port = self._ports.get(host, self._port)
        if port is None:
            raise OSError(f"no such name: {host}")
        return (Target(address=ip_address("127.0.0.1"), port=port),)


def lenient(**changes: object) -> FetchSettings:
    values: dict[str, object] = {
        "allow_networks": ("127.0.0.0/8",),
        "host_pause_seconds": 0.0,
        "total_timeout_seconds": 5.0,
        "connect_timeout_seconds": 2.0,
    }
    return FetchSettings(**(values | changes))  # type: ignore[arg-type]


class Serve:
    """Starts listeners that end with the test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, script: Script | bytes, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Listener:
        played = script if callable(script) else (lambda connection, _: connection.sendall(script))
        listener = Listener(played, host, tls)
        self._stack.callback(listener.close)
        return listener


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield Serve(stack)


@contextmanager
def client_of(listener: Listener, **changes: object) -> Iterator[Client]:
    with Client(lenient(**changes), resolver=Names(listener.port)) as client:
        yield client

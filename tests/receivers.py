"""Receivers of webhooks on loopback: they remember what came, and answer as they are told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from digest.pipeline.runtime import Runtime
from digest.pipeline.webhooks.receivers import Wanted, add


@dataclass(frozen=True, slots=True)
class Got:
    """One message that came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        """Its type of event."""
        return str(self.json["type"])

    @property
    def json(self) -> dict[str, Any]:
        """Its body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Receiver:
    """A server for POST; ``status`` is its answer, ``slow_seconds`` passes before it."""

    def __init__(self, tls: SSLContext | None = None) -> None:
        self.got: list[Got] = []
        self.status = 200
        self.slow_seconds = 0.0
        self.answer = b""
        self.headers: dict[str, str] = {}
        self.on_message: Callable[[Got], None] = lambda _: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                got = Got({name.lower(): value for name, value in self.headers.items()}, body)
                outer.on_message(got)
                time.sleep(outer.slow_seconds)
                outer.got.append(got)
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(outer.answer)))
                self.end_headers()
                self.wfile.write(outer.answer)

            def log_message(self, *_said: object) -> None:
                """Log nothing."""

        return Handler


@contextmanager
def receiving(tls: SSLContext | None = None) -> Iterator[Receiver]:
    """Yield a receiver that listens until the block ends."""
    made = Receiver(tls)
    try:
        yield made
    finally:
        made.close()


def self_signed(folder: Path) -> SSLContext:
    """Return the context of a server whose certificate for 127.0.0.1 nobody vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    chain = folder / "chain.pem"
    chain.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    server = SSLContext(PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server


def added(runtime: Runtime, receiver: Receiver, name: str = "crm", **wanted: Any) -> str:
    """Add a receiver on loopback; return its secret."""
    return add(runtime, Wanted(name=name, url=receiver.url, allow_private=True, **wanted))

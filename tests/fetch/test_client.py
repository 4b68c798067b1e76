from __future__ import annotations

import errno
import gzip
import os
import resource
import socket
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.fetch.conftest import Listener, Names, Script, Serve, answer, client_of, lenient

from digest.errors import (
    Advice,
    BadEncoding,
    ConnectionLost,
    FetchError,
    NameNotFound,
    RedirectLoop,
    RefusedAddress,
    TlsFailure,
    TooLarge,
    TooSlow,
)
from digest.fetch.client import Client, HttpAnswer, Validators

URL = "http://paper.example/feed"
CAP = 2_000_000
DEADLINE_SECONDS = 60.0
SOON_SECONDS = 0.5
"""The deadline for what never ends: each of those would go on for a minute and more."""
GROWTH_BYTES = 32 * 1024 * 1024


def fetch(listener: Listener, url: str = URL, **changes: object) -> HttpAnswer:
    with client_of(listener, **({"total_timeout_seconds": DEADLINE_SECONDS} | changes)) as client:
        return client.get(url, accept="*/*", cap_bytes=CAP)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def gzip_bomb(gib: int = 1) -> bytes:
    """Members of 64 MiB of zeros, each packed into 64 KiB."""
    return gzip.compress(bytes(64 << 20), 9) * (16 * gib)


def dribble(connection: socket.socket, data: bytes, pause: float) -> None:
    for place in range(len(data)):
        connection.sendall(data[place : place + 1])
        time.sleep(pause)


def endless(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")


def slow_body(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    dribble(connection, b"x" * 1000, 0.5)


def slow_head(connection: socket.socket, _: str) -> None:
    dribble(connection, b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 1000, 0.1)


def silence(connection: socket.socket, _: str) -> None:
    connection.recv(1)


def header_flood(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Padding: " + b"x" * 1000 + b"\r\n")


def early_hints_flood(connection: socket.socket, _: str) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" * 100)


def reset(connection: socket.socket, _: str) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def packed(body: bytes, coding: str) -> bytes:
    return answer(body, Content_Encoding=coding)


HOSTILE: dict[str, tuple[Script | bytes, type[FetchError]]] = {
    "an endless body": (endless, TooLarge),
    "a body announced too large": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", TooLarge),
    "a body of one byte in half a second": (slow_body, TooSlow),
    "slow headers": (slow_head, TooSlow),
    "no answer": (silence, TooSlow),
    "a flood of headers": (header_flood, TooLarge),
    "a flood of early hints": (early_hints_flood, TooLarge),
    "a short body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", ConnectionLost),
    "a reset": (reset, ConnectionLost),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.9\r\n\r\n", ConnectionLost),
    "brotli": (packed(b"\x1b\xff\xff", "br"), BadEncoding),
    "zstd": (packed(b"\x28\xb5\x2f\xfd", "zstd"), BadEncoding),
    "deflate": (packed(zlib.compress(b"x"), "deflate"), BadEncoding),
    "what is no gzip": (packed(b"plain text", "gzip"), BadEncoding),
    "a broken gzip": (packed(gzip.compress(b"x" * 1000)[:-8] + bytes(8), "gzip"), BadEncoding),
    "a truncated gzip": (packed(gzip.compress(os.urandom(1000))[:500], "gzip"), ConnectionLost),
    "gzip in too many layers": (
        packed(gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x")))), "gzip"),
        BadEncoding,
    ),
    "endless redirects": (answer(status="302 Found", Location="/again"), RedirectLoop),
    "a redirect to nowhere": (answer(status="302 Found", Location="mailto:editor@paper.example"), RefusedAddress),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_by_the_deadline_with_its_own_error(serve: Serve, name: str) -> None:
    script, error = HOSTILE[name]
    listener = serve(script)
    deadline = SOON_SECONDS if error is TooSlow else DEADLINE_SECONDS
    started = time.monotonic()
    with pytest.raises(FetchError) as raised:
        fetch(listener, total_timeout_seconds=deadline)
    assert type(raised.value) is error
    assert time.monotonic() - started < DEADLINE_SECONDS / 2
    assert raised.value.url.startswith("http://paper.example/")


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_of_a_gibibyte_costs_little_memory(serve: Serve, layers: int) -> None:
    body = gzip_bomb() if layers == 1 else gzip.compress(gzip_bomb())
    listener = serve(packed(body, "gzip"))
    del body
    before = resident_bytes()
    with pytest.raises(TooLarge):
        fetch(listener, total_timeout_seconds=30)
    assert resident_bytes() - before < GROWTH_BYTES


@pytest.mark.slow
def test_two_hundred_rounds_of_hostile_answers_leak_no_descriptor(serve: Serve) -> None:
    quick = [name for name, (_, error) in HOSTILE.items() if error is not TooSlow]
    listeners = [serve(HOSTILE[name][0]) for name in quick]
    ports = {f"host{place}.example": listener.port for place, listener in enumerate(listeners)}
    with Client(lenient(total_timeout_seconds=30), resolver=Names(**ports)) as client:
        for turn in range(200):
            if turn == len(quick):
                before, memory = open_descriptors(), resident_bytes()
            with pytest.raises(FetchError):
                client.get(f"http://host{turn % len(quick)}.example/", accept="*/*", cap_bytes=CAP)
        assert resident_bytes() - memory < GROWTH_BYTES
    for listener in listeners:
        listener.join()
    assert open_descriptors() <= before


def test_errors_say_whether_to_try_again() -> None:
    again = (TooSlow, NameNotFound, TlsFailure, ConnectionLost)
    never = (RefusedAddress, TooLarge, BadEncoding, RedirectLoop)
    assert {error.advice for error in again} == {Advice.RETRY}
    assert {error.advice for error in never} == {Advice.SKIP}


def test_gzip_is_decoded_and_is_the_only_coding_offered(serve: Serve) -> None:
    listener = serve(packed(gzip.compress(b"news"), "gzip"))
    assert fetch(listener).body == b"news"
    assert "accept-encoding: gzip\r\n" in listener.heads[0].lower()


def test_gzip_in_gzip_is_decoded_whether_the_headers_say_so_or_not(serve: Serve) -> None:
    twice = gzip.compress(gzip.compress(b"news"))
    for coding in ("gzip", "gzip, gzip", "identity"):
        assert fetch(serve(packed(twice, coding))).body == b"news"


def test_a_gzip_of_several_members_is_one_body(serve: Serve) -> None:
    members = gzip.compress(b"ne") + gzip.compress(b"ws") + b"\0\0"
    assert fetch(serve(packed(members, "gzip"))).body == b"news"


def test_a_condition_is_sent_and_not_modified_is_an_answer(serve: Serve) -> None:
    listener = serve(b'HTTP/1.1 304 Not Modified\r\nETag: "b"\r\n\r\n')
    with client_of(listener) as client:
        found = client.get(
            URL,
            accept="*/*",
            cap_bytes=CAP,
            validators=Validators(etag='"a"', last_modified="Mon, 23 Nov 2026 06:00:00 GMT"),
        )
    assert found.not_modified
    assert found.etag == '"b"'
    assert 'if-none-match: "a"\r\n' in listener.heads[0].lower()
    assert "if-modified-since: mon, 23 nov 2026 06:00:00 gmt\r\n" in listener.heads[0].lower()


def test_a_stored_validator_cannot_smuggle_a_header(serve: Serve) -> None:
    listener = serve(answer(b"news"))
    with client_of(listener) as client:
        client.get(URL, accept="*/*", cap_bytes=CAP, validators=Validators(etag='"a"\r\nX-Smuggled: 1'))
    assert "smuggled" not in listener.heads[0].lower()


def test_nothing_of_a_cookie_or_the_environment_is_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    listener = serve(answer(b"news", Set_Cookie="id=1; Path=/"))
    with client_of(listener) as client:
        for _ in range(2):
            assert client.get(URL, accept="*/*", cap_bytes=CAP).body == b"news"
    assert all("cookie" not in head.lower() for head in listener.heads)


def test_redirects_are_followed_and_only_a_head_of_permanent_ones_is_a_move(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        path = head.split(" ", 2)[1]
        there = {"/feed": ("301 Moved", "/b"), "/b": ("308 Moved", "/c d"), "/c%20d": ("302 Found", "/e")}
        if path in there:
            status, location = there[path]
            connection.sendall(answer(status=status, Location=location))
        else:
            connection.sendall(answer(b"news"))

    found = fetch(serve(script))
    assert (found.url, found.moved_to, found.body) == (
        "http://paper.example/e",
        "http://paper.example/c%20d",
        b"news",
    )


def test_five_redirects_are_followed_and_the_sixth_is_not(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        left = int(head.split(" ", 2)[1][1:])
        connection.sendall(answer(b"news") if not left else answer(status="302 Found", Location=f"/{left - 1}"))

    listener = serve(script)
    assert fetch(listener, "http://paper.example/5").body == b"news"
    with pytest.raises(RedirectLoop):
        fetch(listener, "http://paper.example/6")


def test_a_temporary_redirect_first_hides_a_permanent_one_behind_it(serve: Serve) -> None:
    def script(connection: socket.socket, head: str) -> None:
        path = head.split(" ", 2)[1]
        there = {"/feed": ("302 Found", "/b"), "/b": ("301 Moved", "/c")}.get(path)
        connection.sendall(answer(status=there[0], Location=there[1]) if there else answer(b"news"))

    assert fetch(serve(script)).moved_to is None


def test_a_status_is_an_answer_without_its_body(serve: Serve) -> None:
    found = fetch(serve(answer(b"sorry", status="503 Busy", Retry_After="120")))
    assert (found.status, found.body, found.retry_after) == (503, b"", "120")


def test_a_name_without_an_address_has_an_error_of_its_own() -> None:
    with Client(lenient(), resolver=Names()) as client, pytest.raises(NameNotFound):
        client.get(URL, accept="*/*", cap_bytes=CAP)


def test_no_free_descriptor_is_no_fault_of_the_site(serve: Serve) -> None:
    listener = serve(answer(b"x"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Client(lenient(), resolver=Names(listener.port)) as client, socket.socket() as lowest_free:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free.fileno(), hard))
        try:
            with pytest.raises(OSError, match="Too many open files") as caught:
                client.get(URL, accept="*/*", cap_bytes=CAP)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert caught.value.errno == errno.EMFILE


def test_a_closed_port_is_a_lost_connection(serve: Serve) -> None:
    listener = serve(answer())
    with Client(lenient(), resolver=Names(listener.port)) as client:
        listener.close()
        with pytest.raises(ConnectionLost):
            client.get(URL, accept="*/*", cap_bytes=CAP)


def test_a_proxy_of_the_settings_is_asked_and_the_guard_still_judges(serve: Serve) -> None:
    proxy = serve(answer(b"by proxy"))
    settings = lenient(proxy=f"http://127.0.0.1:{proxy.port}", allow_networks=())
    with Client(settings, resolver=Names()) as client:
        assert client.get(URL, accept="*/*", cap_bytes=CAP).body == b"by proxy"
        assert proxy.heads[0].startswith("GET http://paper.example/feed ")
        with pytest.raises(RefusedAddress):
            client.get("http://127.0.0.1/", accept="*/*", cap_bytes=CAP)
    with Client(settings, resolver=Names(80)) as client, pytest.raises(RefusedAddress):
        client.get(URL, accept="*/*", cap_bytes=CAP)
    assert proxy.connections == 1


def test_a_post_brings_its_body_and_the_status_back_and_follows_no_redirect(serve: Serve) -> None:
    listener = serve(answer(status="302 Found", Location="http://paper.example/elsewhere"))
    with client_of(listener) as client:
        assert (
            client.post("http://paper.example/hook", b'{"text": "x"}', {"content-type": "application/json"}).status
            == 302
        )
    (head,) = listener.heads
    assert head.startswith("POST /hook HTTP/1.1")
    assert "content-type: application/json" in head.lower()
    assert "content-length: 13" in head.lower()


def test_a_post_goes_through_the_guard(serve: Serve) -> None:
    listener = serve(answer())
    with client_of(listener, allow_networks=()) as client, pytest.raises(RefusedAddress):
        client.post("http://paper.example/hook", b"{}", {"content-type": "application/json"})
    assert listener.connections == 0


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for paper.example, and a client's that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "paper.example")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("paper.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    chain.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cafile=str(chain))


def test_tls_is_for_the_name_though_the_address_is_pinned(
    serve: Serve, certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, trusting = certified
    listener = serve(answer(b"news"), tls=server)
    with Client(lenient(), resolver=Names(listener.port), ssl_context=trusting) as client:
        assert client.get("https://paper.example/", accept="*/*", cap_bytes=CAP).body == b"news"
        with pytest.raises(TlsFailure):
            client.get("https://other.example/", accept="*/*", cap_bytes=CAP)


def test_a_server_without_tls_is_a_tls_failure(serve: Serve) -> None:
    listener = serve(answer(b"news"))
    with Client(lenient(), resolver=Names(listener.port)) as client, pytest.raises(TlsFailure):
        client.get("https://paper.example/", accept="*/*", cap_bytes=CAP)


def test_a_redirect_from_https_to_http_is_refused(
    serve: Serve, certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, trusting = certified
    listener = serve(answer(status="302 Found", Location="http://paper.example/"), tls=server)
    with (
        Client(lenient(), resolver=Names(listener.port), ssl_context=trusting) as client,
        pytest.raises(RefusedAddress),
    ):
        client.get("https://paper.example/", accept="*/*", cap_bytes=CAP)


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_that_may_be_cut_ends_at_the_limit(serve: Serve, *, packed: bool) -> None:
    whole = bytes(range(256)) * 1_000
    sent = answer(gzip.compress(whole), Content_Encoding="gzip") if packed else answer(whole)
    with client_of(serve(sent)) as client:
        assert client.get(URL, accept="*/*", cap_bytes=1_000, cut=True).body == whole[:1_000]
        assert client.get(URL, accept="*/*", cap_bytes=256_000, cut=True).body == whole

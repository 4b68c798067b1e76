"""Real sockets: TLS is verified, and other people's servers get the same letters, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.deliver.conftest import SkippingLoop

from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.protocol.login import Login
from digest.deliver.protocol.replies import Fate, Verdict
from digest.deliver.protocol.smtp import Parcel, Security
from digest.deliver.transports.event_loop import run
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.errors import DeliveryError, RelayRefused, RelayUnreachable
from digest.model.delivery import DeliveryState

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

Audience = Callable[[int], Mapping[int, str]]


def certificate(folder: Path, host: str) -> Path:
    """Write a self-signed certificate for ``host`` with its key, both in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    alternative = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Box:
    """What a catching server got: recipient -> message."""

    def __init__(self) -> None:
        self.letters: dict[str, bytes] = {}

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters[envelope.rcpt_tos[0]] = envelope.original_content
        return "250 2.0.0 kept"


@contextlib.contextmanager
def aiosmtpd(box: Box | None = None, **options: Any) -> Iterator[tuple[int, Box]]:
    box, port = box or Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port, box
    finally:
        controller.stop()


def check_password(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"anna", b"s3cret")
    return AuthResult(success=right, handled=right)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_letters_leave_under_tls(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Audience, tmp_path: Path, security: Security
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    ledger = MemoryLedger(audience(12))
    if security is Security.STARTTLS:
        relay = relays(abilities=("STARTTLS", "PIPELINING"), tls=server_context(file))
        post.send(ledger, post.transport(relay, security=security, authority=file, connections=2))
        assert len(relay.letters) == 12
        assert relay.commands.index("STARTTLS") < relay.commands.index("DATA")
    else:
        with aiosmtpd(ssl_context=server_context(file)) as (port, box):
            to = Relay(host="127.0.0.1", port=port, security=security, authority=file)
            post.send(ledger, SmtpTransport(to, connections=2))
        assert len(box.letters) == 12
    assert {row.state for row in ledger.rows.values()} == {DeliveryState.ACCEPTED}


def test_the_end_of_a_relays_certificate_is_known_after_a_connection(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Audience, tmp_path: Path
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    relay = relays(abilities=("STARTTLS",), tls=server_context(file))
    transport = post.transport(relay, security=Security.STARTTLS, authority=file)
    assert transport.certificate_ends is None
    post.send(MemoryLedger(audience(1)), transport)
    ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    assert transport.certificate_ends == ends


@pytest.mark.parametrize(("trusted", "host"), [(False, "127.0.0.1"), (True, "mx.other.example")])
def test_a_wrong_certificate_stops_the_run_before_anything_is_said(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Audience, tmp_path: Path, *, trusted: bool, host: str
) -> None:
    file = certificate(tmp_path, host)
    relay = relays(abilities=("STARTTLS", "AUTH PLAIN"), tls=server_context(file))
    ledger = MemoryLedger(audience(2))
    login = Login(user="anna", secret="s3cret")
    transport = post.transport(relay, security=Security.STARTTLS, authority=file if trusted else None, login=login)
    report = post.send(ledger, transport)
    assert isinstance(report.error, RelayRefused)
    assert "TLS failed" in str(report.error)
    assert not any(command.startswith(("AUTH", "MAIL")) for command in relay.commands)
    assert {row.state for row in ledger.rows.values()} == {DeliveryState.QUEUED}


@pytest.mark.parametrize(("secret", "works"), [("s3cret", True), ("wrong", False)])
def test_a_password_is_asked_by_another_server(
    post: Post, audience: Audience, tmp_path: Path, secret: str, *, works: bool
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    ledger = MemoryLedger(audience(3))
    options: dict[str, Any] = {"tls_context": server_context(file), "require_starttls": True, "auth_required": True}
    with aiosmtpd(authenticator=check_password, **options) as (port, box):
        to = Relay(
            host="127.0.0.1",
            port=port,
            security=Security.STARTTLS,
            authority=file,
            login=Login(user="anna", secret=secret),
        )
        report = post.send(ledger, SmtpTransport(to, connections=1))
    assert len(box.letters) == (3 if works else 0)
    if not works:
        assert isinstance(report.error, RelayRefused)
        assert "535" in str(report.error)
        assert "wrong" not in str(report.error)


BEFORE_LETTERS = [
    ("STARTTLS", b"454 4.7.0 no TLS now\r\n", RelayUnreachable),
    ("STARTTLS", b"501 5.5.2 what?\r\n", RelayRefused),
    ("STARTTLS", b"421 4.3.2 closing\r\n\0", RelayUnreachable),
    ("STARTTLS", b"220 go\r\n250 said too early\r\n", RelayRefused),
    ("STARTTLS", b"\0close", RelayUnreachable),
    ("STARTTLS", b"\0hang", RelayUnreachable),
    ("STARTTLS", b"\0drip", None),
    ("AUTH", b"454 4.7.0 ask again later\r\n", RelayUnreachable),
    ("AUTH", b"535 5.7.8 wrong password\r\n", RelayRefused),
    ("AUTH", b"534 5.7.9 too weak\r\n", RelayRefused),
    ("AUTH", b"421 4.3.2 closing\r\n\0", RelayUnreachable),
    ("AUTH", b"334 \r\n", RelayUnreachable),
    ("AUTH", b"\0reset", RelayUnreachable),
    ("AUTH", b"\0hang", RelayUnreachable),
    ("AUTH", b"\0drip", None),
]
"""(what the relay was told, what it answers each time, how the run ends): no letter has left, none is counted."""


@pytest.mark.parametrize(("verb", "answer", "trouble"), BEFORE_LETTERS, ids=lambda each: repr(each)[:40])
def test_a_fault_before_the_first_letter_costs_no_attempt(  # noqa: PLR0913, PLR0917 - the columns of the table
    relays: Callable[..., ScriptedRelay],
    post: Post,
    audience: Audience,
    tmp_path: Path,
    verb: str,
    answer: bytes,
    trouble: type[DeliveryError] | None,
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    relay = relays(
        lambda said, _nth, _who: answer if said == verb else None,
        abilities=("STARTTLS", "AUTH PLAIN", "PIPELINING"),
        tls=server_context(file),
    )
    ledger, login = MemoryLedger(audience(2)), Login(user="anna", secret="s3cret")
    transport = post.transport(relay, security=Security.STARTTLS, authority=file, login=login)
    report = post.send(ledger, transport, relay_patience=post.patience)
    if trouble is None:
        assert {row.state for row in ledger.rows.values()} == {DeliveryState.ACCEPTED}
        return
    assert isinstance(report.error, trouble)
    assert {(row.state, row.attempts) for row in ledger.rows.values()} == {(DeliveryState.QUEUED, 0)}
    assert "s3cret" not in str(report.error)


class PipeliningBox(Box):
    """It announces PIPELINING, which aiosmtpd can do and does not say."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]


@pytest.mark.parametrize("box", [Box(), PipeliningBox()], ids=["strict", "pipelining"])
def test_aiosmtpd_gets_every_letter_byte_for_byte(post: Post, audience: Audience, box: Box) -> None:
    ledger = MemoryLedger(audience(20))
    with aiosmtpd(box) as (port, _box):
        to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
        post.send(ledger, SmtpTransport(to, connections=3))
    assert box.letters == {address: post.message(address) for address in audience(20).values()}


@contextlib.contextmanager
def smtp_sink(folder: Path, *options: str) -> Iterator[int]:
    """Run Postfix's catching server; it writes what it gets into ``folder``."""
    program = shutil.which("smtp-sink", path=os.pathsep.join(("/usr/sbin", "/usr/lib/postfix/sbin")))
    if program is None:
        pytest.skip("smtp-sink is missing: it comes with Postfix")
    folder.mkdir()
    folder.chmod(0o777)
    port = free_port()
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    given = [program, *user, *options, "-d", f"{folder}/%M.", f"127.0.0.1:{port}", "100"]
    process = subprocess.Popen(given)  # noqa: S603 - a tool of this system
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("options", [(), ("-p",)], ids=["pipelining", "strict"])
def test_smtp_sink_gets_every_letter_byte_for_byte(post: Post, audience: Audience, options: tuple[str, ...]) -> None:
    folder = Path("/tmp") / f"digest-sink-{os.getpid()}-{len(options)}"  # noqa: S108 - nobody must reach it
    try:
        with smtp_sink(folder, *options) as port:
            to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
            post.send(MemoryLedger(audience(20)), SmtpTransport(to, connections=3))
        dumped = [file.read_bytes().replace(b"\r\n", b"\n") for file in folder.iterdir()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for address in audience(20).values():
        sent = post.message(address).replace(b"\r\n", b"\n")
        assert len([dump for dump in dumped if dump.rstrip(b"\n").endswith(sent.rstrip(b"\n"))]) == 1


def test_a_relay_that_is_not_there_is_named_with_advice(post: Post, audience: Audience) -> None:
    port = free_port()
    to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
    report = post.send(MemoryLedger(audience(1)), SmtpTransport(to, connections=1), relay_patience=post.patience)
    assert isinstance(report.error, RelayUnreachable)
    assert f"127.0.0.1:{port}" in str(report.error)


def test_a_connection_is_renewed_after_its_share(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Audience
) -> None:
    relay = relays()
    post.send(MemoryLedger(audience(25)), post.transport(relay, letters=10))
    assert len(relay.letters) == 25
    relay.wait_for_the_end()
    assert relay.seen["CONNECT"] == relay.seen["QUIT"] == 3


class Pausing:
    """A feed of two letters with a pause between them, in which the relay has time to close the connection."""

    def __init__(self) -> None:
        self.waiting = [
            Parcel(n, "b@paper.example", f"r{n}@readers.example", b"Subject: x\r\n\r\n.\r\n") for n in (1, 2)
        ]
        self.due = False

    def take(self) -> Parcel | None:
        due, self.due = self.due, False
        return self.waiting.pop(0) if due else None

    async def more(self) -> bool:
        if len(self.waiting) == 1:
            await asyncio.sleep(0.2)
        self.due = bool(self.waiting)
        return self.due

    def handing_over(self, parcel: Parcel) -> None:
        """Record nothing."""

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        if verdict.fate is Fate.RETURNED:
            self.waiting.append(parcel)


def test_a_connection_that_the_relay_closed_between_two_letters_is_renewed_at_once(
    relays: Callable[..., ScriptedRelay], post: Post
) -> None:
    relay = relays(lambda verb, nth, _who: b"250 2.0.0 taken\r\n\0" if (verb, nth) == ("DOT", 0) else None)

    async def carried() -> None:
        async with asyncio.timeout(15):  # less than the time for an answer, 30 s
            await post.transport(relay).carry(Pausing())

    asyncio.run(carried())
    assert relay.recipients == ["r1@readers.example", "r2@readers.example"]
    assert relay.seen["CONNECT"] == 2


class Silent:
    """A feed of two letters, and how long the relay was waited for at the second one."""

    def __init__(self) -> None:
        self.waiting = [Parcel(n, "b@paper.example", f"r{n}@readers.example", b"Subject: x\r\n") for n in (1, 2)]
        self.asked = 0.0
        self.waited = timedelta()

    def take(self) -> Parcel | None:
        return self.waiting.pop(0) if self.waiting else None

    async def more(self) -> bool:
        return bool(self.waiting)

    def handing_over(self, parcel: Parcel) -> None:
        """Record nothing."""

    def settle(self, _parcel: Parcel, verdict: Verdict) -> None:
        if verdict.fate is Fate.RETURNED:
            self.waited = timedelta(seconds=asyncio.get_running_loop().time() - self.asked)


def test_a_relay_that_falls_silent_after_a_slow_reply_has_the_time_of_what_it_was_asked_last(
    relays: Callable[..., ScriptedRelay], post: Post
) -> None:
    minute, feed = timedelta(minutes=1), Silent()

    def script(verb: str, nth: int, _who: str) -> bytes | None:
        if (verb, nth) == ("DOT", 0):  # which may take ten minutes
            loop.let_pass(minute)
        if (verb, nth) != ("MAIL", 1):  # which may take five
            return None
        feed.asked = loop.time()
        with contextlib.suppress(CancelledError):  # the loop ends as soon as the relay is given up
            while not feed.waited and loop.time() < feed.asked + 900:
                loop.let_pass(minute)
        return b"\0close"

    relay = relays(script, abilities=("8BITMIME",))
    loop = SkippingLoop()
    run(post.transport(relay).carry(feed), lambda: loop)
    assert 5 * minute <= feed.waited <= 6.5 * minute

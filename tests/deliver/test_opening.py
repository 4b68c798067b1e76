"""How a connection comes about: among several addresses, by several ways to log in, and not for ever."""

from __future__ import annotations

import base64
import contextlib
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.deliver.test_connection import certificate, server_context
from tests.deliver.test_smtp import ended, spoken

from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.protocol.login import Login
from digest.deliver.protocol.replies import Stage
from digest.deliver.protocol.smtp import Ready, Security, Session
from digest.deliver.run.options import Controls
from digest.deliver.run.way import Way
from digest.deliver.transports.connection import Timeouts
from digest.deliver.transports.relay import Relay, address_literal, own_name
from digest.deliver.transports.single_letter import probe
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.errors import RelayRefused, SettingsError
from digest.model.delivery import DeliveryState

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

Relays = Callable[..., "ScriptedRelay"]
Audience = Callable[[int], Mapping[int, str]]
S = DeliveryState
ANNA = Login(user="anna", secret="s3cret")


def logging_in(offer: str, login: Login) -> Session:
    """Return a session under TLS that has said how it logs in."""
    session = Session(name="paper.example", security=Security.TLS, login=login)
    session.receive(b"220 hello\r\n")
    spoken(session)
    session.receive(f"250-relay\r\n250 AUTH {offer}\r\n".encode())
    return session


@pytest.mark.parametrize("code", [504, 534, 535])
def test_the_next_way_to_log_in_is_tried_when_one_is_refused(code: int) -> None:
    session = logging_in("LOGIN PLAIN", ANNA)
    assert spoken(session).startswith(b"AUTH PLAIN ")
    assert session.receive(f"{code} 5.7.8 not so\r\n".encode()) == []
    assert spoken(session) == b"AUTH LOGIN\r\n"
    session.receive(b"334 VXNlcm5hbWU6\r\n")
    assert spoken(session) == base64.b64encode(b"anna") + b"\r\n"
    session.receive(b"334 UGFzc3dvcmQ6\r\n")
    assert spoken(session) == base64.b64encode(b"s3cret") + b"\r\n"
    assert session.receive(b"235 2.7.0 welcome\r\n") == [Ready()]


def test_a_password_that_all_ways_refuse_is_wrong() -> None:
    session = logging_in("PLAIN LOGIN", ANNA)
    spoken(session)
    session.receive(b"535 5.7.8 no\r\n")
    spoken(session)
    assert "535 5.7.8 still no" in ended(session.receive(b"535 5.7.8 still no\r\n")).verdict.reply


def test_a_token_is_asked_for_at_each_connection(
    relays: Relays, post: Post, audience: Audience, tmp_path: Path
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    relay = relays(abilities=("STARTTLS", "AUTH XOAUTH2 PLAIN"), tls=server_context(file))
    tokens = iter(["first", "second"])
    login = Login(user="anna", mechanism="XOAUTH2", secret="", source=lambda: next(tokens))
    options: dict[str, Any] = {"security": Security.STARTTLS, "authority": file, "login": login, "letters": 2}
    ledger = MemoryLedger(audience(4))
    post.send(ledger, post.transport(relay, **options))
    assert {row.state for row in ledger.rows.values()} == {S.ACCEPTED}
    said = [base64.b64decode(each.split()[2]) for each in relay.commands if each.startswith("AUTH")]
    assert said == [f"user=anna\x01auth=Bearer {token}\x01\x01".encode() for token in ("first", "second")]


def test_a_command_that_gives_no_token_stops_the_run(relays: Relays, post: Post, audience: Audience) -> None:
    def fail() -> str:
        raise SettingsError(("token_command: oauth gave no token (exit 1)",))

    login = Login(user="anna", mechanism="XOAUTH2", secret="", source=fail)
    ledger = MemoryLedger(audience(2))
    report = post.send(ledger, post.transport(relays(), login=login))
    assert isinstance(report.error, RelayRefused)
    assert "oauth gave no token" in str(report.error)
    assert {row.state for row in ledger.rows.values()} == {S.QUEUED}


def test_an_envelope_is_tried_without_a_letter(relays: Relays, post: Post) -> None:
    relay = relays()
    probe(post.transport(relay), "b-check@paper.example", "news@paper.example")
    said = [command.split(":")[0] for command in relay.commands]
    assert said[:4] == ["EHLO [127.0.0.1]", "MAIL FROM", "RCPT TO", "RSET"]
    assert "DATA" not in said
    assert relay.letters == []


@pytest.mark.parametrize(
    ("verb", "said", "hint"),
    [
        ("MAIL", "553 5.7.1 Sender address rejected: not owned by user", "mail.envelope_sender"),
        ("RCPT", "553 5.7.1 Sender address rejected: not owned by user", "mail.envelope_sender"),
        ("RCPT", "550 5.4.5 Daily sending quota exceeded", "allowance"),
        ("RCPT", "504 5.5.2 Helo command rejected: need fully-qualified hostname", "?name=HOST"),
    ],
)
def test_a_relay_that_would_not_take_a_letter_says_why_and_we_say_what_to_do(
    relays: Relays, post: Post, verb: str, said: str, hint: str
) -> None:
    relay = relays(lambda asked, _nth, _who: f"{said}\r\n".encode() if asked == verb else None)
    with pytest.raises(RelayRefused) as caught:
        probe(post.transport(relay), "b-check@paper.example", "news@paper.example")
    assert said in str(caught.value)
    assert hint in str(caught.value)


@contextlib.contextmanager
def dripping() -> Iterator[int]:
    """Give the port of a server that says its greeting a byte at a time, and never ends it."""
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        lines: list[socket.socket] = []
        listener.settimeout(0.05)
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                lines.append(listener.accept()[0])
            for line in lines:
                with contextlib.suppress(OSError):
                    line.send(b"2")
        for line in lines:
            line.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        thread.join()


@pytest.mark.slow
def test_a_greeting_that_drips_does_not_outlive_the_wish_to_stop(post: Post, audience: Audience) -> None:
    stop, ledger = threading.Event(), MemoryLedger(audience(5))
    timer = threading.Timer(0.5, stop.set)
    with dripping() as port:
        timer.start()
        began = time.monotonic()
        to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
        report = post.send(ledger, SmtpTransport(to, connections=2), controls=Controls(stop=stop))
        assert time.monotonic() - began < 8
    assert report.stopped == "asked to stop"
    assert {row.state for row in ledger.rows.values()} == {S.QUEUED}


@contextlib.contextmanager
def answering(at: str) -> Iterator[int]:
    """Give the port of a relay that says a byte at a time, without end, what it answers to ``at``."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.wfile.write(b"220 relay\r\n")
                in_letter = False
                for line in iter(self.rfile.readline, b""):
                    verb = line.split()[0].upper() if line.split() else b""
                    in_letter = in_letter and verb != b"."
                    if verb == at.encode():
                        self.drip()
                    if not in_letter:
                        self.wfile.write(b"354 go on\r\n" if verb == b"DATA" else b"250 yes\r\n")
                    in_letter = in_letter or verb == b"DATA"

        def drip(self) -> None:
            self.wfile.write(b"250 ")
            while True:
                self.wfile.write(b"x")
                time.sleep(0.02)

    class Quiet(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Quiet(("127.0.0.1", 0), Talk) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
        thread.start()
        yield listener.server_address[1]
        listener.shutdown()
        thread.join()


SOON = timedelta(seconds=0.5)
HASTY = Timeouts(replies=dict.fromkeys(Stage, timedelta(seconds=5)))
"""For a relay that drips after the letter: enough for the answers before it on a busy machine."""


def drippers(port: int, timeouts: Timeouts) -> Way:
    to = Relay(host="127.0.0.1", port=port, security=Security.PLAIN)
    return Way(transport=SmtpTransport(to, connections=1, timeouts=timeouts), name="drips")


@pytest.mark.parametrize("at", ["EHLO", "MAIL", "DATA"])
def test_letters_leave_by_another_relay_while_one_drips(
    relays: Relays, post: Post, audience: Audience, at: str
) -> None:
    good, ledger = relays(), MemoryLedger(audience(20))
    with answering(at) as port:
        spare = Way(transport=post.transport(good), weight=0.0, name="good")
        report = post.send(ledger, (drippers(port, Timeouts(opening=SOON)), spare))
    assert {row.state for row in ledger.rows.values()} == {S.ACCEPTED}
    assert {row.relay for row in ledger.rows.values()} == {"good"}
    assert report.stopped == ""
    assert "no answer in time" in report.troubles[0]


def test_the_whole_opening_has_one_deadline(relays: Relays, post: Post, audience: Audience) -> None:
    good, ledger = relays(), MemoryLedger(audience(5))
    with dripping() as port:
        spare = Way(transport=post.transport(good), weight=0.0, name="good")
        post.send(ledger, (drippers(port, Timeouts(opening=SOON)), spare))
    assert {row.relay for row in ledger.rows.values()} == {"good"}


@pytest.mark.slow
def test_a_letter_whose_answer_drips_is_uncertain(post: Post, audience: Audience) -> None:
    ledger = MemoryLedger(audience(1))
    with answering(".") as port:
        post.send(ledger, (drippers(port, HASTY),))
    assert {row.state for row in ledger.rows.values()} == {S.UNCERTAIN}


@pytest.mark.slow
def test_a_relay_that_is_slow_to_open_gets_more_time_at_each_try(
    relays: Relays, post: Post, audience: Audience
) -> None:
    relay = relays(lambda verb, _nth, _who: time.sleep(0.7) if verb == "EHLO" else None)
    ledger = MemoryLedger(audience(2))
    post.send(ledger, (drippers(relay.port, Timeouts(opening=SOON)),))
    assert {row.state for row in ledger.rows.values()} == {S.ACCEPTED}
    assert relay.seen["EHLO"] >= 2


TWO_ADDRESSES = """
import socket, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.deliver.run.dispatch import dispatch
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.run.options import DispatchOptions
from digest.deliver.transports.relay import Relay
from digest.deliver.protocol.smtp import Parcel, Security

port, folder = int(sys.argv[1]), Path(sys.argv[2])
usual = socket.getaddrinfo


def both(host, *given, **named):
    if host != "relay.example":
        return usual(host, *given, **named)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in ("127.0.0.2", "127.0.0.1")]


socket.getaddrinfo = both
ledger = MemoryLedger({1: "a@example.org", 2: "b@example.org"})
report = dispatch(
    ledger,
    SmtpTransport(Relay(host="relay.example", port=port, security=Security.PLAIN), connections=2),
    lambda claim: Parcel(claim.reader_id, "news@paper.example", claim.address, b"Subject: x\\r\\n\\r\\nx\\r\\n"),
    orders=DispatchOptions(expires=datetime.now(UTC) + timedelta(hours=1), journals=folder),
    clock=lambda: datetime.now(UTC),
)
print(report.seconds < 20, [row.state.value for row in ledger.rows.values()])
"""


@contextlib.contextmanager
def black_hole(port: int) -> Iterator[None]:
    """Let connections to a port of 127.0.0.2 hang: its queue of waiting connections is full."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.2", port))
        listener.listen(0)
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.2", port))
        yield


def test_another_address_of_the_relay_is_tried_beside_one_that_does_not_answer(relays: Relays, tmp_path: Path) -> None:
    relay = relays()
    with black_hole(relay.port):
        program = [sys.executable, "-c", TWO_ADDRESSES, str(relay.port), str(tmp_path)]
        done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own
    assert done.stdout.split("\n")[0] == "True ['accepted', 'accepted']", done.stderr


@pytest.mark.parametrize(
    ("candidates", "name"),
    [
        (("paper.example", "host"), "paper.example"),
        (("localhost", "mail.home.example"), "mail.home.example"),
        (("localhost", "host"), ""),
        (("", "-.example", "a b.example"), ""),
    ],
)
def test_we_give_a_name_with_a_dot_or_none(candidates: tuple[str, ...], name: str) -> None:
    assert own_name(candidates) == name


def test_without_a_name_we_give_our_address() -> None:
    assert address_literal(("192.0.2.1", 1234)) == "[192.0.2.1]"
    assert address_literal(("fe80::1%eth0", 1234, 0, 2)) == "[IPv6:fe80::1]"

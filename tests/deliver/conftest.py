"""A relay that does what a script says, and the parts of a run in small."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.warm import Stable, stable

from digest.bookkeeping import Claim
from digest.deliver.ledger.ledger import Ledger
from digest.deliver.protocol.smtp import Parcel, Security
from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.options import Controls, DispatchOptions, DispatchReport
from digest.deliver.run.way import Way
from digest.deliver.transports.event_loop import DeliveryLoop
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.deliver.transports.transport import Transport
from digest.storage import partitions
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

USUAL = {
    "CONNECT": b"220 relay ready\r\n",
    "STARTTLS": b"220 2.0.0 go ahead\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
    "MAIL": b"250 2.1.0 ok\r\n",
    "RCPT": b"250 2.1.5 ok\r\n",
    "DATA": b"354 go on\r\n",
    "DOT": b"250 2.0.0 taken\r\n",
    "RSET": b"250 2.0.0 ok\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}

CLOSE, RESET, HANG, DRIP = b"\0close", b"\0reset", b"\0hang", b"\0drip"
"""Instead of a reply: close, reset, say nothing for ever; or the usual reply a byte at a time. A NUL at the end of a
reply closes after it."""


@dataclass(slots=True)
class Dialogue:
    """One connection to the scripted relay."""

    relay: ScriptedRelay
    line: socket.socket
    pending: bytes = b""
    recipient: str = ""
    sender: str = ""

    def hold(self) -> None:
        self.answer("CONNECT")
        while command := self.command():
            verb = command.split(b" ")[0].split(b":")[0].strip().upper().decode("latin-1")
            self.relay.commands.append(command.decode("utf-8", "replace"))
            if verb in {"EHLO", "HELO"}:
                self.answer(verb, b"".join(self.relay.greeting(verb)))
            elif verb == "MAIL":
                self.sender, self.recipient = command.decode().partition("<")[2].partition(">")[0], ""
                self.sender = self.sender if self.answer(verb) else ""
            elif verb == "RCPT":
                to = command.decode().partition("<")[2].partition(">")[0]
                if self.answer(verb, b"" if self.sender else b"503 5.5.1 no sender\r\n", who=to):
                    self.recipient = to
            elif verb == "DATA":
                self.data()
            else:
                self.answer(verb)
            if verb == "STARTTLS" and self.relay.tls is not None:
                self.line = self.relay.tls.wrap_socket(self.line, server_side=True)
            if verb == "QUIT":
                return

    def data(self) -> None:
        if not self.recipient:
            self.line.sendall(b"503 5.5.1 no recipient\r\n")
            return
        if not self.answer("DATA", who=self.recipient):
            return
        self.pending = b"\r\n" + self.pending
        while b"\r\n.\r\n" not in self.pending:
            self.more()
        body, self.pending = self.pending.split(b"\r\n.\r\n", 1)
        message = body.replace(b"\r\n..", b"\r\n.")[2:] + b"\r\n"
        reply = self.relay.choose("DOT", self.recipient) or USUAL["DOT"]
        if not reply.startswith((b"4", b"5")):
            with self.relay.lock:
                self.relay.letters.append((self.recipient, message))
        self.answer("DOT", reply)

    def command(self) -> bytes:
        while b"\r\n" not in self.pending:
            if not self.more():
                return b""
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line

    def more(self) -> bool:
        data = self.line.recv(65536)
        if not data:
            raise ConnectionError("the client is gone")
        self.pending += data
        return True

    def answer(self, verb: str, usual: bytes = b"", who: str = "") -> bool:
        """Say what the script says, or the usual; return whether it was a go-ahead."""
        scripted = usual if verb == "DOT" else self.relay.choose(verb, who)
        reply = scripted or usual or USUAL.get(verb, b"502 5.5.1 what?\r\n")
        if reply == CLOSE:
            raise ConnectionError("closed by the script")
        if reply == RESET:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionError("reset by the script")
        if reply == HANG:
            self.relay.on_hang()
            self.relay.over.wait(60)
            raise ConnectionError("hung by the script")
        if reply == DRIP:
            reply = USUAL.get(verb, usual)
            for byte in reply:
                self.line.sendall(bytes([byte]))
                time.sleep(0.001)
        else:
            self.line.sendall(reply.removesuffix(b"\0"))
            if reply.endswith(b"\0"):
                raise ConnectionError("closed after a reply")
        return reply.startswith((b"2", b"3"))


Script = Callable[[str, int, str], bytes | None]
"""(verb, how often it was said before, recipient) -> what to answer; None for the usual."""


@dataclass(slots=True)
class ScriptedRelay:
    """An SMTP server that follows a script and keeps what arrived."""

    script: Script = lambda _verb, _nth, _who: None
    abilities: tuple[str, ...] = ("PIPELINING", "SIZE 1000000", "8BITMIME", "ENHANCEDSTATUSCODES")
    tls: ssl.SSLContext | None = None
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    on_hang: Callable[[], object] = lambda: None
    """Called when it begins to say nothing for ever."""
    dialogues: int = 0
    """How many connections are open."""
    ended: threading.Condition = field(default_factory=threading.Condition)

    def choose(self, verb: str, who: str = "") -> bytes | None:
        with self.lock:
            nth, self.seen[verb] = self.seen[verb], self.seen[verb] + 1
        return self.script(verb, nth, who)

    def greeting(self, verb: str) -> Iterator[bytes]:
        if verb == "HELO":
            yield b"250 relay\r\n"
            return
        lines = ["relay", *self.abilities]
        for place, line in enumerate(lines):
            yield f"250{' ' if place == len(lines) - 1 else '-'}{line}\r\n".encode()

    def wait_for_the_end(self) -> None:
        """Wait until it has read all that was said to it: a client that has said QUIT does not wait for the reply."""
        with self.ended:
            assert self.ended.wait_for(lambda: self.dialogues == 0, 60)

    def opened(self, number: int) -> None:
        with self.ended:
            self.dialogues += number
            self.ended.notify_all()

    @property
    def recipients(self) -> list[str]:
        return sorted(who for who, _message in self.letters)

    @contextlib.contextmanager
    def serving(self) -> Iterator[ScriptedRelay]:
        relay = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                dialogue = Dialogue(relay, self.request)
                relay.opened(1)
                with contextlib.suppress(OSError):
                    dialogue.hold()
                dialogue.line.close()
                relay.opened(-1)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            request_queue_size = 50

        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            yield self
            self.over.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def relays() -> Iterator[Callable[..., ScriptedRelay]]:
    """Give a maker of scripted relays that stop at the end of the test."""
    with contextlib.ExitStack() as stack:

        def make(script: Script | None = None, **options: Any) -> ScriptedRelay:
            relay = ScriptedRelay(**options) if script is None else ScriptedRelay(script, **options)
            return stack.enter_context(relay.serving())

        yield make


@pytest.fixture(scope="session")
def senders() -> Iterator[Stable]:
    """Give a process that has imported what sends letters, to fork from."""
    with stable() as made:
        yield made


TURNS = 50
"""After so many turns the loop knows of a connection that the relay has accepted; asyncio needs about ten."""


class SkippingLoop(DeliveryLoop):
    """A loop for which an hour passes when a relay begins to say nothing for ever: nobody waits for the usual time."""

    def __init__(self, *relays: ScriptedRelay) -> None:
        super().__init__()
        self._skipped = timedelta()
        for relay in relays:
            relay.on_hang = lambda: self.call_soon_threadsafe(self._skip_soon, TURNS)

    def time(self) -> float:
        return super().time() + self._skipped.total_seconds()

    def let_pass(self, time: timedelta) -> None:
        """Let time pass, from another thread; return when all that waited for it has been called."""

        async def passing() -> None:
            self._skip(time)
            await asyncio.sleep(0.01)

        asyncio.run_coroutine_threadsafe(passing(), self).result(60)

    def _skip_soon(self, turns: int) -> None:
        """Let an hour pass when so many turns of the loop are over."""
        if turns:
            self.call_soon(self._skip_soon, turns - 1)
        else:
            self._skip(timedelta(hours=1))

    def _skip(self, time: timedelta) -> None:
        self._skipped += time


def message_for(address: str) -> bytes:
    head = f"From: news@paper.example\r\nTo: {address}\r\nSubject: Morning\r\nMessage-ID: <{address}>\r\n\r\n"
    return head.encode() + b".a line that begins with a dot\r\n..two dots\r\n\r\nThe harbour reopened.\r\n" * 20


def parcel_for(claim: Claim) -> Parcel:
    return Parcel(claim.reader_id, "bounce@paper.example", claim.address, message_for(claim.address))


@dataclass(slots=True)
class Post:
    """All that a run needs but its ledger and its transport."""

    journals: Path
    now: datetime = NOW
    patience: timedelta = timedelta(seconds=0.1)
    clock: Callable[[], datetime] | None = None
    relays: list[ScriptedRelay] = field(default_factory=list)

    def transport(self, relay: ScriptedRelay, *, connections: int = 1, **changes: Any) -> SmtpTransport:
        options: dict[str, Any] = {"host": "127.0.0.1", "port": relay.port, "security": Security.PLAIN} | changes
        self.relays.append(relay)
        return SmtpTransport(Relay(**options), connections=connections)

    def message(self, address: str) -> bytes:
        return message_for(address)

    def parcel(self, claim: Claim, message: bytes) -> Parcel:
        return Parcel(claim.reader_id, "bounce@paper.example", claim.address, message)

    def send(
        self,
        ledger: Ledger,
        transport: Transport | Sequence[Way],
        *,
        write: Callable[[Claim], Parcel] = parcel_for,
        controls: Controls | None = None,
        **orders: Any,
    ) -> DispatchReport:
        usual: dict[str, Any] = {
            "expires": self.now + timedelta(hours=6),
            "journals": self.journals,
            "relay_patience": timedelta(seconds=5),
        }
        return dispatch(
            ledger,
            transport,
            write,
            orders=DispatchOptions(**(usual | orders)),
            clock=self.clock or (lambda: self.now),
            controls=replace(controls or Controls(), loop=partial(SkippingLoop, *self.relays)),
        )


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """Give a post office with an empty folder of journals."""
    return Post(tmp_path / "journals")


def address(reader: int) -> str:
    return f"reader{reader}@example.org"


@pytest.fixture
def audience() -> Callable[[int], Mapping[int, str]]:
    """Give invented readers: 1 to n."""
    return lambda most: {reader: address(reader) for reader in range(1, most + 1)}


@pytest.fixture
def freeze() -> Callable[[Database, int], Deliveries]:
    """Give a maker of frozen editions: as many readers, all queued."""

    def make(database: Database, most: int) -> Deliveries:
        ids = range(1, most + 1)
        edition = {"id": 1, "name": "morning", "date": date(2026, 11, 23), "state": "sending", "reason": ""}
        people = [
            {"id": i, "address": address(i), "identity": address(i), "name": "", "language": "", "state": "active"}
            | {"consent": {}, "added_at": NOW}
            for i in ids
        ]
        rows = [
            {"edition_id": 1, "reader_id": i, "state": "queued", "attempts": 0, "reply": "", "updated_at": NOW}
            for i in ids
        ]
        with database.write() as connection:
            connection.execute(editions.insert(), [edition | {"due": NOW, "expires": NOW, "changed_at": NOW}])
            connection.execute(readers.insert(), people)
            chosen = [{"reader_id": i, "edition": "morning", "since": NOW} for i in ids]
            connection.execute(subscriptions.insert(), chosen)
            partitions.make(connection, [1])
            connection.execute(deliveries.insert(), rows)
        return Deliveries(database, 1)

    return make

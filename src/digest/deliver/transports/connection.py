"""One connection to the mail relay. Sessions decide; this module reads and writes."""

from __future__ import annotations

import asyncio
import math
import ssl
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digest.deliver.protocol.replies import Fate, Stage, Verdict
from digest.deliver.protocol.smtp import Ended, Event, HandOver, Ready, Session, Settled, StartTls
from digest.deliver.transports.relay import Relay, address_literal
from digest.deliver.transports.transport import Feed
from digest.logs import get_logger

log = get_logger()

LONGEST_OPENING = timedelta(minutes=10)


def _rfc_patience() -> dict[Stage, timedelta]:
    usual = dict.fromkeys(Stage, timedelta(minutes=5))
    return usual | {Stage.DATA: timedelta(minutes=2), Stage.DOT: timedelta(minutes=10)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long a relay may take to answer (RFC 5321, 4.5.3.2)."""

    connect: timedelta = timedelta(seconds=30)
    """For TCP and TLS; the RFC gives no time for them."""
    opening: timedelta = timedelta(seconds=45)
    """From the connection to the first letter, in all; then for each answer about the first letter's envelope. A relay
    that needs longer gets twice as long at each next try, at most LONGEST_OPENING; other relays send meanwhile."""
    replies: dict[Stage, timedelta] = field(default_factory=_rfc_patience)
    block: timedelta = timedelta(minutes=3)
    """For the relay to accept a part of a letter's body."""
    goodbye: timedelta = timedelta(seconds=2)


class SmtpConnection(asyncio.Protocol):
    """One connection: passes bytes and letters to a session, and writes what the session returns."""

    def __init__(self, session: Session, feed: Feed, relay: Relay, timeouts: Timeouts, first: timedelta) -> None:
        """Limit each answer before a hand-over to ``first``, until one letter was accepted."""
        self._session = session
        self._feed = feed
        self._relay = relay
        self._timeouts = timeouts
        self._first = first
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._context: ssl.SSLContext | None = None
        self._unwritten: deque[bytes | HandOver] = deque()
        self._full = False
        self._left = relay.letters
        self._heard = self._loop.time()
        self._ends = math.inf
        self._alarm: asyncio.TimerHandle | None = None
        self._turn: asyncio.Future[None] = self._loop.create_future()
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._handshake: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self.verdict: Verdict | None = None
        """Why the session ended; None while it lasts."""
        self.was_busy = False
        """Whether it ended with something in progress; either side may close an idle connection at any time."""
        self.delivered = False
        """Whether a letter was accepted."""
        self.gave_up = False
        """Whether the relay took too long to answer."""

    @property
    def usable(self) -> bool:
        """Whether it can send letters."""
        return self._session.ready and self._left > 0

    @property
    def certificate_ends(self) -> datetime | None:
        """When the certificate of this connection expires; None without TLS."""
        shown = self._transport.get_extra_info("peercert") if self._transport is not None else None
        ends = shown.get("notAfter") if shown else None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None

    async def opened(self, context: ssl.SSLContext | None, ends: float) -> None:
        """Wait until letters may be submitted or the session has ended; raises the errors of the TLS handshake.

        It must be done by ``ends`` (the loop's time): a relay that sends its greeting byte by byte is given up, too.
        """
        self._context, self._ends = context, ends
        await self._wait()
        self._ends = math.inf

    async def run(self) -> None:
        """Send letters until none may leave now, the connection has sent its share, or the session ends."""
        if self.verdict is not None:  # the relay closed it while no letter was due; no event would end a wait
            return
        self._turn = self._loop.create_future()
        self._heard = self._loop.time()
        self._advance()
        await self._wait()

    async def close(self, patience: timedelta) -> None:
        """Send QUIT where that is allowed, and close."""
        if self._transport is None:
            return
        if self._session.ready and self._session.idle:
            self._transport.write(b"QUIT\r\n")
        self._treat(self._session.lost("we closed the connection"))
        self._transport.close()
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self._gone
        except TimeoutError:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, with no write buffer: no body may wait in it when a letter is handed over."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"a stream is needed, not {type(transport).__name__}")
        transport.set_write_buffer_limits(high=1, low=0)  # with 0 and 0, asyncio's TLS never resumes (Python 3.11)
        self._transport = transport
        self._session.name = self._session.name or address_literal(transport.get_extra_info("sockname"))

    def data_received(self, data: bytes) -> None:
        """Handle the relay's bytes, and go on; only a whole reply shows that the relay is alive."""
        answered = self._session.answered
        try:
            self._treat(self._session.receive(data))
        except Exception as error:  # noqa: BLE001 - asyncio would log and lose it: ``run`` raises it
            self._fail(error)
        if self._session.answered != answered:
            self._heard = self._loop.time()
        self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle the letters in progress."""
        self._treat(self._session.lost(f"the relay closed the connection{f' ({exc})' if exc else ''}"))
        if not self._gone.done():
            self._gone.set_result(None)
        self._rest()

    def pause_writing(self) -> None:
        """Pause: the kernel has not taken all bytes."""
        self._full = True

    def resume_writing(self) -> None:
        """Resume: the kernel has taken all bytes."""
        self._full = False
        self._heard = self._loop.time()
        self._advance()

    async def _wait(self) -> None:
        """Wait until the connection is idle; give the relay up when it is silent for too long."""
        self._set_alarm()
        try:
            await asyncio.wait((self._turn,))
        finally:
            self._clear_alarm()
        if self._failure is not None:
            raise self._failure

    def _set_alarm(self) -> None:
        """Set a timer that ends no later than the relay's time to answer.

        It stays as it is when the relay has longer now: most replies only move the end, and a timer for each costs.
        """
        if self._turn.done():
            return
        ends = self._answer_ends()
        if self._alarm is not None and self._alarm.when() <= ends:
            return
        self._clear_alarm()
        self._alarm = self._loop.call_at(ends, self._check_time)

    def _clear_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _check_time(self) -> None:
        """Give the relay up if its time is over; otherwise set the timer again."""
        self._alarm = None
        if self._turn.done() or self._loop.time() < self._answer_ends():
            self._set_alarm()
            return
        try:
            self._give_up()
        except Exception as error:  # noqa: BLE001 - called by asyncio, which would log and lose it: ``run`` raises it
            self._fail(error)

    def _answer_ends(self) -> float:
        return min(self._heard + self._patience(), self._ends)

    def _patience(self) -> float:
        if self._full:
            return self._timeouts.block.total_seconds()
        stage = self._session.awaits
        wait = self._timeouts.connect if stage is None else self._timeouts.replies[stage]
        if not self.delivered and stage is not Stage.DOT:
            wait = min(wait, self._first)
        return wait.total_seconds()

    def _give_up(self) -> None:
        stage = self._session.awaits
        self.gave_up = True
        self._treat(self._session.lost(f"no answer in time to {stage.value if stage else 'our TLS handshake'}"))
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._treat(self._session.lost(str(error)))
        if self._transport is not None:
            self._transport.abort()
        self._rest()

    def _treat(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Settled(parcel, verdict):
                    self.delivered |= verdict.fate is Fate.ACCEPTED
                    self._feed.settle(parcel, verdict)
                case Ended(verdict):
                    self._end(verdict)
                case StartTls():
                    self._handshake = self._loop.create_task(self._protect())
                case Ready():
                    self._rest()

    def _end(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.was_busy = not self._turn.done()
        self._unwritten.clear()
        if self._transport is not None:
            self._transport.close()
        self._rest()

    def _rest(self) -> None:
        if not self._turn.done():
            self._turn.set_result(None)

    def _advance(self) -> None:
        """Submit letters while there is room, write what is due, and become idle when nothing is in progress."""
        try:
            self._write()
            if not self._unwritten:
                self._submit()
                self._unwritten += self._session.outgoing()
                self._write()
        except Exception as error:  # noqa: BLE001 - called by asyncio, which would log and lose it: ``run`` raises it
            self._fail(error)
        if self._session.ready and self._session.idle:
            self._rest()
        self._set_alarm()

    def _submit(self) -> None:
        if self._turn.done():
            return
        while self._left > 0 and self._session.room and (parcel := self._feed.take()) is not None:
            self._left -= 1
            objection = self._session.submit(parcel)
            if objection is not None:
                self._feed.settle(parcel, objection)

    def _write(self) -> None:
        """Write until the kernel's buffer is full; a letter is noted as handed over between its body and its dot."""
        while self._unwritten and not self._full and self._transport is not None:
            chunk = self._unwritten.popleft()
            if isinstance(chunk, HandOver):
                self._feed.handing_over(chunk.parcel)
                self._session.handed_over()
            else:
                self._transport.write(chunk)

    async def _protect(self) -> None:
        """Do the TLS handshake after STARTTLS."""
        if self._transport is None or self._context is None:
            raise RuntimeError("STARTTLS without a connection or without TLS")
        try:
            async with asyncio.timeout(self._timeouts.connect.total_seconds()):
                protected = await self._loop.start_tls(
                    self._transport, self, self._context, server_hostname=self._relay.host
                )
        except (OSError, TimeoutError) as error:
            self._fail(error)
            return
        if protected is not None:
            self.connection_made(protected)
            self._session.secured()
            self._heard = self._loop.time()
            self._advance()

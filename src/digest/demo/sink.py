"""An SMTP server on loopback that accepts every letter and keeps it unchanged."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtLetter:
    """One letter as received: the envelope, and the message's bytes with dot-stuffing removed."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Sink:
    """The server, running inside ``with``; the letters can still be read afterwards."""

    def __init__(self) -> None:
        self._catcher = _Catcher()
        self._controller = _LoopbackController(self._catcher, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)

    @property
    def port(self) -> int:
        """The port, chosen by the operating system when the server starts."""
        return int(self._controller.port)

    @property
    def letters(self) -> tuple[CaughtLetter, ...]:
        """The letters received so far, in order of arrival; safe from any thread."""
        return self._catcher.letters()

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()


class _Catcher:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._caught: list[CaughtLetter] = []

    def letters(self) -> tuple[CaughtLetter, ...]:
        with self._lock:
            return tuple(self._caught)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's hook
        raw = envelope.original_content
        caught = CaughtLetter(
            sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), raw=raw if raw is not None else b""
        )
        with self._lock:
            self._caught.append(caught)
        return "250 2.0.0 Caught"


class _LoopbackController(Controller):
    """A controller that resolves port 0 first: aiosmtpd's own connects to the port that it was given."""

    async def _create_server(self) -> asyncio.Server:
        listener = socket.create_server((self.hostname, self.port))
        self.port = listener.getsockname()[1]
        return await self.loop.create_server(self._factory_invoker, sock=listener)

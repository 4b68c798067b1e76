"""The syntax of SMTP: parses replies and EHLO, and writes addresses and messages so that they inject no commands."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import idna

from digest.deliver.protocol.replies import Reply


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the relay announced in its last answer to EHLO."""

    pipelining: bool = False
    starttls: bool = False
    eight_bit: bool = False
    utf8: bool = False
    size: bool = False
    size_limit: int | None = None
    """Largest message in octets; None when the relay announced no size."""
    mechanisms: frozenset[str] = frozenset()


class ReplyStreamError(ValueError):
    """The relay sent bytes that are no SMTP reply."""


_FREQUENT = {b"250": 250, b"354": 354}
"""Replies that are parsed without a regular expression: four in five replies of a run."""


class ReplyReader:
    """Parses a stream of bytes into replies; a line ends with LF, and a CR before the LF is part of the line end."""

    _LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?\Z", re.DOTALL)
    _LONGEST = 4096
    _MOST_LINES = 128

    def __init__(self) -> None:
        self._rest = b""
        self._lines: deque[bytes] = deque()
        self._code = 0
        self._texts: list[bytes] = []

    @property
    def empty(self) -> bool:
        """Whether no bytes of an incomplete reply are left."""
        return not self._rest and not self._lines and not self._texts

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the complete replies one by one; raise ReplyStreamError on reaching a malformed line."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines += lines
        while self._lines:
            whole = self._line(self._lines.popleft())
            if whole is not None:
                yield whole
        if len(self._rest) > self._LONGEST:
            raise ReplyStreamError("a reply line without an end")

    def _line(self, line: bytes) -> Reply | None:
        if line.endswith(b"\r"):
            line = line[:-1]
        if line[3:4] == b" " and not self._texts and (code := _FREQUENT.get(line[:3])) and len(line) <= self._LONGEST:
            return Reply(code, (line[4:],))
        found = self._LINE.match(line)
        if found is None or len(line) > self._LONGEST or len(self._texts) >= self._MOST_LINES:
            raise ReplyStreamError(f"not a reply: {line[:80]!r}")
        code = int(found[1])
        if self._texts and code != self._code:
            raise ReplyStreamError(f"a reply that changes its code from {self._code} to {code}")
        self._code = code
        self._texts.append(found[3] or b"")
        if found[2] == b"-":
            return None
        texts, self._texts = tuple(self._texts), []
        return Reply(code, texts)


def abilities(said: Reply) -> Abilities:
    """Return what an EHLO reply announces (RFC 5321, 4.1.1.1); unknown keywords are ignored."""
    texts = [line.decode("ascii", "replace").upper().replace("AUTH=", "AUTH ", 1) for line in said.lines[1:]]
    announced = [words for text in texts if (words := text.split())]
    named = {words[0]: words[1:] for words in announced}
    size = named.get("SIZE", [])
    return Abilities(
        pipelining="PIPELINING" in named,
        starttls="STARTTLS" in named,
        eight_bit="8BITMIME" in named,
        utf8="SMTPUTF8" in named,
        size="SIZE" in named,
        size_limit=int(size[0]) if size and re.fullmatch(r"0*[1-9][0-9]{0,17}", size[0]) else None,
        mechanisms=frozenset(word for name, *rest in announced if name == "AUTH" for word in rest),
    )


_LOCAL = r"(?:[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\[\\\]]+|\"(?:[^\x00-\x1f\x7f\"\\]|\\[\x20-\x7e])*\")"
_DOMAIN = r"(?:[^\s\x00-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\x9f]+|\[[0-9A-Za-z.:]+\])"
_MAILBOX = re.compile(f"({_LOCAL})@({_DOMAIN})")


def mailbox(address: str) -> str | None:
    """Return ``address`` as MAIL and RCPT need it, its domain in ASCII (IDNA 2008); None when it is not a mailbox.

    Any character that could end the command or the path is refused: an address cannot inject SMTP commands.
    The local part is not changed; when it is not ASCII, the relay must offer SMTPUTF8 (RFC 6531).
    """
    found = _MAILBOX.fullmatch(address)
    if found is None:
        return None
    local, domain = found.groups()
    if domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return None


_LOOSE_END = re.compile(rb"\r\n|\r|\n")


def stuffed(message: bytes) -> bytes:
    """Return ``message`` as sent after DATA, without the final dot; it ends with CRLF.

    Lines that begin with a dot get a second one (RFC 5321, 4.5.2). A lone CR or LF becomes CRLF: servers differ
    in what they accept as a line end, and a second letter can be hidden by that difference (CVE-2023-51764).
    """
    ends = message.count(b"\r\n")
    if message.count(b"\n") != ends or message.count(b"\r") != ends:
        message = _LOOSE_END.sub(b"\r\n", message)
    if b"\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message if message.endswith(b"\r\n") else message + b"\r\n"

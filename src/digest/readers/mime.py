"""Parses a mail into its header and its parts with their text. Sizes are limited, and any bytes are accepted.

Bounces are the least regular mails, and anybody can send one. So nothing is rejected. Without its boundary, a mail is
one part. An unknown character set is read as Latin-1. Data beyond the limits are ignored.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header

MOST_BYTES = 2_000_000
"""Most bytes of one mail that are read. In a report, the important parts come before the returned letter."""
MOST_HEADER_BYTES = 64_000
MOST_FIELDS = 400
MOST_PARTS = 40
DEEPEST = 6
"""Deepest nesting of multipart bodies that is read. RFC 3462 needs two levels."""

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_PARAMETER = re.compile(r';\s*([\w-]{1,40})\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))')
_LOOKS_LIKE_BOUNDARY = re.compile(rb"^--([^\r\n]{1,100}?)[ \t]*\r?\nContent-", re.IGNORECASE | re.MULTILINE)
_JAPANESE = re.compile(rb"\x1b\$[@B]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fields of a header in order. Names are in lower case, values are unfolded."""

    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Return the first field with that name, or the empty string."""
        return next((value for known, value in self.fields if known == name), "")

    def all(self, *names: str) -> tuple[str, ...]:
        """Return the values of all fields with these names, in order."""
        return tuple(value for known, value in self.fields if known in names)

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _ in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a mail that has no parts itself. ``body`` is decoded from its transfer encoding."""

    kind: str
    """The media type in lower case; ``text/plain`` when the part names none."""
    header: Header
    body: bytes
    charset: str = ""

    @property
    def text(self) -> str:
        """The body as text with line feeds. A wrong character set is not an error."""
        return as_text(self.body, self.charset)


def take_apart(raw: bytes) -> tuple[Header, tuple[Part, ...]]:
    """Return the header of a mail and its parts, in order. Any bytes are accepted."""
    header, body = split_header(_unboxed(raw[:MOST_BYTES]))
    parts: list[Part] = []
    for part in _walk(header, body, DEEPEST):
        parts.append(part)
        if len(parts) == MOST_PARTS:
            break
    return header, tuple(parts)


def split_header(raw: bytes) -> tuple[Header, bytes]:
    """Return the header of a mail and the bytes after its empty line. Without a header, all of ``raw`` is the body."""
    lines = raw[:MOST_HEADER_BYTES].splitlines(keepends=True)
    fields: list[tuple[str, list[bytes]]] = []
    length = 0
    for line in lines:
        if fields and line[:1] in {b" ", b"\t"} and line.strip():
            fields[-1][1].append(line)
        elif (found := _FIELD.match(line)) is not None and len(fields) < MOST_FIELDS:
            name = found[0][:-1].decode("ascii").strip().lower()
            fields.append((name, [line[found.end() :]]))
        else:
            length += len(line) if not line.strip() else 0
            break
        length += len(line)
    return Header(fields=tuple((name, _unfolded(value)) for name, value in fields)), raw[length:]


def as_text(body: bytes, charset: str = "") -> str:
    """Return bytes as text: in the given character set, else UTF-8, else Latin-1. Line ends become line feeds."""
    if _JAPANESE.search(body[:MOST_HEADER_BYTES]):
        charset = "iso2022_jp"
    try:
        text = body.decode(charset, "replace") if charset else body.decode()
    except (LookupError, ValueError):  # invalid UTF-8, or an invalid name of a character set
        text = body.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(value: str) -> str:
    """Return a header's value with its encoded words (RFC 2047) decoded; unchanged if they are invalid."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value[:2000])))
    except (MessageError, LookupError, ValueError):
        return value


def parameter(value: str, name: str) -> str:
    """Return a parameter of a field such as Content-Type, or the empty string."""
    for key, quoted, bare in _PARAMETER.findall(value[:2000]):
        if key.lower() == name:
            return str(quoted or bare)
    return ""


def _walk(header: Header, body: bytes, depth: int) -> Iterator[Part]:
    content = header.get("content-type")
    kind = content.split(";", 1)[0].strip().lower() or "text/plain"
    if depth and kind.startswith("multipart/"):
        pieces = _pieces(body, parameter(content, "boundary").encode("utf-8", "replace"))
        for piece in pieces:
            yield from _walk(*split_header(piece), depth - 1)
        if pieces:
            return
    plain = _transferred(body, header.get("content-transfer-encoding").strip().lower())
    if depth and kind == "message/rfc822":
        inner, rest = split_header(plain)
        if inner.get("content-type").lower().startswith("multipart/report"):  # a forwarded report
            yield from _walk(inner, rest, depth - 1)
            return
    yield Part(kind=kind, header=header, body=plain, charset=parameter(content, "charset"))


def _pieces(body: bytes, boundary: bytes) -> tuple[bytes, ...]:
    """Return the parts between the lines of a boundary (RFC 2046, 5.1.1). The last one may lack its end line.

    If the named boundary does not occur, the first line that looks like one is used, because relays rename boundaries.
    """
    if b"--" + boundary not in body or not boundary:
        guess = _LOOKS_LIKE_BOUNDARY.search(body[:MOST_HEADER_BYTES])
        if guess is None:
            return ()
        boundary = guess[1]
    found = re.split(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|$)", body, maxsplit=MOST_PARTS)
    pieces = []
    for ends, piece in zip(found[1::2], found[2::2], strict=True):
        if ends:
            break
        pieces.append(piece.removeprefix(b"\r").removeprefix(b"\n"))
    return tuple(pieces)


def _transferred(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return body
    return body


def _unfolded(lines: list[bytes]) -> str:
    return " ".join(as_text(line).strip() for line in lines).strip()


def _unboxed(raw: bytes) -> bytes:
    """Return a mail without the line that precedes it in an mbox file (``From``, sender, date)."""
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw

"""Encodes a text part once, as quoted-printable or base64, whichever is smaller. Its slots stay unfilled."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from digest.model.letter import Slot

LINE = 76
"""Most characters of an encoded line (RFC 2045, sections 6.7 and 6.8)."""
GROUP = 57
"""Bytes that one line of base64 encodes."""
Segment = bytes | Slot
PLAIN = bytes(byte for byte in range(33, 127) if byte != ord("=")) + b" \t"
ESCAPES = tuple(bytes([byte]) if byte in PLAIN else b"=%02X" % byte for byte in range(256))


def encoded_part(kind: str, text: str, marks: Mapping[str, Slot]) -> tuple[Segment, ...]:
    """Return a whole part with its header lines, ended by CRLF. The ``marks`` in ``text`` become slots.

    A missing line feed at the end of the text is added. No line begins with a dot or with ``From``, so neither a
    relay's dot-stuffing nor a mail folder changes the part.
    """
    ended = text if text.endswith("\n") else text + "\n"
    pieces = _pieces(ended.replace("\r\n", "\n").replace("\n", "\r\n"), marks)
    ways = {"quoted-printable": quoted_printable(pieces), "base64": base64_lines(pieces)}
    sizes = {"quoted-printable": _size(ways["quoted-printable"]), "base64": _size(pieces) * 78 / GROUP}
    way = min(sizes, key=sizes.__getitem__)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {way}\r\n\r\n".encode()
    return (head, *ways[way])


def _pieces(text: str, marks: Mapping[str, Slot]) -> tuple[Segment, ...]:
    if not marks:
        return (text.encode(),)
    parts = re.split("(" + "|".join(map(re.escape, marks)) + ")", text)
    return tuple(marks[part] if part in marks else part.encode() for part in parts if part)


def _size(segments: tuple[Segment, ...]) -> int:
    return sum(len(segment) for segment in segments if isinstance(segment, bytes))


def quoted_printable(pieces: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return ``pieces`` in quoted-printable; each slot is on a separate line between soft line breaks."""
    made: list[Segment] = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, Slot):
            made.append(piece)
            continue
        before = b"=\r\n" if place else b""
        after = b"=\r\n" if place + 1 < len(pieces) else b"" if piece.endswith(b"\r\n") else b"\r\n"
        made.append(before + b"\r\n".join(map(_soft_lines, piece.split(b"\r\n"))) + after)
    if made and isinstance(made[-1], Slot):
        made.append(b"\r\n")
    return tuple(made)


def _soft_lines(line: bytes) -> bytes:
    """Return one line of text as quoted-printable lines of at most 76 characters."""
    rest = b"".join(map(ESCAPES.__getitem__, line))
    if rest.endswith((b" ", b"\t")):
        rest = rest[:-1] + b"=%02X" % rest[-1]
    made: list[bytes] = []
    while True:
        rest = _guarded(rest)
        if len(rest) <= LINE - 1:
            return b"=\r\n".join([*made, rest])
        end = LINE - 1
        escape = rest.rfind(b"=", end - 2, end)
        end = escape if escape >= 0 else end
        made.append(rest[:end])
        rest = rest[end:]


def _guarded(line: bytes) -> bytes:
    """Return a line. If it begins with a dot or with ``From ``, the first character is escaped."""
    return b"=%02X" % line[0] + line[1:] if line.startswith((b".", b"From ")) else line


def base64_lines(pieces: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return ``pieces`` in base64: whole lines up to the first slot, then the raw bytes between two BASE64 slots."""
    first = next((place for place, piece in enumerate(pieces) if isinstance(piece, Slot)), len(pieces))
    steady = b"".join(piece for piece in pieces[:first] if isinstance(piece, bytes))
    if first == len(pieces):
        return (lines64(steady),)
    whole = len(steady) // GROUP * GROUP
    return (lines64(steady[:whole]), Slot.BASE64, steady[whole:], *pieces[first:], Slot.BASE64)


def lines64(raw: bytes) -> bytes:
    """Return ``raw`` as base64 lines, each ended by CRLF."""
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")

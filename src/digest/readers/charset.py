"""Detects the encoding of a file of readers and counts its lines."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

GUESS = "cp1252"
"""The encoding that is assumed when a file has no other known one. It may be wrong, since cp1252 can decode any
bytes."""
_PIECE = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The encoding of a file, and its number of lines."""

    encoding: str
    lines: int


def survey(path: Path) -> Survey:
    """Read a file once and return its encoding and number of lines. Raises OSError.

    UTF-8 and UTF-16 are recognised by their byte order marks, and UTF-16 without a mark by its zero bytes. A file
    without a mark is UTF-8 if all its bytes are valid UTF-8. Otherwise it is GUESS, which western spreadsheets write.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "") or _by_zeros(start)
        decoder, lines, piece = codecs.getincrementaldecoder("utf-8")(), 0, start
        while piece:
            lines += piece.count(b"\n")
            following = file.read(_PIECE)
            encoding = encoding or _unless_utf8(decoder, piece, final=not following)
            piece = following
    return Survey(encoding=encoding or "utf-8", lines=lines)


def _by_zeros(start: bytes) -> str:
    odd, even = start[1::2].count(0), start[::2].count(0)
    if max(odd, even) <= len(start) // 8:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _unless_utf8(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool) -> str:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return GUESS
    return ""

"""Reads the body of an answer piece by piece, within limits, and removes its gzip layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from digest.errors import BadEncoding, ConnectionLost, TooLarge
from digest.fetch import coding


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySize:
    """Most bytes of a body as received and as decoded; with ``cut``, a larger body is cut instead of refused."""

    received: int
    decoded: int
    cut: bool = False


def read_body(url: str, headers: Mapping[str, str], pieces: Iterable[bytes], size: BodySize) -> bytes:
    """Return the decoded body that arrives in raw ``pieces``.

    Raises:
        TooLarge: It has more bytes than allowed.
        BadEncoding: It is not encoded as its headers say.
        ConnectionLost: A packed body ends too early.
    """
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > size.received and not size.cut:
        raise TooLarge(url, f"{length[:20]} bytes announced, {size.received} allowed")
    try:
        count = coding.layers(headers.get("content-encoding", ""))
        read = _beginning if size.cut else _whole
        return coding.unpack(read(url, pieces, size, packed=count > 0), size.decoded, taken_off=min(count, 1))
    except coding.Damaged as problem:
        raise BadEncoding(url, str(problem)) from problem
    except coding.Overflow as problem:
        raise TooLarge(url, f"more than {size.decoded} bytes decoded") from problem
    except coding.Truncated as problem:
        raise ConnectionLost(url, "the packed body ends too early") from problem


def _whole(url: str, pieces: Iterable[bytes], size: BodySize, *, packed: bool) -> bytes:
    """Return the raw body. If its header names gzip, remove that layer while the body is read."""
    gunzip = coding.Gunzip(size.decoded)
    plain = bytearray()
    wire_bytes = 0
    for piece in pieces:
        wire_bytes += len(piece)
        if wire_bytes > size.received:
            raise TooLarge(url, f"more than {size.received} bytes")
        if packed:
            gunzip.feed(piece)
        else:
            plain += piece
    return gunzip.finish() if packed else bytes(plain)


def _beginning(_url: str, pieces: Iterable[bytes], size: BodySize, *, packed: bool) -> bytes:
    """Return the first bytes of the body. No more of it is read."""
    gunzip = coding.Gunzip(size.received)
    plain = gunzip.data if packed else bytearray()
    for piece in pieces:
        with suppress(coding.Overflow):
            if packed:
                gunzip.feed(piece)
            else:
                plain += piece
        if len(plain) >= size.received:
            return bytes(plain[: size.received])
    return gunzip.finish() if packed else bytes(plain)

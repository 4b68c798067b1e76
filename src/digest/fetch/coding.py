"""Bounded decoding of bodies: gzip alone, in pieces, never more than a cap."""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b"
MOST_LAYERS = 3
"""Gzip in gzip in gzip happens (a packed sitemap, served packed); more layers are a bomb."""
_GZIP_ONLY = 16 + zlib.MAX_WBITS
_STEP_BYTES = 65536
_PLAIN = frozenset(("", "identity", "none", "utf-8", "utf8"))  # the last three are what misled servers send
_GZIP = frozenset(("gzip", "x-gzip"))


class Overflow(Exception):  # noqa: N818 - a leaf is named for what happened
    """The decoded bytes pass the cap."""


class Damaged(Exception):  # noqa: N818
    """The bytes are not what their coding says."""


class Truncated(Exception):  # noqa: N818
    """The coded bytes end too early."""


def layers(content_encoding: str) -> int:
    """Return how many layers of gzip a ``Content-Encoding`` names (RFC 9110, section 8.4).

    Raises:
        Damaged: it names a coding that we did not offer, whose decoders have no bound, or too many layers.
    """
    named = [name.strip().lower() for name in content_encoding.split(",")]
    unknown = [name for name in named if name not in _PLAIN | _GZIP]
    if unknown:
        raise Damaged(f"a coding that was not offered: {unknown[0]:.40}")
    count = sum(name in _GZIP for name in named)
    if count > MOST_LAYERS:
        raise Damaged("too many layers of gzip")
    return count


class Gunzip:
    """Takes one layer of gzip off, piece by piece; ``data`` grows to ``cap_bytes`` at most."""

    def __init__(self, cap_bytes: int) -> None:
        self._cap = cap_bytes
        self._inflater = zlib.decompressobj(_GZIP_ONLY)
        self._started = False
        self.data = bytearray()

    def feed(self, piece: bytes) -> None:
        """Decode the next ``piece``; what follows the last gzip member, and is none, is passed over.

        Raises:
            Overflow: there is more than the cap.
            Damaged: it is no gzip.
        """
        while piece:
            if self._inflater.eof:
                if not piece.startswith(MAGIC[:1]):
                    return
                self._inflater = zlib.decompressobj(_GZIP_ONLY)
            piece = self._inflate(piece)

    def _inflate(self, piece: bytes) -> bytes:
        self._started = True
        try:
            while piece and not self._inflater.eof:
                room = min(_STEP_BYTES, self._cap - len(self.data) + 1)
                self.data += self._inflater.decompress(piece, room)
                if len(self.data) > self._cap:
                    raise Overflow
                piece = self._inflater.unconsumed_tail
        except zlib.error as problem:
            raise Damaged(str(problem)) from problem
        return self._inflater.unused_data

    def finish(self) -> bytes:
        """Return all of it.

        Raises:
            Truncated: the last member is not complete.
        """
        if self._started and not self._inflater.eof:
            raise Truncated
        return bytes(self.data)


def unpack(body: bytes, cap_bytes: int, *, taken_off: int = 0) -> bytes:
    """Take off the gzip layers that a body has without saying so, as a packed sitemap or a feed packed twice.

    Raises:
        Overflow: a layer holds more than ``cap_bytes``.
        Damaged: no gzip after all, or more than ``MOST_LAYERS`` with those ``taken_off`` before.
        Truncated: a layer ends too early.
    """
    while body.startswith(MAGIC):
        taken_off += 1
        if taken_off > MOST_LAYERS:
            raise Damaged("too many layers of gzip")
        gunzip = Gunzip(cap_bytes)
        gunzip.feed(body)
        body = gunzip.finish()
    return body

"""Decodes gzip bodies in pieces, with a limit for the decoded bytes. No other coding is accepted."""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b"
MOST_LAYERS = 3
"""Two or three layers of gzip occur (a packed sitemap that is served packed). More layers are an attack."""
_GZIP_ONLY = 16 + zlib.MAX_WBITS
_STEP_BYTES = 65536
_PLAIN = frozenset(("", "identity", "none", "utf-8", "utf8"))  # misconfigured servers send the last three
_GZIP = frozenset(("gzip", "x-gzip"))


class Overflow(Exception):  # noqa: N818 - named after what happened
    """The decoded bytes exceed the limit."""


class Damaged(Exception):  # noqa: N818
    """The bytes do not fit their coding."""


class Truncated(Exception):  # noqa: N818
    """The coded bytes end too early."""


def layers(content_encoding: str) -> int:
    """Return the number of gzip layers that a ``Content-Encoding`` header names (RFC 9110, section 8.4).

    Raises:
        Damaged: It names too many layers, or a coding that we did not offer (our decoder limits gzip alone).
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
    """Removes one layer of gzip, piece by piece. ``data`` grows to at most ``cap_bytes``."""

    def __init__(self, cap_bytes: int) -> None:
        self._cap = cap_bytes
        self._inflater = zlib.decompressobj(_GZIP_ONLY)
        self._started = False
        self.data = bytearray()

    def feed(self, piece: bytes) -> None:
        """Decode the next ``piece``. Bytes after the last gzip member that are not gzip are ignored.

        Raises:
            Overflow: The decoded bytes exceed the limit.
            Damaged: The bytes are not gzip.
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
        """Return all decoded bytes.

        Raises:
            Truncated: The last member is not complete.
        """
        if self._started and not self._inflater.eof:
            raise Truncated
        return bytes(self.data)


def unpack(body: bytes, cap_bytes: int, *, taken_off: int = 0) -> bytes:
    """Remove gzip layers that no header named, as those of a packed sitemap or of a feed that was packed twice.

    ``taken_off`` layers were removed before.

    Raises:
        Overflow: A layer holds more than ``cap_bytes``.
        Damaged: The bytes are not gzip, or there are more than ``MOST_LAYERS`` layers in all.
        Truncated: A layer ends too early.
    """
    while body.startswith(MAGIC):
        taken_off += 1
        if taken_off > MOST_LAYERS:
            raise Damaged("too many layers of gzip")
        gunzip = Gunzip(cap_bytes)
        gunzip.feed(body)
        body = gunzip.finish()
    return body

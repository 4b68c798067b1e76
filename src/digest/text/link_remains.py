"""What mail programs leave in a link or a subject of a letter that they took from its encoded form."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"=(2D|2E|3D|5F|2F)", re.IGNORECASE)
_SOFT_BREAK = re.compile(r"=\r?\n")


def without_quoting(text: str) -> str:
    """Return a text without the escapes of quoted-printable (RFC 2045, 6.7) for the marks that stand in our links.

    Only ``- . = _ /`` are undone: what stands behind an equals sign may be a value as well.
    """
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), _SOFT_BREAK.sub("", text))

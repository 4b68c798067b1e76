"""Removes quoted-printable escapes that mail programs leave in a link or subject when they copy its encoded form."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"=(2D|2E|3D|5F|2F)", re.IGNORECASE)
_SOFT_BREAK = re.compile(r"=\r?\n")


def without_quoting(text: str) -> str:
    """Return a text without quoted-printable escapes (RFC 2045, 6.7) of the marks in our links.

    Only ``- . = _ /`` are decoded, because other text after an equals sign may be a value.
    """
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), _SOFT_BREAK.sub("", text))

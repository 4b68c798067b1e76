"""Tokens of the API: how they are made and checked, and how a lifetime is written."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from zlib import crc32

from digest.people.tokens import TOKEN_BYTES

PREFIX = "dgt_"
"""How every token begins. Scanners for leaked secrets find a token by this prefix and by the checksum at its end."""
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}[0-9a-f]{{8}}", re.ASCII)
_LIFETIME = re.compile(r"([1-9][0-9]{0,3})([dhwy])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365)}
LONGEST_LIFE = timedelta(days=3650)


def new_api_token() -> str:
    """Return an unguessable token: the prefix, 256 random bits in base64url, and a CRC-32 of both in hexadecimal."""
    body = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Return whether a text has the form of a token. So most guesses are refused without a query of the database."""
    return _TOKEN.fullmatch(token) is not None and token[-8:] == _checksum(token[:-8])


def lifetime(text: str) -> timedelta | None:
    """Return the length of time that a text such as ``90d``, ``12h``, ``6w`` or ``1y`` names; None for any other text.

    Years have 365 days. None also when the time is longer than ten years.
    """
    found = _LIFETIME.fullmatch(text)
    length = int(found[1]) * _UNITS[found[2]] if found else None
    return length if length is not None and length <= LONGEST_LIFE else None


def _checksum(body: str) -> str:
    return f"{crc32(body.encode()):08x}"

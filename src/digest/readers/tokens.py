"""Tokens that stand in letters: who may leave, and whose bounce this is. Nobody can make one without the key.

A token is ``<purpose><key id>.<reader>.<mac>``: the reader's number in hexadecimal, and a MAC over purpose, reader and
edition (HMAC-SHA-256, RFC 2104, cut to 120 bits). It needs no row in a database and never expires: a link of a letter
two years old still works.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from enum import Enum
from hashlib import sha256

from digest.errors import SettingsError
from digest.model.ids import EditionKey, ReaderId
from digest.settings import KeySettings

MAC_BYTES = 15
"""120 bits, 24 characters in base 32."""


class Purpose(Enum):
    """What a token is good for; one of another purpose is refused."""

    LEAVE = "l"
    CHOOSE = "c"
    BOUNCE = "b"
    MESSAGE = "m"


def sign(keys: KeySettings, purpose: Purpose, reader_id: ReaderId, edition: str) -> str:
    """Return the token that lets this reader do this, for an edition's name (or name and date).

    Raises SettingsError when there is no current key.
    """
    key = keys.ring.get(keys.current, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return f"{purpose.value}{keys.current}.{reader_id:x}.{_mac(key, purpose, reader_id, edition)}"


def verify(keys: KeySettings, purpose: Purpose, token: str, editions: tuple[str, ...]) -> tuple[ReaderId, str] | None:
    """Return (reader, edition) when the token was made by a key of the ring for one of these editions, else None."""
    head, _, rest = token.partition(".")
    number, _, mac = rest.partition(".")
    key = keys.ring.get(head[1:], "")
    if not key or head[:1] != purpose.value or not _is_hexadecimal(number):
        return None
    reader_id = ReaderId(int(number, 16))
    for edition in editions:
        if hmac.compare_digest(_mac(key, purpose, reader_id, edition).encode(), mac.encode("utf-8", "replace")):
            return reader_id, edition
    return None


def message_id(keys: KeySettings, key: EditionKey, reader_id: ReaderId) -> str:
    """Return the left part of the Message-ID: steady for one edition and reader, and telling nothing of either."""
    return sign(keys, Purpose.MESSAGE, reader_id, str(key)).rpartition(".")[2]


def _mac(key: str, purpose: Purpose, reader_id: ReaderId, edition: str) -> str:
    message = f"{purpose.value}\n{reader_id}\n{edition}".encode()
    digest = hmac.digest(bytes.fromhex(key), message, sha256)
    return b32encode(digest[:MAC_BYTES]).decode().lower()


def _is_hexadecimal(text: str) -> bool:
    return 0 < len(text) <= 16 and all(c in "0123456789abcdef" for c in text)  # noqa: PLR2004 - 64 bits

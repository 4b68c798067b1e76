"""Tokens in letters: they prove who may leave, and which letter a bounce is about. Nobody can make one without the key.

A token is ``<purpose><key id>.<reader>.<mac>``: the reader's number in hexadecimal, and a MAC over purpose, reader and
edition (HMAC-SHA-256, RFC 2104, cut to 120 bits). It needs no database row and never expires. A link in a letter that
is two years old still works.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Sequence
from enum import Enum
from hashlib import sha256

from digest.errors import SettingsError
from digest.model.ids import EditionKey, ReaderId
from digest.settings import KeySettings

MAC_BYTES = 15
"""Bytes of the MAC in a token: 120 bits, 24 characters in base 32."""

_SPELLED = re.compile(
    r"\W*([a-z][a-z0-9_-]{1,32})\.([0-9a-f]{1,16})\.([a-z2-7]{24})(?![a-z0-9])", re.IGNORECASE | re.ASCII
)
"""A token with the characters that mail programs leave around it (brackets, full stops, blanks), in any case."""


class LinkPurpose(Enum):
    """What a token in a letter is for. A token for another purpose is refused."""

    LEAVE = "l"
    CHOOSE = "c"
    BOUNCE = "b"
    MESSAGE = "m"


def sign(keys: KeySettings, purpose: LinkPurpose, reader_id: ReaderId, edition: str) -> str:
    """Return the token for a purpose, a reader and an edition. ``edition`` is its name, or its name and date.

    Raises SettingsError when there is no current key.
    """
    key = keys.ring.get(keys.current, "")
    if len(key) < 2 * sha256().digest_size:
        raise SettingsError(("keys.current: there is no secret key; `digest init` writes config/secrets.toml",))
    return f"{purpose.value}{keys.current}.{reader_id:x}.{_mac(key, purpose, reader_id, edition)}"


def verify(
    keys: KeySettings, purpose: LinkPurpose, token: str, editions: tuple[str, ...]
) -> tuple[ReaderId, str] | None:
    """Return the reader and the edition of a token. None when no key of the ring made it for one of these editions.

    Characters that a mail program left around it (a bracket, a full stop, a blank) and the case of its letters are
    ignored.
    """
    spelled = _SPELLED.match(token)
    if spelled is None:
        return None
    head, number, mac = spelled.group(1, 2, 3)
    key = _key(keys, head[1:])
    reader_id = ReaderId(int(number, 16))
    if not key or head[0].lower() != purpose.value:
        return None
    for edition in editions:
        if hmac.compare_digest(_mac(key, purpose, reader_id, edition).encode(), mac.lower().encode()):
            return reader_id, edition
    return None


def _key(keys: KeySettings, name: str) -> str:
    """Return the key of the ring with this name, in any case of letters; empty when the ring has none."""
    return keys.ring.get(name) or next((key for known, key in keys.ring.items() if known.lower() == name.lower()), "")


def message_id(keys: KeySettings, key: EditionKey, reader_id: ReaderId) -> str:
    """Return the part before the ``@`` of a letter's Message-ID.

    It is always the same for one edition and reader, and reveals neither.
    """
    return sign(keys, LinkPurpose.MESSAGE, reader_id, str(key)).rpartition(".")[2]


def edition_of_message_id(
    keys: KeySettings, wanted: str, reader_id: ReaderId, editions: Sequence[tuple[EditionKey, bytes]]
) -> EditionKey | None:
    """Return the edition whose letter to this reader has ``wanted`` as the left part of its Message-ID, or None.

    ``editions`` are pairs of an edition and its key as bytes. All secret keys of the ring are tried. Hashes are
    compared as bytes, since a program may ask for thousands of pairs of readers and editions.
    """
    try:
        found = b32decode(wanted.upper().encode("ascii"))
    except ValueError:  # other characters than ours: no Message-ID of ours
        return None
    if len(found) != MAC_BYTES:
        return None
    about = f"{LinkPurpose.MESSAGE.value}\n{reader_id}\n".encode()
    for key in (bytes.fromhex(each) for each in keys.ring.values() if len(each) >= 2 * sha256().digest_size):
        for edition, name in editions:
            if hmac.compare_digest(hmac.digest(key, about + name, sha256)[:MAC_BYTES], found):
                return edition
    return None


def _mac(key: str, purpose: LinkPurpose, reader_id: ReaderId, edition: str) -> str:
    message = f"{purpose.value}\n{reader_id}\n{edition}".encode()
    digest = hmac.digest(bytes.fromhex(key), message, sha256)
    return b32encode(digest[:MAC_BYTES]).decode().lower()

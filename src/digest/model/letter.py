"""An edition as mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.ids import EditionKey

PNG = b"\x89PNG\r\n\x1a\n"
"""The first bytes of a PNG."""


def picture_type(data: bytes) -> str:
    """Return the media type of a stored picture: photographs are JPEG, logos are PNG."""
    return "image/png" if data.startswith(PNG) else "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture on our own site: ``name`` is the SHA-256 of its bytes, ``width`` and ``height`` are in pixels."""

    name: str
    width: int
    height: int


class Slot(Enum):
    """A gap between the segments of a letter, for a value of the reader or a change of encoding."""

    TO = "to"
    """The reader's mailbox for the To header, with the name if it is known."""
    MESSAGE_ID = "message-id"
    """Local part of the Message-ID, constant for each (edition, reader)."""
    UNSUBSCRIBE = "unsubscribe"
    """Token in the unsubscribe links; the same in header and footer."""
    PREFERENCES = "preferences"
    """Token in the preferences link."""
    BASE64 = "base64"
    """No value: marks where base64 begins or ends.

    Everything up to the next BASE64 slot is encoded as base64 lines when the reader's copy is made.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An edition as mail: encoded once, with slots where readers differ.

    ``segments`` is the whole message as bytes with slots between: headers and body, each line ended by CRLF, the last
    one too. A reader's copy is made by filling the slots. No line begins with a dot, whatever the slots hold, so
    dot-stuffing changes nothing (RFC 5321, section 4.5.2). ``html`` and ``text`` are the two parts before encoding,
    for preview, archive and "view in browser"; they hold no reader's data.
    """

    edition: EditionKey
    language: str
    subject: str
    html: str
    text: str
    segments: tuple[bytes | Slot, ...]

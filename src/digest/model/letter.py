"""An edition in the form in which it is mailed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.ids import EditionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that our own site serves: ``name`` is the SHA-256 of its JPEG, width and height are its pixels."""

    name: str
    width: int
    height: int


class Slot(Enum):
    """A mark between the segments of a frozen letter: where readers differ, or how to encode what follows."""

    TO = "to"
    """The reader's mailbox, with the name if there is one, as the To header has it."""
    MESSAGE_ID = "message-id"
    """Left part of the Message-ID, steady per (edition, reader)."""
    UNSUBSCRIBE = "unsubscribe"
    """Token in the leave links; the same in header and footer."""
    PREFERENCES = "preferences"
    """Token in the preferences link."""
    BASE64 = "base64"
    """No value: the segments and values up to the next BASE64 mark are raw, and become base64 lines when spliced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An edition in the form in which it is mailed: encoded once, with slots where readers differ.

    ``segments`` is the whole message (headers and body, lines ended by CRLF, the last one too) as bytes with slots
    between; a reader's copy is a splice. No line of it begins with a dot, whatever the slots hold, so the message
    before and after dot-stuffing is the same (RFC 5321, section 4.5.2). ``html`` and ``text`` are the two parts before
    encoding, for preview, archive and "view in browser"; nothing in them belongs to a reader.
    """

    edition: EditionKey
    language: str
    subject: str
    html: str
    text: str
    segments: tuple[bytes | Slot, ...]

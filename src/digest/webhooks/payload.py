"""The body of a message as JSON: ``type``, ``version``, ``timestamp``, ``data`` (Standard Webhooks 1.0, "Payload")."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from digest.model.webhook import DETAILS, VERSION, EditionPart, EventType

T = TypeVar("T")
_LEARNING = threading.Lock()
PING = "ping"
"""Type of the message that `digest webhooks test` sends."""


class ReaderPart(Struct, frozen=True, kw_only=True):
    """The reader of an event. A pseudonym is the same in all events about one address to one receiver."""

    id: int | None
    """Number of the reader; null before they confirmed."""
    pseudonym: str
    address: str | UnsetType = UNSET
    """Only for receivers that were added with ``--addresses``; missing for erased readers."""


class EditionLinked(EditionPart, frozen=True, kw_only=True):
    """The edition of an event, with its address."""

    url: str
    """Its page in the archive, which shows it once it is sent; empty without a public site."""


class Envelope(Struct, frozen=True, kw_only=True):
    """A whole message."""

    type: str
    version: int = VERSION
    timestamp: datetime
    """When it happened (UTC)."""
    data: dict[str, Any]


def message(
    type_: EventType, at: datetime, details: dict[str, Any], *, reader: ReaderPart | None, edition: EditionLinked | None
) -> bytes:
    """Return the body of an event's message: its details, with the reader or the edition.

    Raises:
        msgspec.ValidationError: The stored details do not fit the type.
    """
    known = converted(details, DETAILS[type_])
    parts = {"reader": reader, "edition": edition}
    data = {name: msgspec.to_builtins(part) for name, part in parts.items() if part is not None}
    return _encoded(Envelope(type=type_.value, timestamp=at.astimezone(UTC), data=data | msgspec.to_builtins(known)))


def converted(stored: dict[str, Any], kind: type[T]) -> T:
    """Return a value of that kind. Raises msgspec.ValidationError when the stored one does not fit.

    It takes turns: msgspec must not learn a type in two threads at once.
    """
    with _LEARNING:
        return msgspec.convert(stored, kind)


def ping(endpoint: str, at: datetime) -> bytes:
    """Return the body of a test message."""
    return _encoded(Envelope(type=PING, timestamp=at.astimezone(UTC), data={"endpoint": endpoint}))


def _encoded(envelope: Envelope) -> bytes:
    return msgspec.json.encode(envelope)

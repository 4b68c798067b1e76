"""Splits a request of a mail service into its events. Each event has a name; a repeated event has the same name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

MOST_EVENTS = 1000
"""Most events of one request. SendGrid posts up to 768 KB, which hold fewer events."""
LONGEST_NAME, LONGEST_KIND = 200, 60
"""Most characters of a stored name and of a stored kind."""
MOST_SECONDS = 10**11
"""A timestamp above this number counts milliseconds instead of seconds."""
MOST_TIME = 253_402_300_799
"""The last second that a datetime can hold."""
UNTOUCHED = frozenset(
    {"open", "opened", "unique_opened", "click", "clicked", "processed", "request", "send", "accepted"}
)
"""Kinds of events that are not stored: they only track readers, or say that a letter was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEvent:
    """One event as it was posted."""

    name: str
    """The service's id of the event, or a hash of the event. A repeated event has the same name."""
    kind: str
    """The service's name for the kind of event, in lower case; empty when there is none."""
    happened: datetime | None
    """When it happened, with a time zone. None when the event gives no time."""
    raw: bytes
    """The event alone, as JSON."""


def events_of(service: str, body: bytes, given: str = "") -> tuple[PostedEvent, ...]:
    """Return the events in the body of a request, in order, at most MOST_EVENTS; empty when it contains none.

    ``given`` is the service's id of the request, if it has one. It becomes the event's name if there is only one event.
    """
    found = _objects(body)[:MOST_EVENTS]
    return tuple(_posted(service, each, given if len(found) == 1 else "") for each in found)


def _objects(body: bytes) -> list[dict[str, object]]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):  # thousands of nested brackets
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _posted(service: str, told: Mapping[str, object], given: str) -> PostedEvent:
    raw = json.dumps(told).encode()
    inner = _inner(told)
    parts = [given] if given else [part for part in _names(service, told, inner) if part]
    name = "/".join(parts) if parts else sha256(raw).hexdigest()
    if len(name) > LONGEST_NAME or not (name.isascii() and name.isprintable()):
        name = sha256(name.encode("utf-8", "replace")).hexdigest()
    return PostedEvent(
        name=name,
        kind=_kind(inner),
        happened=_happened(inner),
        raw=raw,
    )


def _inner(told: Mapping[str, object]) -> Mapping[str, object]:
    """Return the event inside what was posted. SNS wraps an event in a text, Mailgun in an object."""
    data = told.get("event-data")
    if isinstance(data, dict):
        return data
    message = told.get("Message")
    found = _objects(message.encode("utf-8", "replace")) if isinstance(message, str) else []
    return found[0] if found else told


def _names(service: str, told: Mapping[str, object], inner: Mapping[str, object]) -> Iterator[str]:
    """Yield the texts that together name an event; none if the service gives its events no id."""
    if service == "ses":
        yield _text(told.get("MessageId"))
    elif service == "sendgrid":
        yield _text(inner.get("sg_event_id"))
    elif service == "mailgun":
        yield _text(inner.get("id"))
    elif service == "postmark" and _text(inner.get("ID")):
        yield _text(inner.get("RecordType"))
        yield _text(inner.get("ID"))
    elif service == "standard":
        yield _text(told.get("id"))


def _kind(inner: Mapping[str, object]) -> str:
    for key in ("notificationType", "eventType", "RecordType", "event", "type", "Type"):
        if isinstance(found := inner.get(key), str):
            return "".join(filter(str.isprintable, found.lower()))[:LONGEST_KIND]
    return ""


def _happened(inner: Mapping[str, object]) -> datetime | None:
    for key in ("timestamp", "ts_event", "ts_epoch", "BouncedAt", "ChangedAt", "DeliveredAt"):
        if (found := _instant(inner.get(key))) is not None:
            return found
    mail = inner.get("mail")
    return _instant(mail.get("timestamp")) if isinstance(mail, dict) else None


def _instant(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 < value <= MOST_TIME * 1000:
            return None
        seconds = value / 1000 if value > MOST_SECONDS else value  # Brevo's ts_epoch counts milliseconds
        return datetime.fromtimestamp(seconds, UTC)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo is not None else found.replace(tzinfo=UTC)


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""

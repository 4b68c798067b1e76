"""The events of sending services, as they post or mail them: Amazon SES, Postmark, SendGrid, Mailgun.

The shapes are those that the services document for their webhooks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from digest.readers.reports import ReportStatus, bare

MOST_EVENTS = 1000
"""Of one posted list that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; ``kind`` is ``bounce``, ``complaint`` or ``delivery``."""

    kind: str
    statuses: tuple[ReportStatus, ...]
    senders: tuple[str, ...] = ()
    message_id: str = ""
    """Of our letter, without brackets; empty when the service does not tell it."""
    nature: str = ""
    """Of a bounce: ``permanent``, ``transient`` or ``undetermined``; it decides where no server's words do."""
    detail: str = ""
    """Of a bounce its sub-type (``general``, ``mailboxfull``), of a complaint its feedback type; in lower case."""


def event(text: str) -> Event | None:
    """Return the event that a mail or a posted body holds, of a list the first; None when it holds none."""
    return next(filter(None, map(_read, _json(text)[:MOST_EVENTS])), None)


def posted(raw: bytes) -> tuple[bytes, ...]:
    """Return the events of a posted list one by one: each is about a letter of its own; other bytes as they are."""
    if raw[:1] != b"[":
        return (raw,)
    told = _json(raw.decode("utf-8", "replace"))
    return tuple(json.dumps(each).encode() for each in told[:MOST_EVENTS]) or (raw,)


def _read(told: Mapping[str, object]) -> Event | None:
    if isinstance(told.get("Message"), str):  # Amazon's notification service puts the event into a text
        told = next(iter(_json(str(told["Message"]))), told)
    for read in (_amazon, _postmark, _sendgrid, _mailgun):
        if (found := read(told)) is not None:
            return found
    return None


# --- Amazon SES -------------------------------------------------------------------------------------------------------


def _amazon(told: Mapping[str, object]) -> Event | None:
    kind = _word(told.get("notificationType") or told.get("eventType"))
    if kind not in {"bounce", "complaint", "delivery"}:
        return None
    mail, said = _mapping(told.get("mail")), _mapping(told.get(kind))
    return Event(
        kind=kind,
        statuses=tuple(_amazons(said)),
        senders=(str(mail.get("source") or ""),),
        message_id=_id(_mapping(mail.get("commonHeaders")).get("messageId")),
        nature=_word(said.get("bounceType")),
        detail=_word(said.get("bounceSubType") or said.get("complaintFeedbackType")),
    )


def _amazons(said: Mapping[str, object]) -> Iterator[ReportStatus]:
    people = said.get("bouncedRecipients") or said.get("complainedRecipients") or ()
    for person in map(_mapping, people if isinstance(people, list) else ()):
        yield ReportStatus(
            recipient=str(person.get("emailAddress") or ""),
            action=str(person.get("action") or ""),
            status=str(person.get("status") or ""),
            diagnostic=bare(str(person.get("diagnosticCode") or "")),
        )


# --- Postmark ---------------------------------------------------------------------------------------------------------

_POSTMARK = {
    "hardbounce": "permanent",
    "bademailaddress": "permanent",
    "manuallydeactivated": "suppressed",
    "spamcomplaint": "complaint",
    "autoresponder": "undetermined",
    "addresschange": "undetermined",
    "challengeverification": "undetermined",
    "openrelaytest": "undetermined",
}
"""What a type of bounce means; the others (a full mailbox, a filter, DNS) are transient."""


def _postmark(told: Mapping[str, object]) -> Event | None:
    record = _word(told.get("RecordType"))
    if record not in {"bounce", "spamcomplaint", "delivery"}:
        return None
    detail = _word(told.get("Type"))
    nature = _POSTMARK.get(detail, "transient")
    kind = "complaint" if "spamcomplaint" in {record, detail} else record
    person = ReportStatus(
        recipient=str(told.get("Email") or told.get("Recipient") or ""),
        action="",
        status="",
        diagnostic=bare(str(told.get("Details") or "")) if nature in {"permanent", "transient"} else "",
    )
    return Event(
        kind=kind,
        statuses=(person,),
        nature=nature,
        detail="" if kind == "complaint" else "suppressed" if nature == "suppressed" else detail,
    )


# --- SendGrid ---------------------------------------------------------------------------------------------------------


_SENDGRID_SUPPRESSED = frozenset({"bounced address", "invalid", "spam reporting address"})
"""Why it drops a letter to an address that bounced or complained before."""


def _sendgrid(told: Mapping[str, object]) -> Event | None:
    name = _word(told.get("event"))
    kind = {"bounce": "bounce", "dropped": "bounce", "delivered": "delivery", "spamreport": "complaint"}.get(name)
    if kind is None or "email" not in told or ("smtp-id" not in told and "sg_event_id" not in told):
        return None
    reason, blocked = str(told.get("reason") or ""), _word(told.get("type")) == "blocked"
    refused_before = name == "dropped" and _word(reason) in _SENDGRID_SUPPRESSED
    person = ReportStatus(
        recipient=str(told.get("email") or ""),
        action="",
        status=str(told.get("status") or "") if name == "bounce" else "",
        diagnostic=reason if name == "bounce" else "",
    )
    return Event(
        kind=kind,
        statuses=(person,),
        message_id=_id(told.get("smtp-id")),
        nature="permanent" if name == "bounce" and not blocked else "transient",
        detail="suppressed" if refused_before else "" if kind == "complaint" else "blocked" if blocked else name,
    )


# --- Mailgun ----------------------------------------------------------------------------------------------------------


def _mailgun(told: Mapping[str, object]) -> Event | None:
    data = _mapping(told.get("event-data"))
    kind = {"failed": "bounce", "complained": "complaint", "delivered": "delivery"}.get(_word(data.get("event")))
    if kind is None:
        return None
    said, reason = _mapping(data.get("delivery-status")), _word(data.get("reason"))
    message = said.get("message") or said.get("description") or ""
    words = " ".join(str(part) for part in (said.get("code"), said.get("enhanced-code"), message) if part)
    person = ReportStatus(
        recipient=str(data.get("recipient") or ""),
        action="",
        status=str(said.get("enhanced-code") or ""),
        diagnostic=words if message else "",
    )
    return Event(
        kind=kind,
        statuses=(person,),
        senders=(str(_mapping(data.get("envelope")).get("sender") or ""),),
        message_id=_id(_mapping(_mapping(data.get("message")).get("headers")).get("message-id")),
        nature="permanent" if _word(data.get("severity")) == "permanent" else "transient",
        detail="" if kind == "complaint" else "suppressed" if reason.startswith("suppress") else reason or "failed",
    )


def _id(value: object) -> str:
    return str(value or "").strip("<> ")


def _word(value: object) -> str:
    return str(value or "").strip().lower()


def _json(text: str) -> list[dict[str, object]]:
    """Return the objects of a JSON document that stands at the beginning of a text; what follows it is passed over."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return []
    try:
        found = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):  # RecursionError: brackets by the thousand
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}

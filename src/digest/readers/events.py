"""Parses the events that sending services post or mail: Amazon SES, Postmark, SendGrid, Mailgun, Brevo, and our own.

The services document these formats for their webhooks. Our own format is the payload of Standard Webhooks::

    {"type": "bounce", "timestamp": "2026-11-27T06:00:00Z",
     "data": {"recipient": "anna@receiver.example", "message_id": "...", "status": "5.1.1",
              "diagnostic": "550 5.1.1 User unknown", "permanent": true}}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from digest.readers.reports import ReportStatus, bare

MOST_EVENTS = 1000
"""Most events of one posted list that are read."""
MOST_PEOPLE = 100
"""Most recipients of one event that are read. SES, the only service with lists, allows 50 for a letter."""
LONGEST_TEXT = 4000
"""Most characters of one text that are read. Servers' replies have a few hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event that a mail service reports about a letter.

    ``kind`` is ``bounce``, ``complaint``, ``delivery``, ``delay`` or ``unsubscribe``.
    """

    kind: str
    statuses: tuple[ReportStatus, ...]
    senders: tuple[str, ...] = ()
    message_id: str = ""
    """Message-ID of our letter, without brackets; empty when the service does not give it."""
    nature: str = ""
    """For a bounce: ``permanent``, ``transient`` or ``undetermined``. It counts if the server's message does not
    decide."""
    detail: str = ""
    """For a bounce its sub-type (``general``, ``mailboxfull``), for a complaint its feedback type; in lower case."""


def event(text: str) -> Event | None:
    """Return the event in the text of a mail or of a posted body; None when there is none.

    Of a list of events, return the first.
    """
    found = next(filter(None, map(_read, _json(text)[:MOST_EVENTS])), None)
    return None if found is None else _bounded(found)


def _bounded(found: Event) -> Event:
    """Return an event with texts that a database can store, cut to the length that services write at most."""
    return replace(
        found,
        statuses=tuple(_sound_status(each) for each in found.statuses[:MOST_PEOPLE]),
        senders=tuple(_sound(each) for each in found.senders[:MOST_PEOPLE]),
        message_id=_sound(found.message_id),
        detail=_sound(found.detail),
    )


def _sound_status(status: ReportStatus) -> ReportStatus:
    return replace(
        status,
        recipient=_sound(status.recipient),
        action=_sound(status.action),
        status=_sound(status.status),
        diagnostic=_sound(status.diagnostic),
    )


def _sound(text: str) -> str:
    """Return the first LONGEST_TEXT characters, with null characters and lone surrogates replaced.

    JSON allows both; a database cannot store them.
    """
    text = text[:LONGEST_TEXT].replace("\0", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def posted(raw: bytes) -> tuple[bytes, ...]:
    """Return each event of a posted JSON list as JSON of its own, since each is about another letter.

    Bytes that are no list are returned unchanged.
    """
    if raw[:1] != b"[":
        return (raw,)
    told = _json(raw.decode("utf-8", "replace"))
    return tuple(json.dumps(each).encode() for each in told[:MOST_EVENTS]) or (raw,)


def _read(told: Mapping[str, object]) -> Event | None:
    if isinstance(told.get("Message"), str):  # Amazon's notification service wraps the event in a text
        told = next(iter(_json(str(told["Message"]))), told)
    for read in (_amazon, _postmark, _sendgrid, _mailgun, _brevo, _standard):
        if (found := read(told)) is not None:
            return found
    return None


# --- Amazon SES -------------------------------------------------------------------------------------------------------


def _amazon(told: Mapping[str, object]) -> Event | None:
    name = _word(told.get("notificationType") or told.get("eventType"))
    mail, said = _mapping(told.get("mail")), _mapping(told.get(name))
    if name == "subscription":
        return _amazons_subscription(mail, said)
    kind = {"deliverydelay": "delay"}.get(name, name)
    said = _mapping(told.get("deliveryDelay")) if kind == "delay" else said
    if kind not in {"bounce", "complaint", "delivery", "delay"}:
        return None
    return Event(
        kind=kind,
        statuses=tuple(_amazons(said)),
        senders=(str(mail.get("source") or ""),),
        message_id=_id(_mapping(mail.get("commonHeaders")).get("messageId")),
        nature=_word(said.get("bounceType")),
        detail=_word(said.get("bounceSubType") or said.get("complaintFeedbackType")),
    )


def _amazons(said: Mapping[str, object]) -> Iterator[ReportStatus]:
    people = said.get("bouncedRecipients") or said.get("complainedRecipients") or said.get("delayedRecipients") or ()
    for person in map(_mapping, people if isinstance(people, list) else ()):
        yield ReportStatus(
            recipient=str(person.get("emailAddress") or ""),
            action=str(person.get("action") or ""),
            status=str(person.get("status") or ""),
            diagnostic=bare(str(person.get("diagnosticCode") or "")),
        )


def _amazons_subscription(mail: Mapping[str, object], said: Mapping[str, object]) -> Event | None:
    """Return the event of a reader who left by SES's own link; None for other changes of a subscription.

    ``mail`` describes the letter, ``said`` the change.
    """
    if _mapping(said.get("newTopicPreferences")).get("unsubscribeAll") is not True:
        return None
    addressed = mail.get("destination")
    people = map(str, addressed if isinstance(addressed, list) else ())
    return Event(
        kind="unsubscribe",
        statuses=tuple(map(_person, people)),
        message_id=_id(_mapping(mail.get("commonHeaders")).get("messageId")),
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
"""Postmark's type of a bounce -> our nature. All other types (a full mailbox, a filter, DNS) are transient."""


def _postmark(told: Mapping[str, object]) -> Event | None:
    record = _word(told.get("RecordType"))
    if record == "subscriptionchange" and told.get("SuppressSending") is True:
        if _word(told.get("SuppressionReason")) != "manualsuppression":
            return None  # the bounce or complaint has its own event
        return Event(kind="unsubscribe", statuses=(_person(str(told.get("Recipient") or "")),))
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


_SENDGRID = {
    "bounce": "bounce",
    "dropped": "bounce",
    "delivered": "delivery",
    "deferred": "delay",
    "spamreport": "complaint",
    "unsubscribe": "unsubscribe",
    "group_unsubscribe": "unsubscribe",
}
_SENDGRID_SUPPRESSED = frozenset({"bounced address", "invalid", "spam reporting address"})
"""SendGrid's reasons for dropping a letter to an address that bounced or complained before."""


def _sendgrid(told: Mapping[str, object]) -> Event | None:
    name = _word(told.get("event"))
    kind = _SENDGRID.get(name)
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


_MAILGUN = {"failed": "bounce", "complained": "complaint", "delivered": "delivery", "unsubscribed": "unsubscribe"}


def _mailgun(told: Mapping[str, object]) -> Event | None:
    data = _mapping(told.get("event-data"))
    kind = _MAILGUN.get(_word(data.get("event")))
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


# --- Brevo ------------------------------------------------------------------------------------------------------------

_BREVO = {
    "hard_bounce": ("bounce", "permanent"),
    "invalid_email": ("bounce", "permanent"),
    "soft_bounce": ("bounce", "transient"),
    "blocked": ("bounce", "transient"),
    "error": ("bounce", "transient"),
    "deferred": ("delay", ""),
    "delivered": ("delivery", ""),
    "spam": ("complaint", ""),
    "unsubscribed": ("unsubscribe", ""),
}
"""Brevo's name of an event -> our kind and, for a bounce, its nature."""


def _brevo(told: Mapping[str, object]) -> Event | None:
    name = _word(told.get("event"))
    if name not in _BREVO or "message-id" not in told or "event-data" in told:
        return None
    kind, nature = _BREVO[name]
    person = ReportStatus(
        recipient=str(told.get("email") or ""), action="", status="", diagnostic=bare(str(told.get("reason") or ""))
    )
    return Event(
        kind=kind,
        statuses=(person,),
        message_id=_id(told.get("message-id")),
        nature=nature,
        detail="" if kind == "complaint" else name,
    )


# --- Our own ----------------------------------------------------------------------------------------------------------


def _standard(told: Mapping[str, object]) -> Event | None:
    kind, data = _word(told.get("type")), _mapping(told.get("data"))
    if kind not in {"bounce", "complaint", "delivery", "delay", "unsubscribe"} or "recipient" not in data:
        return None
    person = ReportStatus(
        recipient=str(data["recipient"] or ""),
        action="",
        status=str(data.get("status") or ""),
        diagnostic=bare(str(data.get("diagnostic") or "")),
    )
    nature = "permanent" if data.get("permanent") is True else "transient"
    return Event(
        kind=kind,
        statuses=(person,),
        message_id=_id(data.get("message_id")),
        nature=nature,
        detail="failed" if kind == "bounce" else "",
    )


def _person(address: str) -> ReportStatus:
    return ReportStatus(recipient=address, action="", status="", diagnostic="")


def _id(value: object) -> str:
    return str(value or "").strip("<> ")


def _word(value: object) -> str:
    return str(value or "").strip().lower()


def _json(text: str) -> list[dict[str, object]]:
    """Return the objects of a JSON document at the start of a text. Text after it is ignored."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return []
    try:
        found = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):  # thousands of nested brackets
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}

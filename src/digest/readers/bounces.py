"""Classifies a returned mail from its bytes alone, whoever sent it. ``read_bounce`` trusts none of its contents.

Whether the mail is about one of our letters is decided by the corridor. ``Returned`` contains the possible proofs: the
token in the envelope sender and the Message-ID of the returned letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.readers.diagnosis import Kind, Stage, diagnose
from digest.readers.events import Event, event
from digest.readers.mail_kinds import (
    asks_to_leave,
    is_about_a_letter,
    is_absence,
    is_answer,
    is_receipt,
    is_report,
    is_success,
    is_warning,
    leave_token,
    looks_returned,
)
from digest.readers.mime import Header, Part, decoded, split_header, take_apart
from digest.readers.notification import blocks, first_address, notification, server_words, stage_of
from digest.readers.reports import ReportStatus, bare, feedback, statuses

_WORDS = 300
MOST_BLANKS = 100
_MOST_TOKENS = 20
_RETURNED_KINDS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"})
_ENVELOPE = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "return-path")

_TOKEN = re.compile(r"(?:^|[<\s,;\"])(?:b-|[^\s@<>,;\"+]{1,64}\+)([A-Za-z0-9_=-][A-Za-z0-9._=-]{0,61})@")
"""The envelope sender of a letter: ``b-TOKEN@`` or ``sender+TOKEN@`` (made by ``render.headers.envelope_sender``)."""
_MESSAGE_ID = re.compile(r"^Message-ID:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a returned mail says about one recipient."""

    kind: Kind
    recipient: str = ""
    """The recipient's address as the mail writes it; empty when the mail names none."""
    original: str = ""
    """The address to which the letter was sent (RFC 3464, 2.3.1); empty when the report does not give it."""
    status: str = ""
    """The enhanced status code (RFC 3463); empty when there is none."""
    words: str = ""
    """The receiving server's message, on one line."""
    reason: str = ""
    """Why the bounce has this kind. For a complaint, the type that the report names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What was found in a returned mail, for all of its recipients."""

    kind: Kind
    """The most serious kind among the bounces."""
    bounces: tuple[Bounce, ...]
    """One for each recipient in the report, at least one."""
    tokens: tuple[str, ...]
    """Possible tokens of our envelope senders. None of them is verified."""
    message_id: str
    """Message-ID of the returned letter, or of the letter answered by a mail that asks to leave. No brackets; may be
    empty."""
    addressees: tuple[str, ...] = ()
    """Addresses in the To field of the returned letter. Forwarding does not change them."""
    leave_token: str = ""
    """A possible token of a leave link, from a mail that asks to leave."""
    leave_all: bool


_ARRIVED = frozenset({"delivered", "relayed", "expanded"})
"""Actions of a delivery report (RFC 3464, 2.3.3) that mean success."""
_MEANING = {"complaint": Kind.COMPLAINT, "delay": Kind.DELAYED, "unsubscribe": Kind.LEAVE}
"""Kind of an event -> our kind. A bounce is classified by its details; all other events mean that the letter
arrived."""
_GRAVITY = tuple(Kind)
"""The kinds in the order of their declaration: the most serious first."""


def read_bounce(raw: bytes) -> Returned:
    """Return what a mail says about the letters of its recipients. Any bytes are accepted; nothing is raised."""
    if raw[:MOST_BLANKS].lstrip()[:1] in {b"{", b"["}:  # an event as posted, without a mail around it
        if (told := event(raw.decode("utf-8", "replace"))) is not None:
            return _of_posted(told)
        raw = b"\n" + raw
    header, parts = take_apart(raw)
    text, below = notification(parts)
    originals = [split_header(part.body)[0] for part in parts if part.kind in _RETURNED_KINDS]
    token, everything = leave_token(header, text)
    found = tuple(_read(header, parts, text, originals, token, holds_letter=bool(originals or below.strip())))
    kind = min((bounce.kind for bounce in found), key=_GRAVITY.index)
    answered = header.get("in-reply-to").strip("<> ") if kind is Kind.LEAVE else ""
    return Returned(
        kind=kind,
        bounces=found,
        tokens=_tokens(header, parts, text, originals, below),
        message_id=_returned_id(originals, below, text) or answered,
        addressees=tuple(filter(None, (first_address(original.get("to")) for original in originals))),
        leave_token=token,
        leave_all=everything,
    )


def _of_posted(told: Event) -> Returned:
    """Return what an event says, without parsing it as a mail: services post many events."""
    found = tuple(_of_event(told))
    return Returned(
        kind=min((bounce.kind for bounce in found), key=_GRAVITY.index),
        bounces=found,
        tokens=_tokens_at(told.senders),
        message_id=told.message_id,
        leave_all=False,
    )


def _read(
    header: Header, parts: Sequence[Part], text: str, originals: Sequence[Header], token: str, *, holds_letter: bool
) -> Iterator[Bounce]:
    if (complaint := _complaint(header, parts, originals)) is not None:
        yield complaint
    elif (told := event(text)) is not None:
        yield from _of_event(told)
    elif is_receipt(header, parts):
        yield Bounce(kind=Kind.DELIVERED, reason="a receipt")
    elif found := statuses(parts, text):
        for status in found:
            yield _of_status(status, text)
    elif asks_to_leave(header, token):
        yield Bounce(kind=Kind.LEAVE, recipient=first_address(header.get("from")))
    elif is_report(header) and not is_absence(header):
        yield from _of_text(header, text, holds_letter=holds_letter)
    elif is_answer(header):
        yield Bounce(kind=Kind.VACATION, recipient=first_address(header.get("from")))
    elif looks_returned(header, text, holds_letter=holds_letter):
        yield from _of_text(header, text, holds_letter=True)
    else:
        yield Bounce(kind=Kind.OTHER)


def _complaint(header: Header, parts: Sequence[Part], originals: Sequence[Header]) -> Bounce | None:
    report = feedback(parts)
    if report is not None:
        kind = Kind.OTHER if report.kind == "not-spam" else Kind.COMPLAINT
        return Bounce(kind=kind, recipient=next(iter(report.recipients), ""), reason=report.kind)
    for original in originals:  # Microsoft's Junk Mail Reporting Program returns the letter without a report
        if "x-hmxmroriginalrecipient" in original:
            return Bounce(kind=Kind.COMPLAINT, recipient=original.get("x-hmxmroriginalrecipient"), reason="abuse")
    if "multipart/report" in header.get("content-type") and "feedback-report" in header.get("content-type"):
        return Bounce(kind=Kind.COMPLAINT, reason="abuse")
    return None


def _of_event(told: Event) -> Iterator[Bounce]:
    people = told.statuses
    if told.kind == "bounce":
        yield from (_of_person(told, person) for person in people)
        if not people:
            yield Bounce(kind=Kind.SOFT, reason="a bounce that names nobody")
        return
    meaning = _MEANING.get(told.kind, Kind.DELIVERED)
    if told.detail == "not-spam":
        meaning = Kind.OTHER
    yield from (Bounce(kind=meaning, recipient=person.recipient, reason=told.detail or "abuse") for person in people)
    if not people:
        yield Bounce(kind=meaning)


def _of_person(told: Event, person: ReportStatus) -> Bounce:
    """Return what a bounce event says about one recipient. Without a server's message, the event's own type decides."""
    if "suppress" in told.detail:
        return Bounce(kind=Kind.HARD, recipient=person.recipient, status=person.status, reason="on a suppression list")
    if person.status or person.diagnostic:
        return _of_status(person, "")
    kinds = {"permanent": Kind.HARD, "undetermined": Kind.VACATION}
    answered = told.nature == "transient" and told.detail in {"", "general"}
    kind = Kind.VACATION if answered else kinds.get(told.nature, Kind.SOFT)
    return Bounce(kind=kind, recipient=person.recipient, reason=f"{told.nature} {told.detail}".strip())


def _of_status(status: ReportStatus, text: str) -> Bounce:
    if status.action in _ARRIVED or (not status.action and status.status.startswith("2.")):
        return Bounce(kind=Kind.DELIVERED, recipient=status.recipient, status=status.status, words=status.diagnostic)
    theirs = next((block.words for block in blocks(text) if block.address.lower() == status.recipient.lower()), text)
    words = status.diagnostic or f"{status.status} {server_words(theirs)}"
    stage = stage_of(status.diagnostic)
    if stage is Stage.UNKNOWN:
        stage = stage_of(theirs)
    judged = diagnose(words, status.status, stage)
    return Bounce(
        kind=Kind.DELAYED if status.action == "delayed" else judged.kind,
        recipient=status.recipient,
        original=status.original,
        status=judged.status,
        words=_one_line(words),
        reason=judged.reason,
    )


def _of_text(header: Header, text: str, *, holds_letter: bool) -> Iterator[Bounce]:
    failed = bare(header.get("x-failed-recipients").split(",")[0])
    subject = decoded(header.get("subject"))
    if is_warning(subject, text):
        yield Bounce(kind=Kind.DELAYED, recipient=failed or first_address(text), words=_one_line(text))
        return
    if is_success(subject, text):
        yield Bounce(kind=Kind.DELIVERED, recipient=failed or first_address(text))
        return
    if not failed and not is_about_a_letter(header, text, holds_letter=holds_letter):
        yield Bounce(kind=Kind.OTHER)
        return
    for block in blocks(text):
        words = server_words(block.words)
        judged = diagnose(words, stage=stage_of(block.words))
        yield Bounce(
            kind=judged.kind,
            recipient=block.address or failed,
            status=judged.status,
            words=_one_line(words),
            reason=judged.reason,
        )


def _tokens(
    header: Header, parts: Sequence[Part], text: str, originals: Sequence[Header], below: str
) -> tuple[str, ...]:
    places = list(header.all(*_ENVELOPE))
    for original in originals:
        places += original.all("return-path")
    report, told = feedback(parts), event(text)
    places += report.senders if report else ()
    places += told.senders if told else ()
    places += re.findall(r"^Return-Path:[^\n]{0,300}", below[:20_000], re.IGNORECASE | re.MULTILINE)
    return _tokens_at(places)


def _tokens_at(places: Sequence[str]) -> tuple[str, ...]:
    found = dict.fromkeys(token for place in places for token in _TOKEN.findall(place))
    return tuple(found)[:_MOST_TOKENS]


def _returned_id(originals: Sequence[Header], below: str, text: str) -> str:
    for original in originals:
        if found := original.get("message-id").strip("<> "):
            return found
    quoted = _MESSAGE_ID.search(below)
    if quoted is not None:
        return quoted[1]
    told = event(text)
    return told.message_id if told else ""


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words[: 4 * _WORDS]).split())[:_WORDS]

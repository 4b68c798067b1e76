"""Reads the part of a report that is written for programs: delivery status (RFC 3464), complaints (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.readers.mime import Header, Part, split_header

_STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_OF_A_RECIPIENT = frozenset({"final-recipient", "action", "diagnostic-code", "original-recipient"})
_MOST_RECIPIENTS = 50
_GROUPS = re.compile(rb"\r?\n[ \t]*\r?\n")
_FIELDS_IN_TEXT = re.compile(r"^(?:Final-Recipient|Action|Diagnostic-Code):", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStatus:
    """What a delivery report (RFC 3464) says about one recipient. Any value may be empty."""

    recipient: str
    action: str
    status: str
    """The status code, with the text in brackets that some servers add."""
    diagnostic: str
    original: str = ""
    """The address to which the letter was sent before it was forwarded; empty when the report does not give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A complaint report (RFC 5965): its type (``abuse``, ``opt-out`` ...), and the recipients of the letter."""

    kind: str
    recipients: tuple[str, ...]
    senders: tuple[str, ...]
    """Envelope senders of the letter."""


def statuses(parts: Sequence[Part], text: str) -> tuple[ReportStatus, ...]:
    """Return the delivery status of each recipient, from the report's own part or else from fields in ``text``."""
    bodies = [part.body for part in parts if part.kind in _STATUS_KINDS]
    fields = _FIELDS_IN_TEXT.search(text) if not bodies else None
    if fields is not None:
        bodies = [text[fields.start() :].encode()]
    groups = (split_header(group.strip())[0] for body in bodies for group in _GROUPS.split(body)[:_MOST_RECIPIENTS])
    return tuple(_status(group) for group in groups if any(name in group for name in _OF_A_RECIPIENT))


def feedback(parts: Sequence[Part]) -> Feedback | None:
    """Return the complaint report (RFC 5965) in a mail; None when there is none."""
    for part in parts:
        if part.kind == "message/feedback-report":
            fields = split_header(part.body)[0]
            return Feedback(
                kind=fields.get("feedback-type").lower() or "abuse",
                recipients=tuple(map(bare, fields.all("original-rcpt-to", "removal-recipient"))),
                senders=tuple(map(bare, fields.all("original-mail-from"))),
            )
    return None


def bare(address: str) -> str:
    """Return the address in the value of a report's field, such as ``rfc822; <ada@example.com>``."""
    return address.rpartition(";")[2].strip().strip("<>").strip()


def _status(group: Header) -> ReportStatus:
    diagnostic = group.get("diagnostic-code")
    kind, _, words = diagnostic.partition(";")
    return ReportStatus(
        recipient=bare(group.get("final-recipient") or group.get("original-recipient")),
        action=group.get("action").split("(", 1)[0].strip().lower(),
        status=group.get("status"),
        original=bare(group.get("original-recipient")),
        diagnostic=words.strip() if re.fullmatch(r"\s*[\w-]{1,40}\s*", kind) and words else diagnostic,
    )

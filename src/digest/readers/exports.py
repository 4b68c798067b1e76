"""How other systems write their lists of readers: their columns, and how those say who left or bounced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum


class Status(Enum):
    """What a list says of a reader."""

    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNCONFIRMED = "unconfirmed"
    """They never confirmed there, so nothing says that they want letters."""


Cells = Mapping[str, str]
"""Column, in lower case -> cell, stripped; columns that a row lacks are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One system's way to write its list."""

    name: str
    marks: frozenset[str]
    """Columns that only this system has."""
    status: Callable[[Cells], Status]
    names: tuple[str, ...] = ("name",)
    """Columns that make up a reader's name."""
    consent: Mapping[str, tuple[str, ...]]
    """What is kept as proof of consent -> the columns that hold it, the best first."""
    left: tuple[str, ...] = ()
    """Columns that may say when somebody left."""
    columns: tuple[str, ...] = ()
    """Columns that ``status`` looks at."""


def _by(words: Mapping[str, Status], *columns: str) -> Callable[[Cells], Status]:
    """Return a judge that goes by the word in the first of these columns that holds one."""

    def status(cells: Cells) -> Status:
        for column in columns:
            if word := cells.get(column):
                return words.get(word.lower(), Status.ACTIVE)
        return Status.ACTIVE

    return status


def _mailchimp(cells: Cells) -> Status:
    if cells.get("clean_time") or cells.get("clean_campaign_title"):
        return Status.BOUNCED
    return Status.LEFT if cells.get("unsub_time") or cells.get("unsub_reason") else Status.ACTIVE


def _ghost(cells: Cells) -> Status:
    away = cells.get("deleted_at") or cells.get("subscribed_to_emails", "").lower() == "false"
    return Status.LEFT if away else Status.ACTIVE


_BUTTONDOWN = {
    "unactivated": Status.UNCONFIRMED,
    "unsubscribed": Status.LEFT,
    "removed": Status.LEFT,
    "deactivated": Status.LEFT,
    "blocked": Status.LEFT,
    "spammy": Status.LEFT,
    "malicious": Status.LEFT,
    "complained": Status.COMPLAINED,
    "undeliverable": Status.BOUNCED,
}
_OURS = {
    "left": Status.LEFT,
    "erased": Status.LEFT,
    "unsubscribed": Status.LEFT,
    "disabled": Status.LEFT,
    "blocklisted": Status.LEFT,
    "bounced": Status.BOUNCED,
    "rejected": Status.BOUNCED,
    "suppressed": Status.BOUNCED,
    "cleaned": Status.BOUNCED,
    "complained": Status.COMPLAINED,
    "unconfirmed": Status.UNCONFIRMED,
    "pending": Status.UNCONFIRMED,
}

FORMS = (
    Form(
        name="listmonk",
        marks=frozenset({"uuid", "email", "attributes", "status"}),
        status=_by({"disabled": Status.LEFT, "blocklisted": Status.LEFT}, "status"),
        consent={"signed_up_at": ("created_at",)},
        left=("updated_at",),
        columns=("status",),
    ),
    Form(
        name="Mailchimp",
        marks=frozenset({"optin_time", "leid"}),
        status=_mailchimp,
        names=("first name", "last name"),
        consent={"confirmed_at": ("confirm_time",), "signed_up_at": ("optin_time",)},
        left=("unsub_time", "clean_time"),
        columns=("clean_time", "clean_campaign_title", "unsub_time", "unsub_reason"),
    ),
    Form(
        name="Ghost",
        marks=frozenset({"email", "subscribed_to_emails", "created_at"}),
        status=_ghost,
        consent={"signed_up_at": ("created_at",)},
        left=("deleted_at",),
        columns=("deleted_at", "subscribed_to_emails"),
    ),
    Form(
        name="Buttondown",
        marks=frozenset({"email", "subscriber_type", "creation_date"}),
        status=_by(_BUTTONDOWN, "subscriber_type"),
        consent={"signed_up_at": ("creation_date",)},
        left=("unsubscription_date", "undeliverability_date"),
        columns=("subscriber_type",),
    ),
    Form(
        name="Buttondown",
        marks=frozenset({"email_address", "type", "creation_date"}),
        status=_by(_BUTTONDOWN, "type"),
        consent={"signed_up_at": ("creation_date",)},
        left=("unsubscription_date", "undeliverability_date"),
        columns=("type",),
    ),
)
OWN = Form(
    name="CSV",
    marks=frozenset(),
    status=_by(_OURS, "state", "status"),
    consent={"confirmed_at": ("confirmed_at", "consent_at"), "signed_up_at": ("signed_up_at", "created_at")},
    left=("left_at",),
    columns=("state", "status"),
)
"""Our own export, and any other file with a column of addresses."""


def form_of(header: Sequence[str]) -> Form:
    """Return the form of a list by its header line, in lower case."""
    columns = frozenset(header)
    return next((form for form in FORMS if form.marks <= columns), OWN)


def instant(text: str) -> datetime | None:
    """Return the instant that a cell spells (ISO 8601, or with a blank in place of the T); in UTC without a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def dated(text: str) -> str:
    """Return the instant that a cell spells, as ISO 8601 with a zone; empty when it spells none."""
    found = instant(text)
    if found is None:
        return ""
    return text if text.endswith(("Z", "+00:00")) else found.isoformat()

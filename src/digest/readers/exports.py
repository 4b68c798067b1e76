"""How other systems write their lists of readers: their columns, and what is theirs alone in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    names: tuple[str, ...] = ("name",)
    """Columns that make up a reader's name."""
    consent: Mapping[str, tuple[str, ...]]
    """What is kept as proof of consent -> the columns that hold it, the best first."""
    left: tuple[str, ...] = ()
    """Columns that may say when somebody left."""
    standing: tuple[str, ...] = ()
    """Columns that say in a word where a reader stands, though their names would not tell."""
    words: Mapping[str, Status] = field(default_factory=dict)
    """What words mean here that mean something else in most lists."""
    silent: tuple[str, ...] = ()
    """Columns that say nothing of the letters, though their names seem to."""


_BUTTONDOWN = {"paused": Status.ACTIVE, "past-due": Status.ACTIVE, "unpaid": Status.ACTIVE}
"""Of their paid subscription, while the letters go on (Buttondown's API, SubscriberType)."""

FORMS = (
    Form(
        name="listmonk",
        marks=frozenset({"uuid", "email", "attributes", "status"}),
        consent={"signed_up_at": ("created_at",)},
        left=("updated_at",),
    ),
    Form(
        name="Mailchimp",
        marks=frozenset({"optin_time", "leid"}),
        names=("first name", "last name"),
        consent={"confirmed_at": ("confirm_time",), "signed_up_at": ("optin_time",)},
        left=("unsub_time", "clean_time"),
    ),
    Form(
        name="Ghost",
        marks=frozenset({"email", "subscribed_to_emails", "created_at"}),
        consent={"signed_up_at": ("created_at",)},
        left=("deleted_at",),
    ),
    Form(
        name="Buttondown",
        marks=frozenset({"email", "subscriber_type", "creation_date"}),
        consent={"signed_up_at": ("creation_date",)},
        left=("unsubscription_date", "undeliverability_date"),
        words=_BUTTONDOWN,
    ),
    Form(
        name="Buttondown",
        marks=frozenset({"email_address", "type", "creation_date"}),
        consent={"signed_up_at": ("creation_date",)},
        left=("unsubscription_date", "undeliverability_date"),
        standing=("type",),
        words=_BUTTONDOWN,
    ),
    Form(
        name="phpList",
        marks=frozenset({"confirmed", "blacklisted", "optedin"}),
        consent={"signed_up_at": ("entered",)},
        silent=("optedin",),  # set by an administrator alone
    ),
    Form(
        name="Substack",
        marks=frozenset({"email", "email disabled", "stripe plan"}),
        consent={"signed_up_at": ("start date", "created at")},
        silent=("cancel date",),  # of what they pay for
    ),
)
OWN = Form(
    name="CSV",
    marks=frozenset(),
    consent={"confirmed_at": ("confirmed_at", "consent_at"), "signed_up_at": ("signed_up_at", "created_at")},
    left=("left_at",),
    words={"suppressed": Status.BOUNCED},
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

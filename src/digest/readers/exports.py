"""The file formats in which other systems export readers: their columns, and the words that only they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum


class Status(Enum):
    """The status of a reader in an imported file."""

    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNCONFIRMED = "unconfirmed"
    """The reader never confirmed in the other system, so nothing shows that they want letters."""


Cells = Mapping[str, str]
"""Name of a column in lower case -> the row's cell without surrounding blanks. Columns that the row lacks are
missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The format in which one system exports its readers."""

    name: str
    marks: frozenset[str]
    """Columns by which a file of this system is recognised: it has all of them."""
    names: tuple[str, ...] = ("name",)
    """Columns whose cells together are a reader's name."""
    consent: Mapping[str, tuple[str, ...]]
    """Name under which a proof of consent is stored -> the columns that may contain it, the best one first."""
    left: tuple[str, ...] = ()
    """Columns that may contain the date on which a reader left."""
    standing: tuple[str, ...] = ()
    """Columns with the reader's status as a word, although their names do not say so."""
    words: Mapping[str, Status] = field(default_factory=dict)
    """Status words that mean something else in this system than in most others."""
    silent: tuple[str, ...] = ()
    """Columns to ignore, although their names suggest a reader's status."""


_BUTTONDOWN = {"paused": Status.ACTIVE, "past-due": Status.ACTIVE, "unpaid": Status.ACTIVE}
"""States of a paid subscription during which the letters continue (Buttondown's API, SubscriberType)."""

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
        silent=("optedin",),  # only an administrator sets it
    ),
    Form(
        name="Substack",
        marks=frozenset({"email", "email disabled", "stripe plan"}),
        consent={"signed_up_at": ("start date", "created at")},
        silent=("cancel date",),  # about a paid subscription
    ),
)
OWN = Form(
    name="CSV",
    marks=frozenset(),
    consent={"confirmed_at": ("confirmed_at", "consent_at"), "signed_up_at": ("signed_up_at", "created_at")},
    left=("left_at",),
    words={"suppressed": Status.BOUNCED},
)
"""The format of our own export, and of any other file with a column of addresses."""


def form_of(header: Sequence[str]) -> Form:
    """Return the format of a file with these columns. ``header`` has their names in lower case."""
    columns = frozenset(header)
    return next((form for form in FORMS if form.marks <= columns), OWN)


def instant(text: str) -> datetime | None:
    """Return the instant in a cell (ISO 8601, or with a blank instead of the T), or None. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def dated(text: str) -> str:
    """Return the instant in a cell as ISO 8601 with a zone; empty when there is none."""
    found = instant(text)
    if found is None:
        return ""
    return text if text.endswith(("Z", "+00:00")) else found.isoformat()

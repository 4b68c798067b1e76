"""Errors about users of the desk, other programs, and readers."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from digest.errors.program import Advice, DigestError


class UserError(DigestError):
    """A request about a user of the desk cannot be done."""


class UnknownUser(UserError):  # noqa: N818
    """No user has that address."""


class UserExists(UserError):  # noqa: N818
    """A user has that address already."""


class LastAdmin(UserError):  # noqa: N818
    """This user is the last one who can manage users."""


class BadPassword(UserError):  # noqa: N818
    """A password is not allowed; the message says what to choose instead."""


class ProviderError(UserError):
    """The provider of single sign-on does not answer, or its answer does not confirm the user."""

    advice = Advice.RETRY


class MissingExtra(UserError):  # noqa: N818
    """The libraries of the extra ``desk`` are not installed."""


class ApiTokenError(DigestError):
    """A token of the API cannot be made, or does not exist."""


class WebhookError(DigestError):
    """A request about a receiver of webhooks cannot be done."""


class ReaderError(DigestError):
    """Something is wrong with the data of one reader."""


class BadAddress(ReaderError):  # noqa: N818
    """The text is not an e-mail address to which mail can be sent."""

    advice = Advice.SKIP


class UnknownReader(ReaderError):  # noqa: N818
    """No reader has that address or id."""


class ReaderKeptAway(ReaderError):  # noqa: N818
    """The reader left, bounced, complained or was erased: nobody else can subscribe them again."""


class ReaderChanged(ReaderError):  # noqa: N818
    """The reader was changed by somebody else after the caller had read them; nothing was done."""

    advice = Advice.RETRY


class EditionsNotNamed(ReaderError):  # noqa: N818
    """An import does not say which editions its readers get, or names one that does not exist."""


class UnknownZone(ReaderError):  # noqa: N818
    """A time zone of a reader has no such IANA name."""


class NoEditionChosen(ReaderError):  # noqa: N818
    """The form was sent without a letter selected, or with one that is not published."""


class BadPause(ReaderError):  # noqa: N818
    """A pause that does not end after today, or lasts too long."""


class UnsignedEvent(ReaderError):  # noqa: N818
    """A posted event does not prove which service sent it; nothing was changed."""

    advice = Advice.SKIP


class StaleForm(ReaderError):  # noqa: N818
    """The form is too old, was sent too fast for a person, too often, or is not ours: show a new one."""

    advice = Advice.RETRY


class FilledTrap(StaleForm):
    """A field that is hidden from people was filled in, by a robot or by a program that fills in forms for a person."""


class TooManyAsks(ReaderError):  # noqa: N818
    """Too many requests came from the visitor's network; ``retry_after`` says how long to wait."""

    advice = Advice.RETRY

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"too many requests from this network: try again in {retry_after}")
        self.retry_after = retry_after


class EmptyTip(ReaderError):  # noqa: N818
    """A reader's report of a mistake says nothing."""


class Refusal(Enum):
    """Why a mailed link is not accepted."""

    UNKNOWN = "unknown"
    """It is not from here, it is for something else, or it was deleted long ago."""
    EXPIRED = "expired"
    USED = "used"
    WITHDRAWN = "withdrawn"
    """Its purpose is no longer possible: the address is in use or suppressed, or the letter was deleted."""


class RefusedToken(ReaderError):  # noqa: N818
    """A mailed link is not accepted; nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"the link is {reason.value}: ask for a new one")
        self.reason = reason

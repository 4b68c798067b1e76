"""Errors of editions, of the relays that take letters, and of the mailbox of bounces."""

from __future__ import annotations

from digest.errors.program import Advice, DigestError


class EditionError(DigestError):
    """An edition cannot be made or sent now."""


class TooEarly(EditionError):  # noqa: N818
    """The edition is not due yet."""


class TooLate(EditionError):  # noqa: N818
    """The edition's window is over."""


class NothingToTell(EditionError):  # noqa: N818
    """There are too few stories for an edition."""


class UnknownEdition(EditionError):  # noqa: N818
    """No edition has that name, or none was made for that date."""


class EditionClosed(EditionError):  # noqa: N818
    """The edition is sent, skipped or held, and is not made again."""


class Unapproved(EditionError):  # noqa: N818
    """The edition waits for its editor's approval."""


class RefusedAct(EditionError):  # noqa: N818
    """An editor's act cannot be done: it names no story, too many, or is too long."""


class LostRace(RefusedAct):
    """Somebody else changed the same thing after the editor loaded it; nothing was done."""


class DeliveryError(DigestError):
    """The relay cannot take letters."""


class DatabaseOlder(DeliveryError):  # noqa: N818
    """More letters were sent than the database records: it was restored from a backup, and an operator must decide."""


class RelayUnreachable(DeliveryError):  # noqa: N818
    """There is no connection to the relay, or it was lost."""

    advice = Advice.RETRY


class RelayBusy(RelayUnreachable):
    """The relay accepts no more connections than it has now."""


class RelayRefused(DeliveryError):  # noqa: N818
    """The relay refuses all our letters: a wrong password, missing TLS, or its policy."""


class RelayMishandled(DeliveryError):  # noqa: N818
    """The program itself failed while it used a relay; the next run tries the relay again."""


class OutboxUnwritable(DeliveryError):  # noqa: N818
    """The folder of the file transport cannot be written."""


class JournalUnwritable(DeliveryError):  # noqa: N818
    """The hand-over journal cannot be written; no letter leaves without it."""


class MailboxError(DigestError):
    """The mailbox that receives bounces cannot be read."""


class MailboxUnreachable(MailboxError):  # noqa: N818
    """There is no connection to the mailbox, or it was lost; messages already read are stored."""

    advice = Advice.RETRY


class MailboxRefused(MailboxError):  # noqa: N818
    """The mailbox refuses us: a wrong password, no such folder, or a certificate that is not trusted."""

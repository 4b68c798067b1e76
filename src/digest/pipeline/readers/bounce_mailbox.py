"""Reads new mails from the mailbox in the settings, and marks each after its effects are stored."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.errors import ItemSetAside, MailboxRefused, MailboxUnreachable, Mishandled, SettingsError
from digest.logs import get_logger
from digest.model.quarantine import ItemKind, short_key
from digest.pipeline.access import token_source
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import Watch, watching
from digest.pipeline.readers.bounce_handling import BounceEffect, BounceHandler, named
from digest.pipeline.readers.letter_owner import RECENT
from digest.pipeline.runtime import Runtime
from digest.readers.bounded import BoundedReader
from digest.readers.imap import Mailbox, mailbox_address

log = get_logger()

FOR_A_PERSON = frozenset({BounceEffect.OTHER, BounceEffect.SET_ASIDE})
"""Effects of mails that a person should look at. Such a mail stays in its folder, read and flagged."""


def collect(runtime: Runtime, progress: Progress) -> Counter[BounceEffect]:
    """Handle new mails, at most ``bounces.most``; return the number of mails by effect.

    A mail is new if it is unread, or arrived after the last mail that we read, even if a person has read it. A mail
    that is no bounce, or at which the program fails, stays in its folder, flagged for a person. Raises SettingsError
    without a mailbox in the settings, and MailboxError.
    """
    wanted = runtime.settings.bounces
    if wanted.url is None:
        raise SettingsError(("bounces.url: no mailbox yet; expected imaps://USER:PASSWORD@HOST/FOLDER",))
    counts, token = Counter[BounceEffect](), token_source(wanted.token_command)
    address = mailbox_address(wanted.url, Path(runtime.settings.folder))
    with watching(runtime, "bounces") as watch, BoundedReader() as read, Mailbox(address, token) as mailbox:
        care = BounceHandler(runtime, watch.item, read)
        desk = _MailboxRun(runtime=runtime, watch=watch, mailbox=mailbox, care=care, place=address.place)
        numbers = desk.waiting()
        for number in numbers:
            effect = desk.take(number)
            if effect is not None:
                counts[effect] += 1
                progress(counts.total(), len(numbers), "")
    if counts:
        log.info("bounces read", mails=counts.total(), effects=named(counts))
    return counts


@dataclass(slots=True)
class _MailboxRun:
    """One run over a mailbox."""

    runtime: Runtime
    watch: Watch
    mailbox: Mailbox
    care: BounceHandler
    place: str
    reached: int | None = None
    """Highest UID of the mails that were read; None before the first mail."""

    def waiting(self) -> tuple[str, ...]:
        """Return the UIDs of the mails to read."""
        self.reached = self.runtime.stores.mailboxes.highest(self.place, self.mailbox.validity)
        since = (self.runtime.clock() - RECENT).date()
        return self.mailbox.waiting(self.reached, since, self.runtime.settings.bounces.most)

    def take(self, number: str) -> BounceEffect | None:
        """Read the mail with this UID, handle it, and mark it. Return its effect, or None when the mail is gone."""
        try:
            raw = self._read(number)
            effect = None if raw is None else self.care.take(raw).effect
        except ItemSetAside:
            effect = BounceEffect.SET_ASIDE
        if effect is not None:
            self._mark(number, effect)
        if self.reached is None or int(number) > self.reached:
            self.reached = int(number)
            self.runtime.stores.mailboxes.reached(self.place, self.mailbox.validity, self.reached, self.runtime.clock())
        return effect

    def _read(self, number: str) -> bytes | None:
        """Return the bytes of a mail, or None when it is gone. Raises ItemSetAside for a mail that cannot be read.

        That is a mail that the server does not return, whose answer our IMAP client cannot parse, or at which the
        connection broke too often before.
        """
        key = f"{self.place}/{self.mailbox.validity}/{number}"
        with self.watch.item(ItemKind.BOUNCE, key, b""):
            try:
                return self.mailbox.read(number)
            except MailboxRefused as error:
                raise Mishandled("a mail cannot be read") from error
            except MailboxUnreachable:
                self.runtime.stores.quarantine.suspect([(ItemKind.BOUNCE, short_key(key))], self.runtime.clock())
                raise

    def _mark(self, number: str, effect: BounceEffect) -> None:
        folder, for_a_person = self.runtime.settings.bounces.done_folder, effect in FOR_A_PERSON
        if folder and not for_a_person:
            self.mailbox.move(number, folder)
            return
        forgiven = (MailboxRefused,) if effect is BounceEffect.SET_ASIDE else ()
        with suppress(*forgiven):
            self.mailbox.mark(number, for_a_person=for_a_person)

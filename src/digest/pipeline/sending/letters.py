"""Makes the letter of an edition: rendered, frozen with its audience, signed, and written for each reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digest.bookkeeping import Claim
from digest.deliver.message.dkim import configured_signer
from digest.deliver.message.splice import Prepared, ReaderFields, prepare
from digest.deliver.protocol.smtp import Parcel
from digest.edition.calendar import LATE_AFTER
from digest.logs import get_logger
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.pipeline.editions.lead_picture import hung, hung_beside, hung_logo
from digest.pipeline.editions.snapshot import Look, dressed, look_of, stored_look, with_look
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.mornings import leaves_at
from digest.readers.tokens import LinkPurpose, message_id, sign
from digest.render.headers import envelope_sender
from digest.settings import MailSettings, Settings, mail_of
from digest.storage.editions import StoredEdition

log = get_logger()


def freeze(
    runtime: Runtime, row: StoredEdition, *, expires: datetime | None = None, joined_by: datetime | None = None
) -> int | None:
    """Render the edition and freeze it with its audience; return the number of readers.

    ``expires`` overrides until when its letters may be sent; with ``joined_by``, only readers who had subscribed by
    then get them. None when another process froze the edition first; its letter is as good. Raises TemplateError and
    SettingsError.
    """
    edition, now = row.edition, runtime.clock()
    if edition is None:
        return None
    look = look_now(runtime, edition, late=now > row.due + LATE_AFTER)
    letter = dressed(edition, look, runtime.stores)
    seen = with_look(row.seen, look)
    readers = runtime.stores.letters.freeze(
        row.id,
        letter,
        now,
        seen,
        expires=expires,
        joined_by=joined_by,
        share_out=runtime.share_out,
        leaves_at=leaves_at(runtime.settings, row),
    )
    if readers is not None:
        log.info("edition frozen", edition=str(row.key), readers=readers)
    return readers


def corrected(runtime: Runtime, row: StoredEdition) -> bool:
    """Freeze a letter again if none of its copies left and the settings name another sender now; return whether it was.

    A relay that refuses a sender refuses every letter of the frozen edition. Without this a corrected setting would not
    reach any of them. Raises TemplateError and SettingsError.
    """
    edition, look = row.edition, stored_look(row.seen)
    if edition is None or look is None:
        return False
    mail = mail_of(runtime.settings.mail, runtime.settings.editions.get(edition.key.name))
    if _names(look.mail) == _names(mail):
        return False
    wanted = replace(look, mail=look_of(runtime.settings, edition.key.name, look.date, late=look.late).mail)
    letter = dressed(edition, wanted, runtime.stores)
    changed = runtime.stores.letters.replace_unsent(row.id, letter, with_look(row.seen, wanted))
    if changed:
        log.info("edition frozen anew", edition=str(row.key))
    return changed


def _names(mail: MailSettings) -> tuple[str | None, ...]:
    """Return the values of a letter's headers that come from the settings."""
    return mail.sender, mail.reply_to, mail.leave_to, mail.list_domain


def letter_of(runtime: Runtime, edition: Edition, *, test: bool = False) -> Letter:
    """Return the letter of an edition, dated now, with the look that the settings describe."""
    return dressed(edition, look_now(runtime, edition, late=edition.late), runtime.stores, test=test)


def look_now(runtime: Runtime, edition: Edition, *, late: bool) -> Look:
    """Return the look of an edition's letter under the settings, dated now, with its pictures."""
    look = look_of(runtime.settings, edition.key.name, runtime.clock(), late=late)
    return replace(
        look,
        picture=hung(runtime.stores, runtime.settings, edition),
        pictures=hung_beside(runtime.stores, runtime.settings, edition),
        logo=hung_logo(runtime, look.brand),
    )


def ready_for_mail(runtime: Runtime, letter: Letter) -> Prepared:
    """Return the letter prepared for inserting readers' data; it is signed if the settings name a key.

    Raises SettingsError.
    """
    return prepare(letter, configured_signer(runtime.settings.mail, Path(runtime.settings.folder)))


class Writer:
    """Writes the readers' copies of a frozen letter. A copy has the same bytes at every try."""

    def __init__(self, prepared: Prepared, settings: Settings, key: EditionKey) -> None:
        self._prepared = prepared
        self._keys = settings.keys
        self._mail = settings.mail
        self._key = key

    def __call__(self, claim: Claim, own_id: str = "") -> Parcel:
        """Return the reader's copy in its envelope; ``own_id`` replaces the left part of its Message-ID."""
        reader = claim.reader_id
        fields = ReaderFields(
            address=claim.address,
            name=claim.name,
            message_id=own_id or message_id(self._keys, self._key, reader),
            unsubscribe=sign(self._keys, LinkPurpose.LEAVE, reader, self._key.name),
            preferences=sign(self._keys, LinkPurpose.CHOOSE, reader, self._key.name),
        )
        token = sign(self._keys, LinkPurpose.BOUNCE, reader, self._key.name)
        return Parcel(
            id=reader,
            sender=envelope_sender(self._mail, token),
            token=token,
            recipient=claim.address,
            message=self._prepared.splice(fields),
            ready=True,
        )

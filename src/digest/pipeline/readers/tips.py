"""Tips: a reader reports a mistake in a sent letter. Editors see it at the desk, and by mail if the settings say so."""

from __future__ import annotations

import threading
from datetime import timedelta
from hashlib import sha256

from digest.errors import DeliveryError, EmptyTip, StaleForm, TooManyAsks, UnknownEdition
from digest.logs import get_logger
from digest.model.ids import EditionKey
from digest.model.life import FROZEN
from digest.pipeline.readers.registration import HOUR, Visitor
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.operator_mail import OneMail, mail_one
from digest.readers import forms
from digest.readers.forms import Form
from digest.readers.mac import fingerprint
from digest.readers.networks import networks
from digest.render.links import archive_link, desk_link
from digest.settings import Settings
from digest.storage.editions import StoredEdition
from digest.storage.signups import SCOPE, Window
from digest.storage.tips import Tip
from digest.text.glyphs import shown

LONGEST_TIP = 2000
LONGEST_CONTACT = 254
"""Most characters of a tip, and of the address left with it; the rest is cut off."""
FOLDER = "tips"
"""Name of the folder into which the file transport writes a day's mails."""
MAILED_WITHIN = timedelta(days=2)
"""A tip is not mailed after this time: the address for tips was set later, or no relay accepted the mail for days."""
MAILED_AT_ONCE = 20

log = get_logger()


def edition_to_correct(runtime: Runtime, key: EditionKey) -> StoredEdition:
    """Return the sent edition that a tip is about.

    Raises UnknownEdition when it was not sent, or tips are turned off.
    """
    row = runtime.stores.editions.get(key) if runtime.settings.site.takes_tips else None
    if row is None or row.state not in FROZEN:
        raise UnknownEdition(f"{key} was not sent")
    return row


def leave_tip(runtime: Runtime, row: StoredEdition, words: str, contact: str, form: Form, visitor: Visitor) -> None:
    """Store what a visitor reports.

    Raises:
        EmptyTip: it says nothing.
        StaleForm: the form is too old, was sent too fast or too often, or a program filled it in.
        TooManyAsks: too many came from this network within the hour.
    """
    now, said = runtime.clock(), shown(words[:LONGEST_TIP], LONGEST_TIP)
    stamp = forms.check(runtime.settings.keys, form, now)
    if not said:
        raise EmptyTip("the tip is empty")
    windows = _windows(runtime, stamp, visitor)
    full = runtime.stores.tips.add(row.id, said, shown(contact[:LONGEST_CONTACT], LONGEST_CONTACT), windows, now)
    if full is windows[-1]:
        raise StaleForm("the form was sent too often: send the new one")
    if full is not None:
        raise TooManyAsks(full.start + HOUR - now)
    log.info("tip left", edition=str(row.key))


def mail_tips(runtime: Runtime, stop: threading.Event) -> None:
    """Mail new tips to the addresses in the settings, in one process at a time; a failed mail is tried again later."""
    with runtime.stores.leases.hold("tips", runtime.clock) as lease:
        if lease is None:
            return
        for tip in runtime.stores.tips.unmailed(runtime.clock() - MAILED_WITHIN, MAILED_AT_ONCE):
            if stop.is_set() or not _mail(runtime, tip):
                return
            runtime.stores.tips.note_mailed(tip.id, runtime.clock())


def _mail(runtime: Runtime, tip: Tip) -> bool:
    for address in runtime.settings.site.tips_to:
        name = f"tip-{sha256(f'{tip.id} {tip.at.isoformat()} {address}'.encode()).hexdigest()[:12]}"
        mail = OneMail(subject=f"Tip: {tip.edition}", text=_text(runtime.settings, tip), name=name, folder=FOLDER)
        try:
            mail_one(runtime, address, mail)
        except DeliveryError as error:
            log.warning("tip not mailed", tip=tip.id, why=type(error).__name__)
            return False
    log.info("tip mailed", tip=tip.id)
    return True


def _text(settings: Settings, tip: Tip) -> str:
    key = tip.edition
    lines = [
        f"A reader reports a mistake in {key}:",
        tip.words,
        f"To answer: {tip.contact}" if tip.contact else "The reader left no address.",
        f"The letter: {archive_link(settings.site, key)}",
        f"To correct it: {desk_link(settings, f'/editions/{key.name}/{key.day}')}",
    ]
    return "\n\n".join(lines)


def _windows(runtime: Runtime, stamp: forms.Stamp, visitor: Visitor) -> tuple[Window, ...]:
    """Return the limits for tips: like those of sign-ups but counted apart, and last the limit for one form."""
    hour = runtime.clock().replace(minute=0, second=0, microsecond=0)
    limits, where = runtime.settings.signup, networks(visitor.address)

    def scope(*parts: str) -> str:
        return SCOPE + fingerprint(runtime.settings.keys, *parts)

    return (
        Window(scope=scope("tips", where.near), start=hour, most=limits.per_address_hour),
        Window(scope=scope("tips of many", where.wide), start=hour, most=limits.per_network_hour),
        Window(scope=scope("form", stamp.nonce), start=stamp.made, most=forms.USES),
    )

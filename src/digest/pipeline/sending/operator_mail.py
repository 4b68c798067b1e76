"""Sends a mail to one operator or editor at once, by the first relay that accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from digest.deliver.message.dkim import configured_signer
from digest.deliver.message.splice import ReaderFields, prepare
from digest.deliver.protocol.replies import Fate, reply_class
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.single_letter import send_one
from digest.errors import DeliveryError, RelayRefused
from digest.model.ids import EditionKey
from digest.pipeline.relays import ways_out
from digest.pipeline.runtime import Runtime
from digest.render.headers import envelope_sender
from digest.render.operator import operator_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMail:
    """A mail to one address.

    ``name`` is the left part of its Message-ID, ``folder`` is the folder for mails as files.
    """

    subject: str
    text: str
    name: str
    folder: str


def mail_one(runtime: Runtime, address: str, mail: OneMail) -> None:
    """Send a mail to one address by the first relay that can be reached; raises DeliveryError."""
    settings, now, name = runtime.settings, runtime.clock(), mail.name
    letter = operator_letter(mail.subject, mail.text, settings.site, settings.mail, now)
    fields = ReaderFields(address=address, message_id=name, unsubscribe=name, preferences=name)
    message = prepare(letter, configured_signer(settings.mail, Path(settings.folder))).splice(fields)
    ways = ways_out(settings, EditionKey(name=mail.folder, date=now.date()))
    parcel = Parcel(
        id=int(sha256(name.encode()).hexdigest()[:12], 16) % 1_000_000,
        sender=envelope_sender(settings.mail, name),
        token=name,
        recipient=address,
        message=message,
    )
    trouble: DeliveryError | None = None
    for way in ways:
        try:
            verdict = send_one((way.transport,), way.addressed(parcel))
        except DeliveryError as error:
            trouble = error
            continue
        if verdict.fate is Fate.ACCEPTED:
            return
        trouble = RelayRefused(f"the relay {way.label} did not take a mail ({reply_class(verdict)})")
    raise trouble or RelayRefused("there is no relay")

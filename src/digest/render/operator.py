"""A mail to the operator: plain lines without a template, so that no template error can stop it."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.render.headers import reply_address, sender_domain
from digest.render.letter import merged
from digest.render.transfer import encoded_part
from digest.settings import MailSettings, SiteSettings
from digest.text.glyphs import printable, shown
from digest.text.header import mailbox, unstructured

NAME = 80


def operator_letter(subject: str, text: str, site: SiteSettings, mail: MailSettings, date: datetime) -> Letter:
    """Return the mail with its slots; ``date`` (aware) is its Date. It is marked as sent by a machine (RFC 3834, 5)."""
    plain = printable(text)
    header = (
        b"From: " + mailbox(shown(site.name, NAME), mail.sender).encode() + b"\r\nTo: ",
        Slot.TO,
        b"\r\n" + unstructured("Subject", shown(subject)) + f"Date: {format_datetime(date)}\r\nMessage-ID: <".encode(),
        Slot.MESSAGE_ID,
        f"@{sender_domain(mail)}>\r\nReply-To: {reply_address(mail)}\r\n".encode()
        + b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
    )
    return Letter(
        edition=EditionKey(name="alert", date=date.date()),
        language="en",
        subject=subject,
        html="",
        text=plain,
        segments=merged((*header, *encoded_part("plain", plain, {}))),
    )

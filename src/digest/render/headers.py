"""The header of a letter, built and folded as bytes.

The standard library folds a long List-Unsubscribe into encoded-words, which receivers need not decode in that field. So
this module makes every fold itself. Every value passes through ``text.header``.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

from digest.model.ids import EditionKey
from digest.model.letter import Slot
from digest.render.links import LeaveLinks, site_base
from digest.settings import MailSettings, SiteSettings
from digest.text.header import WIDTH, a_labels, ascii_address, mailbox, unstructured

Segment = bytes | Slot


def list_id(title: str, key: EditionKey, mail: MailSettings) -> bytes:
    """Return the List-ID line, the same for all editions with that name (RFC 2919)."""
    label = re.sub(r"[^a-z0-9-]+", "-", key.name.lower()).strip("-") or "edition"
    domain = a_labels(mail.list_domain or sender_domain(mail))
    phrase, _, _ = mailbox(title, f"{label}@{domain}").rpartition("<")
    return f"List-ID: {phrase}<{label}.{domain}>\r\n".encode()


def feed_tag(mail: MailSettings) -> str:
    """Return the prefix of the ids in our web feeds (RFC 4151).

    Like the List-ID, it stays the same when the pages move.
    """
    return f"tag:{a_labels(mail.list_domain or sender_domain(mail))},2026:letters"


def sender_domain(mail: MailSettings) -> str:
    """Return the domain of the From address in ASCII."""
    return a_labels(mail.sender.rpartition("@")[2])


def envelope_sender(mail: MailSettings, token: str) -> str:
    """Return the address for a letter's bounces: one for each reader (VERP), or the one from the settings.

    ``token`` identifies and authenticates the delivery. It has at most 62 characters of ``[A-Za-z0-9._=-]``, since a
    local part has at most 64 (RFC 5321, section 4.5.3.1.1).

    Raises:
        ValueError: the token has other characters or is too long.
    """
    if not re.fullmatch(r"[A-Za-z0-9_=-](?:[A-Za-z0-9._=-]{0,60}[A-Za-z0-9_=-])?", token) or ".." in token:
        raise ValueError("a VERP token must be an atom of at most 62 characters")
    wanted = mail.envelope_sender or f"b-{{token}}@{mail.envelope_domain or sender_domain(mail)}"
    return ascii_address(wanted).replace("{token}", token)


def reply_address(mail: MailSettings) -> str:
    """Return the address for replies, with its domain in ASCII."""
    return ascii_address(mail.reply_to or mail.sender)


def header_segments(  # noqa: PLR0913 - each is a line of the header or half of one
    *,
    key: EditionKey,
    title: str,
    subject: str,
    date: datetime,
    boundary: str,
    site: SiteSettings,
    mail: MailSettings,
    leave: LeaveLinks,
) -> tuple[Segment, ...]:
    """Return the whole header with the empty line after it, with slots for the reader's mailbox and the Message-ID.

    ``leave`` may hold marks that later become slots; they stay in the bytes. ``date`` is aware.
    """
    sender = mail.sender
    return (
        b"From: " + mailbox(title, sender).encode() + b"\r\nTo: ",
        Slot.TO,
        b"\r\n" + unstructured("Subject", subject) + f"Date: {format_datetime(date)}\r\nMessage-ID: <".encode(),
        Slot.MESSAGE_ID,
        f"@{sender_domain(mail)}>\r\nReply-To: {reply_address(mail)}\r\n".encode()
        + list_id(title, key, mail)
        + _leaving(leave)
        + _list_places(site, mail)
        + f"Feedback-ID: {key.date:%Y%m%d}:{_token(key.name)}:edition:{_token(sender_domain(mail))}\r\n".encode()
        + b"Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\nMIME-Version: 1.0\r\n"
        + f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode(),
    )


def _leaving(leave: LeaveLinks) -> bytes:
    """Return the fields by which mail programs let a reader leave: List-Unsubscribe, and List-Unsubscribe-Post.

    The second one is there when an address is https (RFC 8058).
    """
    if not leave.https:
        return f"List-Unsubscribe: <{leave.mailto}>\r\n".encode()
    first = f"List-Unsubscribe: <{leave.https}>,"
    fold = "\r\n " if len(first) > WIDTH else " "
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    return f"List-Unsubscribe:{fold}<{leave.https}>,\r\n <{leave.mailto}>\r\n{one_click}\r\n".encode()


def _list_places(site: SiteSettings, mail: MailSettings) -> bytes:
    """Return List-Help and, with a public site, List-Archive (RFC 2369)."""
    base = site_base(site)
    if not base:
        return f"List-Help: <mailto:{reply_address(mail)}?subject=help>\r\n".encode()
    return f"List-Help: <{base}/>\r\nList-Archive: <{base}/archive>\r\n".encode()


def _token(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)

"""A mail to one person, in the look of the letters: its purpose and one button, without any text from visitors.

It is a ``Letter`` with slots for the mailbox, the Message-ID and the token, so it is filled and signed like an edition.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from babel.lists import format_list

from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot
from digest.render.catalogue import Catalogue
from digest.render.environment import fill
from digest.render.headers import reply_address, sender_domain
from digest.render.letter import MARK, Press, merged, press
from digest.render.links import site_base
from digest.render.markup import BLANK_LINES, defused, inlined
from digest.render.plain import BLANK_LINES as BLANK_TEXT
from digest.render.transfer import encoded_part
from digest.settings import BrandSettings, MailSettings, SiteSettings
from digest.text.glyphs import shown
from digest.text.header import mailbox, unstructured

Kind = Literal["confirm", "known", "choose", "address", "moved"]
PLACES: dict[Kind, str] = {"confirm": "confirm", "known": "choose", "choose": "choose", "address": "address"}
"""For each kind of mail: the page that its button opens. The last part of the path is the token."""
HOURS: dict[Kind, int] = {"confirm": 48, "known": 24, "choose": 24, "address": 24}
NAME, LINE = 80, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedLetter:
    """An edition that a mail asks to confirm.

    ``comes`` is when its next letter is due, in its zone; None for an edition on demand.
    """

    title: str
    comes: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """The content of a mail besides its kind: the editions, or the address with some characters hidden."""

    kind: Kind
    language: str
    letters: tuple[OfferedLetter, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """The data that the templates of a mail get. ``link`` is empty when the mail needs no answer."""

    language: str
    direction: str
    start: str
    subject: str
    title: str
    wordmark: str
    opening: str
    button: str
    link: str
    notes: tuple[str, ...]
    footer_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMail:
    """A mail without its header: the same for all mails with the same text.

    It is worth caching: many people confirm the same editions, and inlining the styles takes 10 ms (measured).
    """

    kind: Kind
    view: MailView
    html: str
    text: str
    boundary: str
    body: tuple[bytes | Slot, ...]


def mail_letter(written: WrittenMail, site: SiteSettings, mail: MailSettings, date: datetime) -> Letter:
    """Return a mail with its slots. ``date`` (aware) is its Date. Its kind takes the place of the edition's name."""
    return Letter(
        edition=EditionKey(name=written.kind, date=date.date()),
        language=written.view.language,
        subject=written.view.subject,
        html=written.html,
        text=written.text,
        segments=merged((*_header(written, site, mail, date), *written.body)),
    )


def write_mail(text: MailText, site: SiteSettings, brand: BrandSettings) -> WrittenMail:
    """Return the mail's text and HTML; the same arguments give the same bytes.

    Raises TemplateError and SettingsError as ``render`` does.
    """
    tools = press(brand, text.language, "morning")
    secret = hashlib.sha256(repr((text, site)).encode("utf-8", "backslashreplace")).hexdigest()
    mark, boundary = f"t{secret[:MARK]}", f"=_{secret[MARK:]}"
    view = _view(text, site, brand, tools.words, mark)
    html = _html(tools, view)
    plain = BLANK_TEXT.sub("\n\n", fill(tools.door, "email/mail.txt", letter=view, words=tools.words)).strip() + "\n"
    token = {mark: Slot.PREFERENCES}
    body = (
        f"--{boundary}\r\n".encode(),
        *encoded_part("plain", plain, token),
        f"\r\n--{boundary}\r\n".encode(),
        *encoded_part("html", html, token),
        f"\r\n--{boundary}--\r\n".encode(),
    )
    return WrittenMail(
        kind=text.kind,
        view=view,
        html=html.replace(mark, ""),
        text=plain.replace(mark, ""),
        boundary=boundary,
        body=body,
    )


def _view(text: MailText, site: SiteSettings, brand: BrandSettings, words: Catalogue, mark: str) -> MailView:
    name = shown(site.name, NAME)
    titles = [shown(letter.title, NAME) for letter in text.letters]
    named = format_list(titles, locale=words.locale) if titles else ""
    said = {"site": name, "editions": named, "address": shown(text.address, NAME)}
    place = PLACES.get(text.kind, "")
    lasts = (words.count("mail_lasts", HOURS[text.kind]),) if place else ()
    return MailView(
        language=str(words.locale).replace("_", "-"),
        direction=words.direction,
        start="right" if words.direction == "rtl" else "left",
        subject=words(f"mail_{text.kind}_subject", **said),
        title=name,
        wordmark=shown(brand.wordmark, NAME) or name,
        opening=words(f"mail_{text.kind}_text", **said),
        button=words(f"mail_{text.kind}_button") if place else "",
        link=f"{site_base(site)}/{place}/{mark}" if place else "",
        notes=(
            *(_next_letter(words, one.title, one.comes) for one in text.letters if one.comes is not None),
            *lasts,
            words(f"mail_{text.kind}_note", **said),
        ),
        footer_lines=tuple(line for line in (name, _on_one_line(site.postal_address)) if line),
    )


def _next_letter(words: Catalogue, title: str, comes: datetime) -> str:
    """Return when an edition's next letter comes: day of the week, date, and time of day in the edition's zone."""
    day, time = words.day(comes.date()), words.spoken_hour(comes)
    return words("next_letter", edition=shown(title, NAME), day=day, time=time)


def _on_one_line(text: str) -> str:
    return ", ".join(shown(line, LINE) for line in text.splitlines() if shown(line))


def _html(tools: Press, view: MailView) -> str:
    page = fill(tools.door, "email/mail.html", letter=view, words=tools.words, colours=tools.colours)
    return defused(inlined(BLANK_LINES.sub("\n", page.strip())))


def _header(written: WrittenMail, site: SiteSettings, mail: MailSettings, date: datetime) -> tuple[bytes | Slot, ...]:
    """Return the header with the empty line after it. It says that a program sent the mail (RFC 3834, section 5)."""
    return (
        b"From: " + mailbox(shown(site.name, NAME), mail.sender).encode() + b"\r\nTo: ",
        Slot.TO,
        b"\r\n"
        + unstructured("Subject", written.view.subject)
        + f"Date: {format_datetime(date)}\r\nMessage-ID: <".encode(),
        Slot.MESSAGE_ID,
        f"@{sender_domain(mail)}>\r\nReply-To: {reply_address(mail)}\r\n".encode()
        + b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
        + f'Content-Type: multipart/alternative;\r\n boundary="{written.boundary}"\r\n\r\n'.encode(),
    )

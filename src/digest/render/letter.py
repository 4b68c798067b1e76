"""Render an edition as a letter: HTML, text and header, encoded once; readers differ only in the slots."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import jinja2

from digest.logs import get_logger
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter, Picture, Slot
from digest.model.voice import Voice
from digest.render.catalogue import FALLBACK, Catalogue, catalogue
from digest.render.direction import turned
from digest.render.environment import environment
from digest.render.finds_view import close_view
from digest.render.headers import header_segments
from digest.render.links import LeaveLinks, leave_links
from digest.render.markup import html_part
from digest.render.palette import Palette, palette
from digest.render.picture_texts import pictured, with_logo
from digest.render.plain import heading, lines, text_part
from digest.render.transfer import encoded_part
from digest.render.typography import typeset
from digest.render.view import FooterLink, Greeting, LetterView, letter_view
from digest.render.voice import voice_place, voice_view
from digest.settings import BrandSettings, MailSettings, SiteSettings

LARGEST_HTML = 80_000
"""Most bytes of HTML: Gmail cuts a letter off at 102 KB, including what it adds itself."""
SHORTENINGS = 8
MARK = 32
"""Length of the text that stands for a slot before encoding: about that of a token, since lines are folded."""
TEST_TOKEN = "test-copy"  # noqa: S105 - the token of a test copy's links; it opens nothing

log = get_logger()
Segment = bytes | Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What all letters of one look share: templates, phrases, colours."""

    door: jinja2.Environment
    words: Catalogue
    colours: Palette


def press(brand: BrandSettings, language: str, greeting: Greeting) -> Press:
    """Return the tools to render letters in that language and look.

    Raises:
        TemplateError: a template or a catalogue is broken.
        SettingsError: the brand's colours are not readable.
    """
    return Press(
        door=_door(brand.templates),
        words=catalogue(language, brand.templates),
        colours=palette(brand, evening=greeting == "evening"),
    )


@cache
def _door(folder: str | None) -> jinja2.Environment:
    """Return the environment of a folder; cached, since compiling templates takes longer than filling them."""
    return environment(folder, filters={"lines": lines, "heading": heading, "turned": turned})


def render(  # noqa: PLR0913 - two editions and the three sections of the settings that a letter shows
    edition: Edition,
    earlier: Edition | None,
    site: SiteSettings,
    brand: BrandSettings,
    mail: MailSettings,
    *,
    date: datetime,
    greeting: Greeting | None = None,
    test: bool = False,
    picture: Picture | None = None,
    others: Mapping[str, Picture] | None = None,
    logo: Picture | None = None,
    voice: Voice | None = None,
) -> Letter:
    """Return the letter of an edition; the same arguments give the same bytes.

    ``earlier`` is the edition that this one follows; updates link to its stories. ``date`` (aware) is the Date of
    every copy. Without ``greeting``, an edition that follows another one is an evening edition. A ``test`` copy says
    so in its subject, and its links to leave and to choose do nothing. ``picture`` is the lead story's, ``others`` are
    those of other stories by anchor, ``logo`` is shown in place of the wordmark, ``voice`` is what its end asks.

    Raises:
        TemplateError: a template is broken; names file and line.
        SettingsError: the brand's colours are not readable.
    """
    kind: Greeting = greeting or ("evening" if edition.earlier else "morning")
    tools = press(brand, edition.language, kind)
    marks = {} if test else slot_marks(edition)
    unsubscribe, preferences = tuple(marks) or (TEST_TOKEN, TEST_TOKEN)
    leave = leave_links(site, mail, unsubscribe, preferences)
    view = letter_view(edition, earlier, tools.words, site, brand, greeting=kind, test=test)
    view = with_logo(pictured(view, edition, site, lead=picture, others=others), logo, brand, site)
    close = close_view(edition, tools.words, site, mail)
    asked = voice_view(voice or Voice(), tools.words, site, edition.key, preferences)
    view = replace(view, footer_links=_footer_links(view, leave, tools.words), close=close, voice=asked)
    view = typeset(view, view.language)
    view, html = _within_size(view, tools, edition.key)
    text = text_part(tools.door, view, tools.words)
    boundary = boundary_of(edition.key)
    header = header_segments(
        key=edition.key,
        title=view.title,
        subject=view.subject,
        date=date,
        boundary=boundary,
        site=site,
        mail=mail,
        leave=leave,
    )
    nobody = leave_links(site, mail, "", "")
    return Letter(
        edition=edition.key,
        language=view.language,
        subject=view.subject,
        html=_emptied(html, leave, nobody),
        text=_emptied(text, leave, nobody),
        segments=merged((*_with_slots(header, marks), *_body(text, html, boundary, marks))),
    )


def slot_marks(edition: Edition) -> dict[str, Slot]:
    """Return texts that stand for a reader's tokens until the letter is cut into segments, each with its slot.

    They are a hash of the whole edition, so that no text of an edition can contain its own mark.
    """
    secret = hashlib.sha256(repr(edition).encode("utf-8", "backslashreplace")).hexdigest()[:MARK]
    return {f"u{secret}": Slot.UNSUBSCRIBE, f"p{secret}": Slot.PREFERENCES}


def boundary_of(key: EditionKey) -> str:
    """Return the MIME boundary of an edition's letters; no encoded line contains ``=_`` (RFC 2045, section 6.7)."""
    return f"=_{hashlib.sha256(str(key).encode()).hexdigest()[:32]}"


def _footer_links(view: LetterView, leave: LeaveLinks, words: Catalogue) -> tuple[FooterLink, ...]:
    """Return the available footer links: choose, browser, leave."""
    english = catalogue(FALLBACK)
    urls = {
        "preferences": leave.preferences,
        "view_in_browser": view.web_link,
        "unsubscribe" if leave.https else "unsubscribe_mail": leave.https or leave.mailto,
    }
    return tuple(
        FooterLink(label=words(name), english=english(name) if words(name) != english(name) else "", url=url)
        for name, url in urls.items()
        if url
    )


def _within_size(view: LetterView, tools: Press, key: EditionKey) -> tuple[LetterView, str]:
    """Return the letter and its HTML, shortened until mail programs show all of it. Each shortening is logged."""
    html = html_part(tools.door, view, tools.words, tools.colours)
    for _ in range(SHORTENINGS):
        size = len(html.encode())
        if size <= LARGEST_HTML:
            break
        view = view.shorter()
        html = html_part(tools.door, view, tools.words, tools.colours)
        log.warning("letter shortened", edition=str(key), bytes_before=size, bytes_after=len(html.encode()))
    return view, html


def _emptied(part: str, leave: LeaveLinks, nobody: LeaveLinks) -> str:
    """Return the HTML or text with links that contain no reader's token: their pages ask the visitor for an address."""
    for full, empty in (
        (leave.https, nobody.https),
        (leave.mailto, nobody.mailto),
        (leave.preferences, nobody.preferences),
    ):
        part = part.replace(full, empty) if full else part
    return part.replace(voice_place(leave.preferences.rpartition("/")[2]), voice_place(TEST_TOKEN))


def _with_slots(segments: tuple[Segment, ...], marks: Mapping[str, Slot]) -> tuple[Segment, ...]:
    """Return the header segments, also cut at the marks; each mark becomes its slot."""
    if not marks:
        return segments
    pattern = re.compile(b"(" + b"|".join(re.escape(mark.encode()) for mark in marks) + b")")
    made: list[Segment] = []
    for segment in segments:
        parts = [segment] if isinstance(segment, Slot) else pattern.split(segment)
        made += [part if isinstance(part, Slot) else marks.get(part.decode(), part) for part in parts]
    return tuple(made)


def _body(text: str, html: str, boundary: str, marks: Mapping[str, Slot]) -> tuple[Segment, ...]:
    """Return the two parts of the body with their boundaries: text first, HTML last, as preferred (RFC 2046, 5.1.4)."""
    line = f"--{boundary}\r\n".encode()
    return (
        line,
        *encoded_part("plain", text, marks),
        b"\r\n" + line,
        *encoded_part("html", html, marks),
        f"\r\n--{boundary}--\r\n".encode(),
    )


def merged(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return ``segments`` with adjacent bytes joined and empty ones removed."""
    made: list[Segment] = []
    for segment in segments:
        if isinstance(segment, bytes) and made and isinstance(made[-1], bytes):
            made[-1] += segment
        elif segment:
            made.append(segment)
    return tuple(made)

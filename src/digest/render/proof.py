"""Proofread a letter before it is sent: find what readers or their mail programs would have trouble with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile

from lxml import etree

from digest.model.edition import PREHEADER_CHARACTERS, SUBJECT_CHARACTERS, Edition
from digest.model.letter import Letter, Slot
from digest.render.palette import READABLE, contrast
from digest.render.scheme_preview import SCHEMES, Scheme, Wording, wordings
from digest.text.words import count_words

CLIPPED = 102 * 1024
"""Bytes of HTML from which Gmail cuts a letter off and shows a link to the rest."""
LARGE = 40 * 1024
"""Bytes of HTML that a letter with pictures and blocks has on a full day; a larger letter is reported."""
SUBJECT_SEEN = 33
"""The characters of a subject that every phone shows."""
LONG_HEADLINE = 90
"""A headline with more characters has four lines on a phone."""
LONG_BULLET = 30
"""A bullet with more words looks like a paragraph on a phone; good bullets have 10 to 25 words."""
TEXT_SHARE = 0.9
"""The text part needs at least this share of the HTML's words."""
FEW_LETTERS = 60
"""Most characters of the letter that a finding quotes."""
ACTIVE = ("script", "iframe", "object", "embed", "form", "input", "video", "audio", "svg", "math", "base")
OWN_MACHINE = ("http://localhost:", "http://localhost/", "http://127.0.0.1:", "http://127.0.0.1/")
"""Addresses of a trial on one machine. Nobody else reads its letters, and browsers on the machine show the pictures."""
OUTWARD = ("http://", "https://", "mailto:", "tel:")
ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|amp|lt|gt|quot|nbsp|apos|hellip|mdash|ndash);", re.IGNORECASE)


class Weight(Enum):
    """The severity of a finding."""

    MEND = "mend"
    """A fault that harms readers."""
    LOOK = "look"
    """It may be intended; somebody should look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFinding:
    """A problem and what to do about it, in one or two sentences, and where it is."""

    weight: Weight
    words: str
    story_id: str = ""
    """The id of the story with the problem; empty when it concerns the whole letter."""
    bullet: int | None = None
    """The index of the bullet with the problem, from 0; None when it concerns no bullet."""


def proofread(letter: Letter, edition: Edition) -> tuple[LetterFinding, ...]:
    """Return the findings in a letter, the serious ones first; empty when there are none."""
    root = etree.fromstring(letter.html, etree.HTMLParser())
    found = [
        *(_mend(words) for words in _grave(letter, root)),
        *(_look(words) for words in _slight(letter, edition, root)),
        *_headlines(edition),
        *_bullets(edition),
    ]
    return tuple(sorted(found, key=lambda finding: finding.weight is Weight.LOOK))


def _mend(words: str) -> LetterFinding:
    return LetterFinding(weight=Weight.MEND, words=words)


def _look(words: str, story_id: str = "", bullet: int | None = None) -> LetterFinding:
    return LetterFinding(weight=Weight.LOOK, words=words, story_id=story_id, bullet=bullet)


def _grave(letter: Letter, root: etree._Element) -> Iterator[str]:
    yield from _active(root)
    yield from _links(root)
    yield from _pictures(root)
    seen = {scheme: tuple(wordings(letter.html, scheme)) for scheme in SCHEMES}
    yield from _colours(seen)
    yield from _text_part(letter, seen["light"])
    size = len(letter.html.encode())
    if size >= CLIPPED:
        yield f"The HTML has {size // 1024} KB and Gmail cuts it off at {CLIPPED // 1024}: lower words or also_stories."
    if not letter.subject.strip():
        yield "There is no subject: give the lead a headline, or write a subject."
    if Slot.UNSUBSCRIBE not in _body(letter):
        yield "The letter itself has no link to leave: a template lost the footer's; put letter.footer_links back."


def _slight(letter: Letter, edition: Edition, root: etree._Element) -> Iterator[str]:
    yield from _subject(letter, edition)
    size = len(letter.html.encode())
    if LARGE < size < CLIPPED:
        yield f"The HTML has {size // 1024} KB; {LARGE // 1024} are enough for a full day: lower words or also_stories."
    if root.get("lang") is None:
        yield "The page does not say its language: put lang into the template's html element, for screen readers."


def _active(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*ACTIVE):
        yield f"The letter holds a {element.tag!s} element, which mail programs drop or distrust: take it out."
    for element in root.iter("*"):
        for name, value in element.items():
            if name.lower().startswith("on") or value.strip().lower().startswith(("javascript:", "vbscript:", "data:")):
                yield f"A {element.tag!s} element has active content in {name}: take it out."


def _links(root: etree._Element) -> Iterator[str]:
    known = {element.get("id") for element in root.iter("*")} | {anchor.get("name") for anchor in root.iter("a")}
    for anchor in root.iter("a"):
        target = anchor.get("href")
        words = _quoted("".join(anchor.itertext()))
        if target is None:
            continue
        if not target.strip() or target == "#":
            yield f"The link {words} leads nowhere: give it an address, or take the link off."
        elif target.startswith("#"):
            if target[1:] not in known:
                yield f"The link {words} leads to {target}, which is not in the letter: give that place its id."
        elif not target.lower().startswith(OUTWARD):
            yield f"The link {words} leads to {_quoted(target)}: a letter needs whole addresses, with https://."


def _pictures(root: etree._Element) -> Iterator[str]:
    for picture in root.iter("img"):
        source = picture.get("src") or ""
        if picture.get("alt") is None:
            yield f"The picture {_quoted(source)} has no alt text, and many readers see no pictures: describe it."
        if not source.startswith(("https://", *OWN_MACHINE)):
            yield f"The picture {_quoted(source)} has no https address: mail programs will not show it."
        if not (picture.get("width") and picture.get("height")):
            yield f"The picture {_quoted(source)} has no width and height: the letter jumps when it comes."


def _colours(seen: Mapping[Scheme, Sequence[Wording]]) -> Iterator[str]:
    told: set[tuple[str | None, str | None]] = set()
    for scheme, shown in seen.items():
        for wording in shown:
            ink, ground = wording.ink, wording.ground
            if (ink, ground) in told:
                continue
            told.add((ink, ground))
            where = f"{_quoted(wording.text)} in the {scheme} colours"
            if ink is None or ground is None:
                yield f"The colour of {where} cannot be read: write it like #1f2933, as all mail programs understand."
            elif contrast(ink, ground) < READABLE:
                yield (
                    f"{where} has {ink} on {ground}, a contrast of {contrast(ink, ground):.1f} to 1; "
                    f"it needs {READABLE}: take a darker or a lighter one."
                )


def _text_part(letter: Letter, shown: Sequence[Wording]) -> Iterator[str]:
    if not letter.text.strip():
        yield "There is no text part, and filters distrust such letters: see email/letter.txt."
        return
    wanted = _count(" ".join(wording.text for wording in shown))
    has = _count(letter.text)
    if has < TEXT_SHARE * wanted:
        yield f"The text part has {has} words and the HTML {wanted}: email/letter.txt leaves something out."
    entity = ENTITY.search(letter.text)
    if entity:
        yield f"The text part shows {entity[0]} where it should show {html.unescape(entity[0])!r}: it is no HTML."


def _count(text: str) -> int:
    """Return the number of words in a text, without URLs and ornaments."""
    return sum("://" not in word and any(map(str.isalnum, word)) for word in text.split())


def _subject(letter: Letter, edition: Edition) -> Iterator[str]:
    subject, preheader = letter.subject, edition.preheader
    if len(subject) > SUBJECT_CHARACTERS:
        yield (
            f"The subject has {len(subject)} characters; phones show {SUBJECT_SEEN} to 48: "
            "give the lead a shorter headline, or write a shorter subject."
        )
    least, most = PREHEADER_CHARACTERS
    if not preheader.strip():
        yield "There is no preheader: mail programs show the letter's first words there instead."
    elif not least <= len(preheader) <= most:
        yield f"The preheader has {len(preheader)} characters; {least} to {most} fill the line under the subject."
    if preheader.strip() and preheader.strip().casefold().startswith(subject.strip().casefold()):
        yield "The preheader says the subject again: let it name the second and third story."


def _headlines(edition: Edition) -> Iterator[LetterFinding]:
    for item in edition.items:
        if len(item.headline) > LONG_HEADLINE:
            yield _look(
                f"A headline has {len(item.headline)} characters ({_quoted(item.headline)}): "
                f"up to {LONG_HEADLINE} look good on a phone.",
                item.story_id,
            )


def _bullets(edition: Edition) -> Iterator[LetterFinding]:
    every = [(item, at, bullet.text) for item in edition.items for at, bullet in enumerate(item.bullets)]
    long = [(count_words(text), item, at, text) for item, at, text in every if count_words(text) > LONG_BULLET]
    if long:
        words, item, at, worst = max(long, key=lambda each: each[0])
        many = f"{len(long)} bullets have" if len(long) > 1 else "One bullet has"
        yield _look(
            f"{many} more than {LONG_BULLET} words, the longest {words} ({_quoted(worst)}): "
            "on a phone that is a paragraph; shorten it at the desk: Edit, then Shorten.",
            item.story_id,
            at,
        )


def _body(letter: Letter) -> tuple[bytes | Slot, ...]:
    """Return the segments after the header."""
    head = list(takewhile(lambda part: not (isinstance(part, bytes) and b"\r\n\r\n" in part), letter.segments))
    return letter.segments[len(head) :]


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    return f"“{line if len(line) <= FEW_LETTERS else line[: FEW_LETTERS - 1] + '…'}”"

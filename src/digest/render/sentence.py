"""A verbatim sentence as a letter shows it: capitalised, with its cuts marked, and with the link to its passage."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.story import Bullet
from digest.render.catalogue import Catalogue
from digest.render.links import passage_link, safe_link
from digest.text.glyphs import shown

NAME, SENTENCE = 80, 600
"""Most characters of a name and of a sentence; longer text is cut at a word."""
CLOSED = tuple('.!?…。؟”»"\N{RIGHT SINGLE QUOTATION MARK}')
OPEN_ENDS = " ,;:\N{EN DASH}\N{EM DASH}"
OPENING = "\"'([¿¡«„“\N{LEFT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletView:
    """One bullet; ``link`` leads to the passage in the article, empty when there is no such link."""

    text: str
    link: str
    label: str
    """The link's label for screen readers."""
    credit: str = ""
    """The names of the sources that give the sentence's number, in brackets; else empty."""


def bullet_view(bullet: Bullet, words: Catalogue, *, own: bool) -> BulletView:
    """Return a bullet as the letter shows it. ``own`` is true in a letter with one publisher, which names no source."""
    link = safe_link(bullet.link)
    credited = ", ".join(shown(name, NAME) for name in bullet.credited)
    return BulletView(
        text=spoken(shown(bullet.text, SENTENCE), cut_start=bullet.cut_start, cut_end=bullet.cut_end),
        link=passage_link(link, bullet.fragment) if bullet.fragment else "",
        label=words("passage_own") if own else words("passage", source=shown(bullet.source_name, NAME)),
        credit=f"({credited})" if credited and not own else "",
    )


def spoken(span: str, *, cut_start: bool, cut_end: bool) -> str:
    """Return a verbatim span as a sentence: with a first capital, and an ellipsis where it was cut.

    A first word with a capital inside (iPhone, eBay) keeps its spelling.
    """
    first = span.split(" ", 1)[0]
    at = len(first) - len(first.lstrip(OPENING))
    if first == first.lower():
        span = span[:at] + span[at : at + 1].upper() + span[at + 1 :]
    head = "… " if cut_start else ""
    tail = "…" if cut_end and not span.endswith(CLOSED) else ""
    return head + (span.rstrip(OPEN_ENDS) + tail if tail else span)

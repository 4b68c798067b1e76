"""Turns inline markup that extractors misread into plain text of its sentence."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

_ANNOTATIONS = ("rt", "rp", "rtc")
"""The pronunciation of a word, above it or in brackets after it."""
_PLAIN = ("q", "ruby", "rb", "bdi", "bdo", "data", "wbr", "nobr", "output", "meter")
_RUNNING = frozenset(["p", "li", "blockquote", "dd", "h2", "h3", "h4", "h5", "h6"])
"""Elements of running text: a date or a label inside them is part of a sentence."""
_CAPITAL = re.compile(r"\s*([\"“„«¿¡‘']?[^\W\d_a-zß-öø-ÿ])\s*\Z")  # noqa: RUF001 - quotation marks
_CAP_NAMES = re.compile(r"drop-?cap|first-?letter|lettrine|initiale?\b|capital|big-?letter")
_WORDS_OF_ONE_LETTER = frozenset("AIOYEUÀÓÉÁÅÖÆØИВСКОУЯА")  # noqa: RUF001 - Cyrillic words, too
_ICON = re.compile(r"icon|emoji|material|glyph|\bfa\b")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_INLINE = frozenset(["span", "em", "b", "strong"])


def join_inline(tree: HtmlElement) -> None:
    """Convert inline elements that extractors drop, or whose words they drop, to plain text.

    A ``q`` element gets the quotation marks that browsers add. A drop capital is joined to its word.
    """
    etree.strip_elements(tree, *_ANNOTATIONS, with_tail=False)
    for quotation in tree.iter("q"):
        _enclose(quotation, "“", "”")
    etree.strip_tags(tree, *_PLAIN)
    for line_break in [e for link in tree.iter("a") for e in link.iterchildren("br")]:
        line_break.tail = f" {line_break.tail or ''}"
        line_break.drop_tag()
    for picture in [e for e in tree.iter("img") if _CAP_NAMES.search(_names(e))]:
        if found := _CAPITAL.match(picture.get("alt") or ""):
            _set_before_its_word(picture, found[1])
    for element in [e for e in tree.iter("time", "label") if _is_in_running_text(e)]:
        element.drop_tag()
    for element in list(tree.iter("span", "b", "strong", "big", "font", "em", "p", "div")):
        _join(element)


def _enclose(element: HtmlElement, opening: str, closing: str) -> None:
    element.text = f"{opening}{element.text or ''}"
    if len(element):
        element[-1].tail = f"{element[-1].tail or ''}{closing}"
    else:
        element.text += closing


def _is_in_running_text(element: HtmlElement) -> bool:
    return any(around.tag in _RUNNING for around in element.iterancestors())


def _join(element: HtmlElement) -> None:
    """Join a capital to the rest of its word. Make an element visible that only screen readers skip."""
    silent = element.get("aria-hidden") == "true"
    text = element.text or ""
    if text and len(text) <= len(" “T ") and len(element) == 0 and (found := _CAPITAL.match(text)):
        if element.tag in {"p", "div"}:
            _prepend(element, found[1])
        elif silent or _CAP_NAMES.search(_names(element)):
            _set_before_its_word(element, found[1])
    elif silent and element.tag in _INLINE and _LETTERS.search(text) and not _ICON.search(_names(element)):
        del element.attrib["aria-hidden"]


def _names(element: HtmlElement) -> str:
    return (element.get("class") or "").lower()


def _set_before_its_word(element: HtmlElement, capital: str) -> None:
    tail = element.tail or ""
    if capital[-1] not in _WORDS_OF_ONE_LETTER and tail.lstrip()[:1].islower():
        element.tail = tail.lstrip()
    element.text = capital
    element.drop_tag()


def _prepend(element: HtmlElement, capital: str) -> None:
    """Move a capital in a block of its own to the next word, if that begins with a small letter."""
    following = element.getnext()
    if (element.tail or "").lstrip()[:1].islower():
        element.tail = f"{capital}{(element.tail or '').lstrip()}"
    elif following is not None and (rest := (following.text or "").lstrip())[:1].islower():
        following.text = f"{capital}{rest}"
    else:
        return
    element.text = None
    element.drop_tag()

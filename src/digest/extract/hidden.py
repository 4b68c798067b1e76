"""Removes text that sighted readers do not see: for screen readers only, switched off, or moved off the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

MOST_HIDDEN = 0.3
"""Hidden paragraphs are dropped only up to this share of the page's paragraphs, by characters: some pages hide all of
their text until a script shows it."""

_CLASSES = re.compile(
    r"(?<![a-z])(?<!not-)(?:visually-?hidden|hidden-?visually|visually-?hide|hide-?visually|sr-?only|sr-?text|for-?sr"
    r"|screen-?readers?(?:-?(?:text|only))?|elementor-screen-only|a11y-?(?:hidden|text|only)|assistive-?text"
    r"|off-?screen|element-?invisible|accessible-?hide|accessibility-?hidden|audible-?only)(?![a-z])"
)
_STYLES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d])|(?:left|right|top|text-indent):-\d{3,}|clip:rect\([01]"
    r"|clip-path:(?:inset\((?:50|100)%|polygon\(00)"
)
_TRANSPARENT = re.compile(r"(?<![\w-])opacity:0(?:\.0*)?(?![.\d])")
_ANIMATED = re.compile(r"transform|transition|animation|will-change")
"""A transparent element that also moves is shown by a script while the reader scrolls."""
_HINTS = ("hid", "sr", "reader", "screen", "a11y", "assistive", "invisible", "audible", "d-none")
"""Each hiding class name has one of these parts: a look for them first avoids most searches."""
_NO_DISPLAY = re.compile(r"(?<![\w-])d-none(?![\w-])")
_SHOWN_ON_WIDE_SCREENS = re.compile(r"(?<![\w-])d-(?:sm|md|lg|xl|xxl)-(?!none)")
"""Bootstrap's class for hidden elements, and its classes that show them from some screen width on."""
_MARKED = etree.XPath("//@style/.. | //@hidden/..")  # the same as //*[@style or @hidden], in half the time
_NAMES = etree.XPath("//@class", smart_strings=False)
_NAMED = etree.XPath("//@class/..")
_RESERVED = etree.XPath("//@data-nosnippet/..")
_INLINE = frozenset(["span", "a", "b", "i", "em", "strong", "small", "label", "abbr", "sup", "sub", "font", "u"])
_KEPT = frozenset(["html", "body", "head", "h1", "main", "article", "script"])
"""Elements that are never dropped as a whole. A hidden heading still gives the title."""


def drop_hidden(tree: HtmlElement) -> None:
    """Drop elements that the markup hides: by attribute, by inline style, or by a usual class name."""
    found = {element for element in _suspects(tree) if is_hidden(element)}
    if not found:
        return
    blocks = [e for e in found if e.tag not in _INLINE and found.isdisjoint(e.iterancestors())]
    for element in found:
        if element.tag in _INLINE and element.getparent() is not None:
            element.drop_tree()
    if blocks and sum(map(_size, blocks)) <= MOST_HIDDEN * _size(tree):
        for block in blocks:
            block.drop_tree()


def drop_reserved(tree: HtmlElement) -> None:
    """Drop the parts that the page forbids to quote (attribute ``data-nosnippet``)."""
    for element in _RESERVED(tree):
        if element.getparent() is not None:
            element.drop_tree()


def _suspects(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements with an attribute that may hide them. A page has thousands of elements and few such names."""
    yield from _MARKED(tree)
    hiding = _hiding(set(_NAMES(tree)))
    if hiding:
        yield from (element for element in _NAMED(tree) if element.get("class") in hiding)


def _hiding(names: set[str]) -> set[str]:
    """Return those of the class names that hide."""
    return {name for name in names if any(map(_spelled(name).__contains__, _HINTS)) and _hides(name)}


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element's own attributes hide it from readers."""
    get = element.get
    style, names, hidden = get("style"), get("class"), get("hidden")
    if (style is None and names is None and hidden is None) or element.tag in _KEPT:
        return False
    return (
        (hidden is not None and hidden != "until-found")
        or (names is not None and _hides(names))
        or (style is not None and _conceals(style))
    )


@lru_cache(maxsize=4096)  # the elements of a page share few styles
def _conceals(declared: str) -> bool:
    style = "".join(declared.lower().split())
    if _STYLES.search(style) is not None:
        return True
    return _TRANSPARENT.search(style) is not None and _ANIMATED.search(style) is None


@lru_cache(maxsize=4096)
def _hides(names: str) -> bool:
    spelled = _spelled(names)
    nowhere = _NO_DISPLAY.search(spelled) and not _SHOWN_ON_WIDE_SCREENS.search(spelled)
    return _CLASSES.search(spelled) is not None or bool(nowhere)


def _spelled(names: str) -> str:
    return names.lower().replace("_", "-")


def _size(element: HtmlElement) -> int:
    """Return the number of characters in the paragraphs of an element, including the element itself."""
    return sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p"))

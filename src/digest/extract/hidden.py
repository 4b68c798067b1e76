"""Text of a page that no seeing reader sees: kept for screen readers, switched off, or moved out of sight."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

MOST_HIDDEN = 0.3
"""Share of the page's paragraphs, by characters, up to which hidden paragraphs are dropped: some pages hide all of
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
"""What is transparent and moves besides is shown by a script as the page is scrolled."""
_NO_DISPLAY = re.compile(r"(?<![\w-])d-none(?![\w-])")
_SHOWN_ON_WIDE_SCREENS = re.compile(r"(?<![\w-])d-(?:sm|md|lg|xl|xxl)-(?!none)")
"""Bootstrap's class that shows nothing, and those that show it from some width on."""
_INLINE = frozenset(["span", "a", "b", "i", "em", "strong", "small", "label", "abbr", "sup", "sub", "font", "u"])
_KEPT = frozenset(["html", "body", "head", "h1", "main", "article", "script"])
"""What is never dropped as a whole: a heading that is hidden still gives the title."""


def drop_hidden(tree: HtmlElement) -> None:
    """Drop what the markup itself hides: by attribute, by inline style, or by the class names in use for it."""
    found = {element for element in tree.iter() if is_hidden(element)}
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
    """Drop the parts that the page says may not be quoted (the attribute ``data-nosnippet``)."""
    for element in tree.xpath("//*[@data-nosnippet]"):
        if element.getparent() is not None:
            element.drop_tree()


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element's own attributes hide it from readers."""
    get = element.get
    style, names, hidden = get("style"), get("class"), get("hidden")
    if (style is None and names is None and hidden is None) or element.tag in _KEPT:
        return False
    return (
        (hidden is not None and hidden != "until-found")
        or (names is not None and _hides(names))
        or (style is not None and _conceals("".join(style.lower().split())))
    )


def _conceals(style: str) -> bool:
    if _STYLES.search(style) is not None:
        return True
    return _TRANSPARENT.search(style) is not None and _ANIMATED.search(style) is None


@lru_cache(maxsize=4096)
def _hides(names: str) -> bool:
    spelled = names.lower().replace("_", "-")
    nowhere = _NO_DISPLAY.search(spelled) and not _SHOWN_ON_WIDE_SCREENS.search(spelled)
    return _CLASSES.search(spelled) is not None or bool(nowhere)


def _size(element: HtmlElement) -> int:
    """Return the characters of the paragraphs in an element, itself among them."""
    return sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p"))

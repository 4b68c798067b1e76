"""Reads the caption and the credit of the article's picture from the figure that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from digest.extract.credits import bare_credit, parted
from digest.extract.hidden import is_hidden
from digest.extract.markup import squeezed
from digest.extract.picture_names import may_name, same_picture

MOST_PICTURES = 400
MOST_ADDRESSES = 40
"""Most addresses that are read from one element. A set of sources has a dozen."""
MOST_PARTS = 300
"""Most elements of a figure that are read."""
LONGEST_UNSIGNED = 60
"""Characters. A shorter text is a credit if its element says so and nothing else is below the picture."""

_PICTURES = ("img", "source", "amp-img")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CREDITS = frozenset(
    ["credit", "credits", "copyright", "source", "photographer", "byline", "author", "rights", "quelle", "fotograf",
     "agency", "attribution", "photocredit", "imagecredit", "holder", "notice", "creator", "fuente", "fonte"]
)  # fmt: skip
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\Z", re.IGNORECASE)
_BLOCKS = frozenset(["p", "div", "br", "li", "h2", "h3", "h4", "dd", "dt"])
_NO_CAPTION = ("button", "script", "noscript", "template", "img", "picture")


@dataclass(frozen=True, slots=True)
class Figure:
    """The texts of a picture: caption, credit, and alternative text."""

    caption: str = ""
    credit: str = ""
    alt: str = ""


def figure_of(tree: HtmlElement, picture: str) -> Figure | None:
    """Return the texts of the first figure with this picture and a caption or credit, or None.

    Args:
        tree: The page. It is not changed.
        picture: The picture's address. Size, crop, format and host may differ (see ``picture_names``).
    """
    for element in islice(tree.iter(*_PICTURES), MOST_PICTURES):
        if any(same_picture(picture, address) for address in _addresses(element, picture)):
            holder = _holder(element)
            caption, credit = _below(holder) if holder is not None else ("", "")
            if caption or credit:
                return Figure(caption=caption, credit=credit, alt=_alt(element))
    return None


def _addresses(element: HtmlElement, picture: str) -> Iterator[str]:
    """Yield the addresses in an element's attributes, including those for scripts (``data-src``), if one may match."""
    named = [str(value) for name, value in element.attrib.items() if "src" in str(name) or "original" in str(name)]
    if not any(may_name(picture, value) for value in named):
        return iter(())
    parts = (part.split()[0] for value in named for part in re.split(r",\s+", value) if part.strip())
    return islice(parts, MOST_ADDRESSES)


def _alt(element: HtmlElement) -> str:
    """Return a picture's alternative text, unless it is a file name. A source has the text of its image."""
    parent = element.getparent()
    image = element if element.tag != "source" or parent is None else parent.find("img")
    text = squeezed(image.get("alt")) if image is not None else ""
    return "" if _FILE_NAME.search(text) else text


def _holder(element: HtmlElement) -> HtmlElement | None:
    """Return the innermost figure around an element, or the caption block that contains picture and caption."""
    return next((e for e in element.iterancestors() if e.tag == "figure" or _is_caption_block(e)), None)


def _is_caption_block(element: HtmlElement) -> bool:
    return element.tag == "div" and "wp-caption" in (element.get("class") or "").split()


def _below(holder: HtmlElement) -> tuple[str, str]:
    """Return the caption and the credit of a figure."""
    own = [e for e in islice(holder.iterdescendants(), MOST_PARTS) if _holder(e) is holder]
    text = next((e for e in own if e.tag == "figcaption"), None)
    if text is None:
        text = next((e for e in own if _class_words(e)[-2:] in (["caption"], ["caption", "text"])), None)
    if text is None:
        text = next((e for e in own if "caption" in _class_words(e)), None)
    apart = next((_words(e) for e in own if text is not None and _credits(e) and not _touch(e, text)), "")
    if text is None:
        return "", ""
    caption, credit = _parts(text)
    return caption, credit or bare_credit(apart)


def _touch(one: HtmlElement, other: HtmlElement) -> bool:
    return one is other or other in one.iterancestors() or one in other.iterancestors()


def _parts(text: HtmlElement) -> tuple[str, str]:
    """Return a caption and its credit: by the marked elements inside, otherwise by the words."""
    copy = deepcopy(text)
    copy.tail = None
    for element in [e for e in copy.iterdescendants() if e.tag in _NO_CAPTION or is_hidden(e)]:
        if element.getparent() is not None:
            element.drop_tree()
    whole = _words(copy)
    marked = [e for e in copy.iterdescendants() if _credits(e)]
    marked = [e for e in marked if not any(outer in marked for outer in e.iterancestors())]
    credit = squeezed(" ".join(_words(element) for element in marked))
    if credit and len(credit) == len(whole):
        return parted(whole) if len(whole) > LONGEST_UNSIGNED or parted(whole)[1] else ("", bare_credit(credit))
    for element in marked:
        element.drop_tree()
    caption, named = parted(_words(copy))
    return caption, bare_credit(credit) or named


def _credits(element: HtmlElement) -> bool:
    """Return whether an element's tag, property or class marks it as a credit."""
    if element.tag == "cite":
        return True
    names = (*(element.get("class") or "").split(), element.get("itemprop") or "")
    return any(words[-1].lower() in _CREDITS for name in names if (words := _WORD.findall(name)))


def _class_words(element: HtmlElement) -> list[str]:
    return [word.lower() for word in _WORD.findall(element.get("class") or "")]


def _words(element: HtmlElement) -> str:
    """Return an element's text on one line, with a space where a block begins or ends."""
    return squeezed("".join(_texts(element)))


def _texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        space = " " if child.tag in _BLOCKS else ""
        yield space
        yield from _texts(child)
        yield space
        yield child.tail or ""

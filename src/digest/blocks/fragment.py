"""Reduces a block's HTML to what a letter may show: known elements and attributes, checked links, one picture."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree, html

from digest.blocks.shape import NoBlock

ELEMENTS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "br",
        "caption",
        "em",
        "h2",
        "h3",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
    }
)
GONE = frozenset(
    {
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "video",
        "audio",
    }
)
"""Elements that are removed with their content. Of any other unknown element the content stays."""
CLASSES = frozenset(
    {
        "head",
        "ink",
        "label",
        "link",
        "meta",
        "num",
        "photo",
        "rows",
        "sans",
        "shot",
        "taken",
    }
)
"""Classes of the letter's style sheet that a block may use."""
ATTRIBUTES = frozenset(
    {
        "abbr",
        "align",
        "alt",
        "class",
        "colspan",
        "datetime",
        "dir",
        "href",
        "lang",
        "rowspan",
        "scope",
        "src",
        "width",
        "height",
        "title",
    }
)
_VALUE = re.compile(r"[^\x00-\x1f<>]{0,300}")


def clean(written: str, link: Callable[[str], str], picture: str = "") -> str:
    """Return the HTML ``written`` by a block, well-formed and with nothing that a letter may not contain.

    ``link`` returns an address in a safe form, or an empty text when it may not be linked. ``picture`` is the address
    of the only picture that may be shown.

    Raises:
        NoBlock: Nothing is left, or the HTML cannot be parsed.
    """
    try:
        root = html.fragment_fromstring(written.replace("\0", ""), create_parent="div")
    except (etree.LxmlError, ValueError) as error:
        raise NoBlock(f"its HTML cannot be read: {error}") from error
    for element in list(root.iterdescendants()):
        _judge(element, link, picture)
    for table in root.iter("table"):
        _as_in_letters(table)
    inside = (root.text or "") and html.tostring(_only_text(root.text), encoding="unicode")[3:-4]
    made = inside + "".join(html.tostring(child, encoding="unicode") for child in root)
    if not made.strip():
        raise NoBlock("it gave no text")
    return made.strip()


def _only_text(text: str | None) -> html.HtmlElement:
    made = html.Element("p")
    made.text = text
    return made


def _judge(element: html.HtmlElement, link: Callable[[str], str], picture: str) -> None:
    """Remove an element that a letter may not contain; otherwise remove only its attributes that are not allowed."""
    if (
        not isinstance(element.tag, str)
        or element.tag in GONE
        or (element.tag == "img" and element.get("src") != picture)
    ):
        if element.getparent() is not None:
            element.drop_tree()
        return
    if element.tag not in ELEMENTS:
        element.drop_tag()
        return
    for name, value in list(element.attrib.items()):
        kept = _kept(name, value, link)
        if kept:
            element.set(name, kept)
        elif not (name == "alt" and element.tag == "img"):
            del element.attrib[name]


def _kept(name: str, value: str, link: Callable[[str], str]) -> str:
    if name not in ATTRIBUTES or not _VALUE.fullmatch(value if name not in {"href", "src"} else ""):
        return ""
    if name == "href":
        return link(value)
    if name == "class":
        return " ".join(word for word in value.split() if word in CLASSES)
    return value


def _as_in_letters(table: html.HtmlElement) -> None:
    """Give a table the attributes of all tables of a letter. One without heading cells is marked as mere layout."""
    for name, value in (("border", "0"), ("cellpadding", "0"), ("cellspacing", "0")):
        table.set(name, value)
    if table.find(".//th") is None:
        table.set("role", "presentation")

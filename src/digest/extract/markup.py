"""Parses a page's markup into a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from digest.errors import Unreadable
from digest.text.references import mended_references

LONGEST_PAGE = 10_000_000
"""Characters. A longer page is not an article. The fetcher has the same limit for decoded bytes."""
MOST_ATTRIBUTES = 2_000
"""Most attributes in one tag. libxml2 compares each with all others: 100,000 cost ninety seconds of CPU."""
MOST_ELEMENTS = 60_000
"""Most elements of a page. The largest real page of the development data has a fifth of this."""

_FORBIDDEN = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_NO_CHARACTERS = ("\ufffe", "\uffff")
_PLAIN_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""One class for all elements. lxml's own lookup calls Python for each, which takes a tenth of a page's time."""
_PROLOGUE = re.compile(rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype[^>]*>)?", re.IGNORECASE)
_MACHINERY = (
    "link", "meta", "iframe", "input", "select", "textarea", "canvas", "object", "embed", "template", "source",
)  # fmt: skip
_LONG_TAG = 4_000
"""Characters from one "<" to the next. Only so long a tag may have too many attributes."""
_TAG = re.compile(r"<[a-zA-Z](?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[^\s/=]+")


def parse(text: str, url: str) -> html.HtmlElement:
    """Return the page's tree without scripts, styles and drawings.

    The tree has a head and a body where the page has them. The page's own charset declaration is ignored, because the
    page is already decoded. Comments, processing instructions, and characters that XML forbids are dropped.

    Raises:
        Unreadable: The page is empty, too long, or built to be slow.
    """
    if len(text) > LONGEST_PAGE:
        raise Unreadable(url, f"the page has {len(text)} characters, more than {LONGEST_PAGE}")
    if any(_is_crowded(text[start:end]) and not _in_script(text, start) for start, end in _long_tags(text)):
        raise Unreadable(url, f"one tag has more than {MOST_ATTRIBUTES} attributes")
    parser = html.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(_PLAIN_ELEMENTS)
    try:
        tree = html.document_fromstring(_well_formed(text), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(url, f"the page contains no markup ({error})") from error
    if text.count("<") > MOST_ELEMENTS / 2 and tree.xpath(f"count(//*) > {MOST_ELEMENTS}"):  # parsers add some elements
        raise Unreadable(url, f"the page has more than {MOST_ELEMENTS} elements")
    _drop_silent(tree)
    return tree


def _well_formed(text: str) -> bytes:
    """Return the page as UTF-8, without its prologue and without characters that XML forbids (1.0, section 2.2)."""
    mended = mended_references(text)
    for character in _NO_CHARACTERS:
        if character in mended:  # few pages have one: a look is faster than a copy of the page
            mended = mended.replace(character, "")
    body = mended.encode("utf-8", "ignore").translate(None, _FORBIDDEN)
    prologue = _PROLOGUE.match(body)
    return body[prologue.end() :] if prologue else body


def _drop_silent(tree: html.HtmlElement) -> None:
    """Drop scripts, styles and drawings, because extractors copy the tree several times. JSON-LD stays."""
    for script in list(tree.iter("script")):
        if "json" not in (script.get("type") or ""):
            script.drop_tree()
    etree.strip_elements(tree, "style", "svg", with_tail=False)


def drop_machinery(tree: html.HtmlElement) -> None:
    """Drop elements without text, once the metadata is read, because extractors copy the tree several times."""
    etree.strip_elements(tree, *_MACHINERY, with_tail=False)


def _long_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each long text without a second "<" begins and ends. Samples are faster than a look at each tag."""
    place, sample = 0, _LONG_TAG // 2
    while place < len(text):
        if text.find("<", place, place + sample) >= 0:
            place += sample
            continue
        start, end = text.rfind("<", 0, place), text.find("<", place)
        place = end if end >= 0 else len(text)
        if start >= 0 and place - start > _LONG_TAG:
            yield start, place


def _is_crowded(run: str) -> bool:
    tag = _TAG.match(run)
    return tag is not None and len(_ATTRIBUTE.findall(_QUOTED.sub(" ", tag[0]))) > MOST_ATTRIBUTES


def _in_script(text: str, place: int) -> bool:
    return text.rfind("<script", 0, place) > text.rfind("</script", 0, place)


def squeezed(text: str | None) -> str:
    """Return the text on one line, with single spaces."""
    return " ".join((text or "").split())


def text_of(element: html.HtmlElement) -> str:
    """Return all text inside an element on one line."""
    return squeezed("".join(element.itertext()))

"""The page's markup: parsed once, and handed on as a tree."""

from __future__ import annotations

import re

from lxml import etree, html

from digest.errors import Unreadable

LONGEST_PAGE = 10_000_000
"""Characters; a longer page is no article (the fetcher's own cap on decoded bytes is the same)."""
MOST_ATTRIBUTES = 2_000
"""Attributes in one tag. libxml2 compares each with all others: 20,000 cost ten seconds of CPU."""
DEEPEST = 250
"""Levels of nesting; real pages of the development data have 60 at most."""
MOST_ELEMENTS = 60_000
"""Elements of a page; the largest real page of the development data has a fifth of it."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_DOCTYPE = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype[^>]*>)?", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}>")
_SPACE = re.compile(r"\s+")


def parse(text: str, url: str) -> html.HtmlElement:
    """Return the page's tree, with a head and a body wherever the page has one.

    The page's own charset declaration is ignored: it was decoded before. Comments and processing instructions are
    dropped, characters that XML forbids as well.

    Raises:
        Unreadable: the page is empty, too long, or built to be slow.
    """
    if len(text) > LONGEST_PAGE:
        raise Unreadable(url, f"the page has {len(text)} characters, more than {LONGEST_PAGE}")
    for tag in _TAG.finditer(text):
        if tag[0].count("=") > MOST_ATTRIBUTES:
            raise Unreadable(url, f"one tag has more than {MOST_ATTRIBUTES} attributes")
    body = _DOCTYPE.sub("", _FORBIDDEN.sub("", text), count=1)
    parser = html.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(body.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(url, f"no markup in it ({error})") from error
    _refuse_hostile(tree, url)
    return tree


def _refuse_hostile(tree: html.HtmlElement, url: str) -> None:
    depth = elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > DEEPEST:
            raise Unreadable(url, f"more than {DEEPEST} levels of nesting")
        if elements > MOST_ELEMENTS:
            raise Unreadable(url, f"more than {MOST_ELEMENTS} elements")


def squeezed(text: str | None) -> str:
    """Return the text on one line, each run of white space a single space."""
    return _SPACE.sub(" ", text or "").strip()


def text_of(element: html.HtmlElement) -> str:
    """Return all text inside an element on one line."""
    return squeezed("".join(element.itertext()))

"""Finds the running text of a page. Only here is trafilatura called.

    tree, layout ─ quickly ─▶ text ─ is it most of the page's prose? ─ yes ─▶ its lines
                                └─ no ─ thoroughly ─▶ text ─ is there any? ─ no ─ at a pinch ─▶ its lines

The thorough way compares the text with those of two other extractors. It takes half as long again, and on nineteen of
twenty development pages it finds no other text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from digest.errors import Unreadable
from digest.extract.blocks import Block, PageLayout

LONGEST_TEXT = 400_000
"""Characters. A longer text is a book, a log or an attack."""
SHORTEST_SURE = 250
"""Characters. trafilatura collects loose paragraphs when its text is shorter; then the others may know better."""
LEAST_OF_PROSE, MOST_OF_PROSE = 0.5, 2.0
"""A text with less than this share of the page's prose is probably not the article, one with more is probably the whole
page (swept .4-.7 and 1.1-2)."""
MOST_OF_A_LINE = 2.0
"""A line longer than this times the page's longest block is loose text from everywhere, joined (of 183 pages at
most 1.2 of it, or at least 5.3)."""
SHORTEST_PROSE = 80
"""Characters. A shorter block is a heading, a caption or a link."""

LEAST_OUTSIDE = 0.7
"""Least share of the prose that is outside the furniture. Some pages never close their ``nav``."""

_FURNITURE = frozenset(
    ["nav", "footer", "aside", "button", "label", "picture", "video", "audio", "dialog", "fieldset", "menu"]
)
"""Elements around an article. trafilatura drops them, too, after it has searched and copied them: two fifths of all."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
# What it logs for a hostile page is already part of our own error, and would flood the run's report.


def paragraphs(tree: HtmlElement, shown: PageLayout, url: str) -> list[str]:
    """Return the paragraphs of a page's running text; empty without any.

    ``shown`` is the layout of the tree. The tree loses its furniture, unless that holds the page's prose.

    Raises:
        Unreadable: The extractor failed, or the text is too long.
    """
    prose = [block for block in shown.blocks if _is_prose(block)]
    size = _size(prose)
    if _size(block for block in prose if _FURNITURE.isdisjoint(block.context.around)) > LEAST_OUTSIDE * size:
        etree.strip_elements(tree, *_FURNITURE, with_tail=False)
    text = _text(tree, url, fast=True)
    if not LEAST_OF_PROSE * size <= len(text) <= MOST_OF_PROSE * size or _is_loose(text, shown.blocks):
        text = _text(tree, url) or _text(tree, url, favor_recall=True)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(url, f"the text has {len(text)} characters, more than {LONGEST_TEXT}")
    return [line for line in map(str.strip, text.splitlines()) if line]


def _is_prose(block: Block) -> bool:
    return len(block.text) >= SHORTEST_PROSE and block.linked < len(block.text) / 2


def _is_loose(text: str, blocks: Iterable[Block]) -> bool:
    """Return whether a text was probably collected from the whole page, after the search for the article had failed."""
    longest = max((len(block.text) for block in blocks), default=0)
    return len(text) < SHORTEST_SURE or max(map(len, text.splitlines())) > MOST_OF_A_LINE * longest


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _text(tree: HtmlElement, url: str, *, fast: bool = False, favor_recall: bool = False) -> str:
    try:
        found = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=fast, favor_recall=favor_recall)
    except MemoryError:
        raise
    except Exception as error:  # the library's errors have no common base class, and hostile pages cause new ones
        raise Unreadable(url, f"the extractor failed ({type(error).__name__}: {error})"[:300]) from error
    return getattr(found, "text", None) or ""

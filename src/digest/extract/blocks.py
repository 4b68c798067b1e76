"""Splits a page's text into the blocks that a browser shows, each with its place in the markup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from lxml.html import HtmlElement

_INLINE_TAGS = """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rt rp s
samp small span strike strong sub sup time tt u var wbr img picture source"""
_INLINE = frozenset(_INLINE_TAGS.split())
_SILENT_TAGS = "script style svg noscript template iframe object embed video audio canvas select textarea head"
_SILENT = frozenset(_SILENT_TAGS.split())
_BREAKS = frozenset({"br", "hr"})
_BOLD = frozenset({"b", "strong"})
_PREFIX = 24
"""If whole keys differ, this many first characters must agree, because extractors join and cut blocks."""


class Context(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An element that contains blocks, with what it inherits from its ancestors.

    A page has hundreds, and a dataclass takes several times as long to make. None leads back to itself, so the garbage
    collector need not look for cycles (``gc=False``).
    """

    tag: str
    names: str
    """Class and id of the element, lower case."""
    parent: Context | None
    depth: int
    around: frozenset[str]
    """Tags of the element itself and of all its ancestors."""

    def lineage(self) -> Iterator[Context]:
        """Yield the element, then its ancestors from the inside out."""
        context: Context | None = self
        while context is not None:
            yield context
            context = context.parent


class Block(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A run of text without a line break in it. Like its context, it is a struct to be made fast."""

    context: Context
    text: str
    key: str
    linked: int
    """Number of its characters that are link text."""
    bold: int
    """Number of its characters in b or strong."""
    index: int
    """Its place in the order of the page."""


@dataclass(slots=True)
class PageLayout:
    """The page's blocks in document order, and the keys of its pictures' alternative texts."""

    blocks: list[Block] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)


@lru_cache(maxsize=1024)  # each step on the way from lines to paragraphs asks for the same
def spaceless(text: str) -> str:
    """Return a text without white space and non-printing characters: the key by which a page's texts are compared.

    Extractors change white space and drop non-printing characters: directional marks, joiners, icon fonts.
    """
    return _printed("".join(text.split()))


def _printed(joined: str) -> str:
    return joined if joined.isprintable() else "".join(filter(str.isprintable, joined))


@dataclass(slots=True)
class _Walk:
    """The state of one walk over a page's tree."""

    layout: PageLayout
    around: list[HtmlElement]
    """The element of the walk and those around it, from the outside in, without inline elements."""
    contexts: list[Context]
    """Contexts of the first of these elements. Most elements hold no text of their own and never need one."""
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0

    def say(self, text: str, *, link: bool, bold: bool) -> None:
        if text.isspace():  # most texts of a tree are the white space between two blocks
            if self.pieces:
                self.pieces.append(text)
            return
        self.pieces.append(text)
        if link or bold:
            length = len(text.strip())
            self.linked += length * link
            self.bold += length * bold

    def end_block(self) -> None:
        words = "".join(self.pieces).split()
        if words:
            blocks = self.layout.blocks
            key = _printed("".join(words))
            blocks.append(Block(self.context(), " ".join(words), key, self.linked, self.bold, len(blocks)))
        self.pieces, self.linked, self.bold = [], 0, 0

    def context(self) -> Context:
        for element in self.around[len(self.contexts) :]:
            self.contexts.append(_inside(self.contexts[-1], element))
        return self.contexts[-1]

    def visit(self, element: HtmlElement, *, link: bool, bold: bool) -> None:
        text = element.text
        if text:
            self.say(text, link=link, bold=bold)
        for child in element:
            tag = child.tag
            if tag in _INLINE:
                if tag == "img":
                    self.layout.pictures.add(spaceless(child.get("alt") or ""))
                else:
                    self.visit(child, link=link or tag == "a", bold=bold or tag in _BOLD)
            elif tag not in _SILENT:
                if self.pieces:
                    self.end_block()
                if tag not in _BREAKS:
                    self.enter(child, link=link, bold=bold)
            tail = child.tail
            if tail:
                self.say(tail, link=link, bold=bold)

    def enter(self, element: HtmlElement, *, link: bool, bold: bool) -> None:
        self.around.append(element)
        self.visit(element, link=link, bold=bold)
        if self.pieces:
            self.end_block()
        self.around.pop()
        del self.contexts[len(self.around) :]


def _inside(context: Context | None, element: HtmlElement) -> Context:
    tag, get = str(element.tag), element.get
    names = f"{get('class', '')} {get('id', '')}".strip().lower()
    if context is None:
        return Context(tag, names, None, 0, frozenset({tag}))
    around = context.around if tag in context.around else _joined(context.around, tag)
    return Context(tag, names, context, context.depth + 1, around)


@lru_cache(maxsize=4096)
def _joined(around: frozenset[str], tag: str) -> frozenset[str]:
    return around | {tag}


def layout(tree: HtmlElement) -> PageLayout:
    """Return the page's layout. The walk may recurse, because libxml2 nests at most 256 levels."""
    walk = _Walk(PageLayout(), [tree], [_inside(None, tree)])
    walk.visit(tree, link=False, bold=False)
    walk.end_block()
    return walk.layout


def align(lines: Iterable[str], blocks: Sequence[Block]) -> list[Block | None]:
    """Return for each line of an extractor's output the block that it was taken from, or None.

    A line may be a part of a block or join several. The first block that begins in the same way is taken, in document
    order as far as possible.
    """
    whole, begun = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for block in blocks:
        whole[block.key].append(block.index)
        begun[block.key[:_PREFIX]].append(block.index)
    found: list[Block | None] = []
    reached = 0
    for line in lines:
        key = spaceless(line.removeprefix("- "))
        places = whole.get(key) or begun.get(key[:_PREFIX]) or ()
        place = next((p for p in places if p >= reached), places[0] if places else None)
        found.append(None if place is None else blocks[place])
        reached = reached if place is None else max(reached, place)
    return found

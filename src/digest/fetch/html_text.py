"""Converts the HTML of feed summaries and contents to plain text in paragraphs. For titles see ``text.title``."""

from __future__ import annotations

import html
import re

from digest.text.glyphs import one_line

LONGEST_HTML = 12_000
"""Characters of an entry's HTML that are read, about 1,500 words. The text is used only if the page is missing."""

# Every pattern takes linear time: an inner class cannot cross the start of the next tag.
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BREAK = re.compile(
    r"<(?:/?(?:[pP]|[dD][itld]v?|[bB]r|BR|[hH][1-6r]|[uo]l|li|blockquote|section|article|figure|figcaption|table|t[rdh]|"
    r"pre|header|footer|aside|address|center|iframe|form|nav))(?=[\s/>])[^<>]*>"
)
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|(?!(?:lt|gt|amp);)[a-zA-Z]{2,8}\d{0,2});")
_EMPTY_LINES = re.compile(r"\n[^\S\n]*\n")
_HIDDEN_START = re.compile(r"<(script|style|template|noscript|svg|select|button)\b", re.IGNORECASE)


def paragraphs(markup: str, longest: int = LONGEST_HTML) -> str:
    """Return the text of an HTML fragment or of plain text. Paragraphs are separated by a blank line.

    Only the first ``longest`` characters are read.

    A fragment with escaped tags and no others was escaped once too often. It is unescaped first.
    """
    markup = markup[:longest]
    if "<" not in markup and "&lt;" in markup and _TAG.search(unescaped := html.unescape(markup)):
        markup = unescaped
    if "<" in markup:
        markup = _TAG.sub("", _BREAK.sub("\0", _without_hidden(markup)))
    else:
        markup = _EMPTY_LINES.sub("\0", markup)
    text = _unescaped(markup).replace("&amp;", "&") if "&" in markup else markup
    return "\n\n".join(line for piece in text.split("\0") if (line := one_line(piece)))


def _unescaped(text: str) -> str:
    """Return the text with its references resolved, and with doubly escaped ones except ``<``, ``>`` and ``&``.

    A feed that escapes once too often writes ``&amp;#8217;`` for an apostrophe.
    """
    once = html.unescape(text)
    return _REFERENCE.sub(lambda reference: html.unescape(reference[0]), once) if "&" in once else once


def _without_hidden(markup: str) -> str:
    """Remove scripts, styles and other hidden elements. An unclosed one removes the rest of the text."""
    start = _HIDDEN_START.search(markup)
    if start is None:
        return markup
    kept = []
    place = 0
    while start is not None:
        kept.append(markup[place : start.start()])
        end = re.compile(rf"</{start[1]}\s*>", re.IGNORECASE).search(markup, start.end())
        if end is None:
            return "".join(kept)
        place = end.end()
        start = _HIDDEN_START.search(markup, place)
    return "".join(kept) + markup[place:]

"""Plain text of the little HTML that feeds carry: titles of one line, summaries and contents in paragraphs."""

from __future__ import annotations

import html
import re

LONGEST_TITLE = 300
"""Characters; what is longer is cut at a word."""
LONGEST_HTML = 40_000
"""Characters of an entry's HTML that are read: some 4,000 words, more than a summary of it can need."""

# Every pattern is linear: the inner class cannot cross the next tag's start.
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*-->|<[!?][^<>]*>")
_BREAK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dd|dt|h[1-6]|blockquote|section|article|figure|figcaption|table|tr|td|th|pre|"
    r"header|footer|aside|address|center|iframe|form|nav)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_HIDDEN_START = re.compile(r"<(script|style|template|noscript|svg|select|button)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[\s\xa0]+")


def title(markup: str) -> str:
    """Return a title as one line of text: tags and controls gone, entities resolved once, never over the cap."""
    bare = _TAG.sub("", markup[:LONGEST_HTML])
    text = _line(_TAG.sub("", html.unescape(bare)) if "&" in bare else bare)
    if len(text) <= LONGEST_TITLE:
        return text
    return text[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip() + "…"


def paragraphs(markup: str) -> str:
    """Return the text of an HTML fragment (or of plain text), its paragraphs parted by a blank line."""
    markup = markup[:LONGEST_HTML]
    if "<" not in markup:
        pieces = re.split(r"\n\s*\n", markup)
    else:
        pieces = _BREAK.sub("\x00", _without_hidden(markup)).split("\x00")
    lines = (_line(html.unescape(_TAG.sub("", piece))) for piece in pieces)
    return "\n\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return _BLANKS.sub(" ", _CONTROL.sub("", text)).strip()


def _without_hidden(markup: str) -> str:
    """Cut scripts, styles and what else no reader sees; an unclosed one takes the rest with it."""
    kept = []
    place = 0
    while start := _HIDDEN_START.search(markup, place):
        kept.append(markup[place : start.start()])
        end = re.compile(rf"</{start[1]}\s*>", re.IGNORECASE).search(markup, start.end())
        if end is None:
            return "".join(kept)
        place = end.end()
    return "".join(kept) + markup[place:]

"""Strangers' text, made fit to be shown: what no reader can see, and what would reorder the page, is taken out."""

from __future__ import annotations

import re

UNSHOWN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls; the tab and the line feed stay
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates; the marks stay, Arabic needs them
    "\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible: spaces without width, operators, annotations
    "\ud800-\udfff"  # surrogates: no UTF-8 can carry them
    "\ue000-\uf8ff"  # private use: icons of a site's own font
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters
    "\U000e0000-\U000e007f"  # tags: text that only machines read
    "]"
)
BLANKS = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Return ``text`` on one line, with single blanks, without what cannot be shown; no word is parted by that."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(UNSHOWN.sub("", line).split())


def shown(text: str, limit: int = 2000) -> str:
    """Return ``text`` on one line, without what cannot be shown, cut at a word to ``limit`` characters.

    The bidirectional controls of Unicode Standard Annex 9, section 2 (embeddings, overrides, isolates) are taken out,
    since a stranger's text that does not close them turns everything after it around.
    """
    line = BLANKS.sub(" ", UNSHOWN.sub(" ", text[: 4 * limit])).strip()
    return cut(line, limit)


def printable(text: str) -> str:
    """Return ``text`` with its lines, without what would command a terminal or reorder what stands beside it."""
    return UNSHOWN.sub("", text)


def cut(line: str, limit: int) -> str:
    """Return ``line`` as it is, or cut at a word to at most ``limit`` characters, the ellipsis counted."""
    if len(line) <= limit:
        return line
    room = line[:limit]
    end = room.rfind(" ")
    kept = room[:end] if end > limit // 2 else room[: limit - 1]
    return kept.rstrip(" ,;:.|·-\N{EN DASH}\N{EM DASH}") + "…"

"""Removes characters from foreign text that readers cannot see or that would reorder the page."""

from __future__ import annotations

import re

UNSHOWN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, except the tab and the line feed
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides, isolates; not the marks, which Arabic needs
    "\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible: spaces without width, operators, annotations
    "\ud800-\udfff"  # surrogates, which UTF-8 cannot encode
    "\ue000-\uf8ff"  # private use: icons of a site's own font
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters
    "\U000e0000-\U000e007f"  # tags: text that only programs read
    "]"
)
BLANKS = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Return ``text`` on one line with single blanks, without unshown characters. Their removal splits no word."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(UNSHOWN.sub("", line).split())


def shown(text: str, limit: int = 2000) -> str:
    """Return ``text`` on one line, without unshown characters, cut at a word to ``limit`` characters.

    The bidirectional controls of Unicode Standard Annex 9, section 2 (embeddings, overrides, isolates) are removed. If
    a text does not close them, they reverse all text after it.
    """
    line = BLANKS.sub(" ", UNSHOWN.sub(" ", text[: 4 * limit])).strip()
    return cut(line, limit)


def printable(text: str) -> str:
    """Return ``text`` with its lines, without characters that control a terminal or reorder the text beside it."""
    return UNSHOWN.sub("", text)


def cut(line: str, limit: int) -> str:
    """Return ``line`` unchanged, or cut at a word to at most ``limit`` characters including the ellipsis."""
    if len(line) <= limit:
        return line
    room = line[:limit]
    end = room.rfind(" ")
    kept = room[:end] if end > limit // 2 else room[: limit - 1]
    return kept.rstrip(" ,;:.|·-\N{EN DASH}\N{EM DASH}") + "…"

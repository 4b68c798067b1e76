"""The text part of a letter: its own template, 72 columns, URLs on separate lines."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

import jinja2

from digest.render.catalogue import Catalogue
from digest.render.environment import fill
from digest.render.view import LetterView
from digest.text.ending import columns

COLUMNS = 72
BLANK_LINES = re.compile(r"\n{3,}")
WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")
"""Characters that are two columns wide: Chinese, Japanese and Korean ones."""
CLOSING = frozenset("、。，．・：；？！」』）】》〉〕…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ”’»,.:;?!)")  # noqa: RUF001 - meant
"""Characters that must not begin a line (JIS X 4051, and GB/T 15834 for the Chinese ones)."""
OPENING = frozenset("「『（【《〈〔“‘«(")  # noqa: RUF001 - meant
"""Characters that must not end a line."""


def text_part(door: jinja2.Environment, view: LetterView, words: Catalogue) -> str:
    """Return the letter as text, in the order of its HTML, with one line feed at the end."""
    page = fill(door, "email/letter.txt", letter=view, words=words)
    return BLANK_LINES.sub("\n\n", page).strip() + "\n"


def lines(text: str, first: str = "", rest: str = "") -> str:
    """Return ``text`` wrapped to 72 columns; ``first`` begins the first line, ``rest`` the others.

    Chinese and Japanese texts have no spaces. They break between any two characters where the rules allow it.
    """
    if WIDE.search(text):
        return "\n".join(_wide_lines(text, first, rest))
    return textwrap.fill(text, COLUMNS, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def heading(text: str, rule: str = "-") -> str:
    """Return ``text`` underlined with the character ``rule``, in the same width."""
    wrapped = lines(text)
    return f"{wrapped}\n{rule * max(map(columns, wrapped.splitlines()), default=0)}"


def _wide_lines(text: str, first: str, rest: str) -> Iterator[str]:
    line, used = first, columns(first)
    for piece in _pieces(text):
        if used + columns(piece.rstrip()) > COLUMNS and line not in {first, rest}:
            yield line.rstrip()
            line, used = rest, columns(rest)
        line, used = line + piece, used + columns(piece)
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts between which a line may break: words with their space, or wide characters with punctuation."""
    piece = ""
    for at, sign in enumerate(text):
        piece += sign
        following = text[at + 1 : at + 2]
        kept = not following or following in CLOSING or sign in OPENING
        if sign == " " or (not kept and (WIDE.match(sign) or WIDE.match(following))):
            yield piece
            piece = ""
    if piece:
        yield piece

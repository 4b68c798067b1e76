"""The text part: its own template, 72 columns, URLs on separate lines."""

from __future__ import annotations

import re
import textwrap

import jinja2

from digest.render.catalogue import Catalogue
from digest.render.environment import fill
from digest.render.view import LetterView

COLUMNS = 72
BLANK_LINES = re.compile(r"\n{3,}")


def text_part(door: jinja2.Environment, view: LetterView, words: Catalogue) -> str:
    """Return the text of a letter in the order of its HTML, with one line feed at the end."""
    page = fill(door, "email/letter.txt", letter=view, words=words)
    return BLANK_LINES.sub("\n\n", page).strip() + "\n"


def lines(text: str, first: str = "", rest: str = "") -> str:
    """Return ``text`` wrapped to 72 columns; ``first`` begins the first line, ``rest`` the others."""
    return textwrap.fill(text, COLUMNS, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def heading(text: str, rule: str = "-") -> str:
    """Return ``text`` with a rule of the same length below it."""
    wrapped = lines(text)
    return f"{wrapped}\n{rule * max(map(len, wrapped.splitlines()), default=0)}"

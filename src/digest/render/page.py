"""The stored letter as a page: what "view in browser", the archive and the preview show."""

from __future__ import annotations

import re

from digest.model.letter import Letter

PREHEADER = re.compile(r'<div class="preheader"[^>]*>.*?</div>\s*', re.DOTALL)


def page(letter: Letter) -> str:
    """Return the letter's HTML as a page of its own: the same text, no reader's tokens, no hidden preheader."""
    return PREHEADER.sub("", letter.html, count=1)

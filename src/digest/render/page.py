"""The stored letter as a page, for "view in browser", the archive and the preview."""

from __future__ import annotations

import re

from digest.model.letter import Letter

PREHEADER = re.compile(r'<div class="preheader"[^>]*>.*?</div>\s*', re.DOTALL)


def page(letter: Letter) -> str:
    """Return the letter's HTML as a page: the same text, without readers' tokens and the hidden preheader."""
    return PREHEADER.sub("", letter.html, count=1)

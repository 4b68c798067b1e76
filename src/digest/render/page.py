"""The stored letter as a page, for "view in browser", the archive and the preview."""

from __future__ import annotations

import re

from digest.model.letter import Letter

PREHEADER = re.compile(r'<div class="preheader"[^>]*>.*?</div>\s*', re.DOTALL)


BODY = re.compile(r"<body[^>]*>")
END = re.compile(r"</body>")


def page(letter: Letter, above: str = "", below: str = "") -> str:
    """Return the letter's HTML as a page: the same text, without readers' tokens and the hidden preheader.

    ``above`` is HTML before the letter: the corrections made since. ``below`` is HTML after it.
    """
    bare = PREHEADER.sub("", letter.html, count=1)
    bare = END.sub(lambda found: below + found[0], bare, count=1) if below else bare
    return BODY.sub(lambda found: found[0] + above, bare, count=1) if above else bare

"""The stored letter as a page, for "view in browser", the archive and the preview."""

from __future__ import annotations

import re

from digest.model.letter import Letter

PREHEADER = re.compile(r'<div class="preheader"[^>]*>.*?</div>\s*', re.DOTALL)


VOICE = re.compile(r'<tr[^>]*>\s*<td class="[^"]*\bvoice"[^>]*>.*?</td>\s*</tr>\s*', re.DOTALL)
"""What the letter asks its readers: its links are of use only with a reader's token."""
BODY = re.compile(r"<body[^>]*>")
HEAD_END, BODY_END = "</head>", "</body>"


def page(letter: Letter, above: str = "", head: str = "", below: str = "") -> str:
    """Return the letter's HTML as a page: the same text, without readers' tokens and the hidden preheader.

    ``above`` is HTML before the letter, such as the corrections made since, ``below`` is HTML after it, and ``head``
    is added to the page's head.
    """
    bare = VOICE.sub("", PREHEADER.sub("", letter.html, count=1), count=1)
    bare = BODY.sub(lambda found: found[0] + above, bare, count=1) if above else bare
    bare = bare.replace(HEAD_END, head + HEAD_END, 1) if head else bare
    start, end, rest = bare.rpartition(BODY_END)
    return start + below + end + rest if below and end else bare

"""The stored letter as a page, for "view in browser", the archive and the preview."""

from __future__ import annotations

import re
from html import escape

from digest.model.letter import Letter

PREHEADER = re.compile(r'<div class="preheader"[^>]*>.*?</div>\s*', re.DOTALL)


def _row(name: str) -> re.Pattern[str]:
    """Return a pattern that finds the table row of a letter in which a cell has the class ``name``."""
    return re.compile(rf'<tr[^>]*>\s*<td class="(?:[^"]* )?{name}(?: [^"]*)?"[^>]*>.*?</td>\s*</tr>\s*', re.DOTALL)


VOICE = _row("voice")
"""The questions to the readers. Their links are useless without a reader's token."""
SIGN_UP, FOOTER = _row("sign"), _row("foot")
TO_ITSELF = re.compile(r'<p class="(?:[^"]* )?web(?: [^"]*)?"[^>]*>.*?</p>\s*', re.DOTALL)
"""The link "view in browser" below the letter's date."""
PARAGRAPH = re.compile(r"<p\b[^>]*>.*?</p>\s*", re.DOTALL)
LINK = re.compile(r"<a\b")
TITLE = re.compile(r"(<title>)(.*?)(</title>)", re.DOTALL)
BODY = re.compile(r"<body[^>]*>")
HEAD_END, BODY_END = "</head>", "</body>"


def page(letter: Letter, above: str = "", head: str = "", below: str = "") -> str:
    """Return the letter's HTML as a page: the same text, without readers' tokens and the hidden preheader.

    ``above`` is HTML before the letter, such as later corrections, ``below`` is HTML after it, and ``head`` is added to
    the page's head.
    """
    return _around(_bare(letter), above, head, below)


def visitors_page(letter: Letter, site: str, above: str = "", head: str = "", below: str = "") -> str:
    """Return the page for visitors who did not get the letter; ``site`` is the newspaper's name, as plain text.

    Its title ends with that name. Lines that only make sense in a mail are left out: the link to this page, "forwarded
    to you?", and in the footer why the mail came and how to leave. An older version, or the operator's template, may
    have made a letter without these lines, or with other ones. It is shown as it is.
    """
    bare = TITLE.sub(lambda found: f"{found[1]}{found[2]} \N{EN DASH} {escape(site)}{found[3]}", _bare(letter), count=1)
    bare = FOOTER.sub(_visitors_footer, SIGN_UP.sub("", TO_ITSELF.sub("", bare, count=1), count=1), count=1)
    return _around(bare, above, head, below)


def _bare(letter: Letter) -> str:
    return VOICE.sub("", PREHEADER.sub("", letter.html, count=1), count=1)


def _visitors_footer(found: re.Match[str]) -> str:
    """Return the footer's row without its first paragraphs, up to that with links; unchanged without links."""
    paragraphs = list(PARAGRAPH.finditer(found[0]))
    links = next((one for one in paragraphs if LINK.search(one[0])), None)
    if links is None:
        return found[0]
    if links is paragraphs[-1]:
        return ""
    return found[0][: paragraphs[0].start()] + found[0][links.end() :]


def _around(bare: str, above: str, head: str, below: str) -> str:
    bare = BODY.sub(lambda found: found[0] + above, bare, count=1) if above else bare
    bare = bare.replace(HEAD_END, head + HEAD_END, 1) if head else bare
    start, end, rest = bare.rpartition(BODY_END)
    return start + below + end + rest if below and end else bare

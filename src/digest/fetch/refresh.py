"""Pages that only forward the visitor: the ``Refresh`` of HTML and of HTTP, as browsers follow it."""

from __future__ import annotations

import html
import re

LONGEST_SECONDS = 10
"""A page that forwards later than this is meant to be read, or reloads itself."""
MOST_TEXT = 600
"""Characters. A page that shows more text is a real page, even if it forwards."""
LONGEST_PAGE = 65_536
"""Bytes. Pages that only forward are small (that of one link shortener has 500 bytes)."""

# An element that is never closed extends to the end, so that no page is scanned more than once.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|head|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INERT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_META = re.compile(r"""<meta\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""", re.IGNORECASE)
_EQUIV = re.compile(r"""\bhttp-equiv\s*=\s*["']?\s*refresh\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_VALUE = re.compile(r"""\s*(\d*)(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?+(["']?)(.+)""", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_VALUE = 2100


def target(page: str, header: str = "") -> str | None:
    """Return the link, as written, to which a page forwards its visitors within LONGEST_SECONDS, or None.

    ``header`` is the value of the HTTP header ``Refresh``. A page with text to read does not forward.
    """
    if len(page) > LONGEST_PAGE:
        return None
    written = _INERT.sub(" ", page)
    values = [header, *(_content(meta) for meta in _META.findall(written) if _EQUIV.search(meta))]
    link = next(filter(None, map(_link, values)), None)
    return None if link is None or _says_something(page) else link


def _content(meta: str) -> str:
    found = _CONTENT.search(meta)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else ""


def _link(value: str) -> str | None:
    """Return the link of a refresh value such as ``0; url='/next'`` (HTML, section 4.2.5.3)."""
    found = _VALUE.fullmatch(value.strip()[:_LONGEST_VALUE])
    if found is None or int(found[1][:6] or 0) > LONGEST_SECONDS:
        return None
    link = found[3].partition(found[2])[0] if found[2] else found[3]
    return link.strip() or None


def _says_something(page: str) -> bool:
    seen = " ".join(_TAG.sub(" ", _UNSEEN.sub(" ", page)).split())
    return len(seen) > MOST_TEXT

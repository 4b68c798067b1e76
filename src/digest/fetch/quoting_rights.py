"""Reads whether a page forbids quoting: by robots directives for search engines, or by TDMRep (text and data mining).

Directives are in ``<meta name="robots">``, in a meta tag with our own name, and in ``X-Robots-Tag`` headers. A
reservation is in ``<meta name="tdm-reservation">`` or in the header of that name (W3C community report TDMRep, sections
4 and 6). ``noindex`` and ``noarchive`` are about a search engine's index and copies; they do not forbid quoting.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

LEAST_EXCERPT = 160
"""Characters of ``max-snippet`` that are enough for one sentence of a letter. A smaller limit forbids quoting."""
_HEAD = 400_000
"""Characters that are searched, up to the body. Some pages have hundreds of kilobytes of styles before their tags."""
_INERT_OR_BODY = re.compile(r"<(?:(!--)|(script|style)\b|body(?=[\s>]|<!--|<(?:script|style)\b))", re.IGNORECASE)
_ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
}
_META = re.compile(r"""<meta\s(?:[^<>"']|"[^"<]*"|'[^'<]*'){0,2000}>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|property|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ADDRESSEE = re.compile(r"\s*([\w.*-]+)\s*:(.*)", re.DOTALL)
_BETWEEN = re.compile(r"[,;]|(?<![:=\s])\s+(?![:=\s])")
"""What separates directives: a comma, or a semicolon or blank that an author wrote by mistake."""
_WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_MAX_SNIPPET = re.compile(r"max-snippet\s*[:=]\s*(-?\d{1,6})")
_TDM = "tdm-reservation"


def reservation(page: str, robots_tags: tuple[str, ...], tdm: str, user_agent: str) -> str:
    """Return the directive with which a page forbids quoting, or the empty string.

    ``robots_tags`` are the values of its X-Robots-Tag headers. ``tdm`` is the value of its tdm-reservation header, or
    of its site's file (``tdmrep``). A reservation in the page itself overrides ``tdm``.
    """
    us = user_agent.partition("/")[0].strip().lower()
    tags = list(_tags(page, ("robots", us, _TDM)))
    directives = [d for name, value in tags if name != _TDM for d in _BETWEEN.split(value)]
    directives += [d for header in robots_tags for d in _addressed(header, us)]
    forbidding = next((word for word in (d.strip().lower() for d in directives) if _forbids(word)), "")
    if forbidding:
        return forbidding
    own = [value.strip() for name, value in tags if name == _TDM]
    return _TDM if "1" in (own or [tdm.strip()]) else ""


def _tags(page: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the meta tags at the start of the page with one of these names: name in lower case, and content."""
    for meta in _META.findall(_head(page)):
        lower = meta.lower()
        if not any(name in lower for name in names):  # a page has dozens of other meta tags
            continue
        found = {key.lower(): one or two or bare for key, one, two, bare in _ATTRIBUTE.findall(meta)}
        name = (found.get("name") or found.get("property") or "").strip().lower()
        if name in names:
            yield name, html.unescape(found.get("content", ""))


def _head(page: str) -> str:
    """Return the markup before the body, without comments, scripts and styles. The body, mostly longer, is not read."""
    pieces, start = [], 0
    while found := _INERT_OR_BODY.search(page, start, _HEAD):
        pieces.append(page[start : found.start()])
        comment, inert = found.groups()
        if not comment and not inert:
            return " ".join(pieces)
        end = _ENDS[(comment or inert).lower()].search(page, found.end(), _HEAD)
        start = end.end() if end else _HEAD
    return " ".join([*pieces, page[start:_HEAD]])


def _addressed(header: str, us: str) -> Iterator[str]:
    """Yield the directives of an X-Robots-Tag header that are for us or for all robots."""
    ours = True
    for part in header.split(","):
        found = _ADDRESSEE.fullmatch(part)
        directive = part
        if found and found[1].lower() not in _WITH_VALUE:
            ours, directive = found[1].lower() in {us, "*", "robots"}, found[2]
        if ours:
            yield directive


def _forbids(directive: str) -> bool:
    most = _MAX_SNIPPET.fullmatch(directive)
    return directive == "nosnippet" or (most is not None and 0 <= int(most[1]) < LEAST_EXCERPT)

"""Repairs feeds with markup where text is expected: titles become plain, descriptions CDATA, dates ISO 8601.

Everything works on the text of the document, because a parser would drop the unexpected markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from digest.text.timestamps import instant, is_exact

_TITLE = re.compile(
    r"(<title(?:\s[^<>]*)?>)((?:[^<]|<(?!/title\s*>|!\[CDATA\[)){0,2000}?)(?=</title\s*>)", re.IGNORECASE
)
_MARKED_TITLE = re.compile(r"<title(?:\s[^<>]*)?>[^<]*<(?!/title|!\[CDATA\[)", re.IGNORECASE)
_TAG = re.compile(
    r"<!--.{0,2000}?-->|</?[A-Za-z](?:[^<>\"']|\"[^\"<>]*(?:>[^\"<>]*)?\"|'[^'<>]*(?:>[^'<>]*)?')*>", re.DOTALL
)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|hr)\b[^<>]*>", re.IGNORECASE)
_OTHER_TITLE = re.compile(r"(</?(?:media|itunes|podcast):)title\b", re.IGNORECASE)
_OWN_TITLE = re.compile(r"<title\b", re.IGNORECASE)
_ENTRY_START = re.compile(r"(?=<(?:item|entry)[\s>])", re.IGNORECASE)
_XHTML = re.compile(r"(\btype\s*=\s*[\"'])(?:xhtml|html)([\"'])", re.IGNORECASE)

_BODY = re.compile(r"<(description|content:encoded|summary)(\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NOT_INSIDE = re.compile(r"<!\[CDATA\[|</?(?:item|entry|channel|feed|title)\b", re.IGNORECASE)
_PREFIX = re.compile(r"(</?)(?:xhtml|html|xh|h):(?=[A-Za-z])", re.IGNORECASE)

_DATE = re.compile(
    r"(<((?:\w+:)?(?:pubDate|date|published|updated|issued|modified|created))(?:\s[^<>]*)?>\s*)([^<>]{6,80}?)(?=\s*</\2\s*>)",
    re.IGNORECASE,
)
_USUAL_DATE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
    r"\s+\d{2,4}(?:\s+\d{1,2}:\d{2}:\d{2}(?:\s*(?:[+-]\d{4}|[A-Z]{1,4}))?)?"
    r"|\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+\s*(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
"""Dates that every parser reads (RFC 822, RFC 3339)."""
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def with_plain_titles(text: str) -> str:
    """Return the feed with titles in plain text, and its entries without the titles of their pictures and sounds."""
    if _MARKED_TITLE.search(text):
        text = _TITLE.sub(_plain_title, text)
    if not _OTHER_TITLE.search(text):
        return text
    return "".join(map(_with_own_title, _ENTRY_START.split(text)))


def _with_own_title(entry: str) -> str:
    """Return an entry without the titles of its pictures and sounds, unless it has no other title."""
    return _OTHER_TITLE.sub(r"\1label", entry) if _OWN_TITLE.search(entry) else entry


def with_closed_bodies(text: str) -> str:
    """Return the feed with descriptions and summaries as CDATA, so that their tags are not parsed as the feed's."""
    return "".join(_bodies(text))


def with_usual_dates(text: str) -> str:
    """Return the feed with dates in ISO 8601, where a date has a language or a zone that parsers do not know."""
    return _DATE.sub(_usual_date, text)


def _plain_title(match: re.Match[str]) -> str:
    opening, inside = match.groups()
    if "<" not in inside:
        return match[0]
    return _XHTML.sub(r"\1text\2", opening) + " ".join(_TAG.sub("", _BREAK.sub(" ", inside)).split())


def _bodies(text: str) -> Iterator[str]:
    place = 0
    ends: dict[str, int] = {}
    for opening in _BODY.finditer(text):
        tag, start = opening[1], opening.end()
        if ends.get(tag, 0) < start:  # avoids searching to the end of the feed for each opening, if none is closed
            ends[tag] = text.find(f"</{tag}", start)
        end, again = ends[tag], text.find(f"<{tag}", start)
        if end < 0:
            break
        if opening.start() < place or start <= again < end:
            continue
        inside = text[start:end]
        if "<" in inside and _CDATA_END not in inside and not _NOT_INSIDE.search(inside):
            yield text[place : opening.start()] + _XHTML.sub(r"\1html\2", opening[0])
            yield _CDATA + _PREFIX.sub(r"\1", inside) + _CDATA_END
            place = end
    yield text[place:]


def _usual_date(match: re.Match[str]) -> str:
    written = match[3]
    if _USUAL_DATE.fullmatch(written) or not is_exact(written):
        return match[0]
    found = instant(written, _LATEST)
    return match[0] if found is None else match[1] + found.isoformat()

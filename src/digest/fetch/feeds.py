"""Parses feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, well-formed or not.

fastfeedparser reads most feeds (100 times faster on real ones). feedparser reads the others, in a separate process with
a time limit. Neither is ever given a ``str``: both would take it for a URL and fetch it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime

import fastfeedparser
from lxml.etree import LxmlError

from digest.errors import NotAFeed, TooLarge
from digest.fetch import feedparser_process, json_feed
from digest.fetch.charset import decode
from digest.fetch.entries import entries, own_link
from digest.fetch.mending import NO_DATE, mended, without_dates_in_guids
from digest.fetch.raw import MOST_CATEGORIES, RawEntry, RawFeed
from digest.model.ids import SourceId
from digest.model.quarantine import Guard, unguarded
from digest.model.source import FeedEntry

MOST_BYTES = 10_000_000
MOST_ENTRIES = 5_000
MOST_ATTRIBUTES = 300
"""Most attributes in one tag. Both parsers take quadratic time in them (50,000 cost the fast one 5 s)."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*", re.IGNORECASE)
_ILLEGAL = bytes(set(range(32)) - {9, 10, 13})  # XML 1.0, section 2.2
_XML_BASE = re.compile(rb"<(?:feed|rss|rdf:RDF|channel)\s[^<>]*?\bxml:base\s*=\s*[\"']([^\"'<>]+)")
_LANGUAGE = re.compile(rb"<(?:dc:)?language>\s*([A-Za-z0-9-]{2,35})\s*<", re.IGNORECASE)
_RELATIONS = "http://www.iana.org/assignments/relation/"
_HEAD_BYTES = 4096
_PROBE_BYTES = 1024
_LONGEST_TAG_BYTES = 65536
_MARKUP_OF_FEEDS = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)


def parse_feed(  # noqa: PLR0913 - what a feed is read with
    body: bytes,
    url: str,
    source_id: SourceId,
    seen_at: datetime,
    content_type: str | None = None,
    *,
    guard: Guard = unguarded,
    slow: feedparser_process.PatientReader = feedparser_process.reader,
) -> tuple[FeedEntry, ...]:
    """Return the entries of a feed in its own order. A link may occur twice.

    ``url`` is the address of the feed; relative links are resolved against it. ``content_type`` is the HTTP header's
    value. ``guard`` surrounds the work on each entry. ``slow`` reads what the fast parser cannot. Dates are limited to
    1990 to ``seen_at``. A feed without entries gives an empty tuple.

    Raises:
        NotAFeed: No parser finds a feed in the body.
        TooLarge: The body has more than MOST_BYTES.
    """
    return entries(read_feed(body, url, content_type, slow), url, source_id, seen_at, guard)


def read_feed(
    body: bytes,
    url: str,
    content_type: str | None = None,
    slow: feedparser_process.PatientReader = feedparser_process.reader,
) -> RawFeed:
    """Return what the first successful parser finds in a feed: one that finds an entry with a link of its own.

    If none does, the result is that of the slow parser if it has entries, otherwise that of the fast one.

    Raises:
        NotAFeed: No parser finds a feed in the body.
        TooLarge: The body has more than MOST_BYTES.
    """
    if len(body) > MOST_BYTES:
        raise TooLarge(url, f"a feed of {len(body)} bytes")
    text = decode(body, content_type).lstrip("\ufeff\0 \t\r\n")
    if text.startswith("{") and (feed := json_feed.read(text, MOST_ENTRIES)) is not None:
        return feed
    if not _MARKUP_OF_FEEDS.search(text):
        raise NotAFeed(url, "neither RSS, RDF, Atom nor JSON Feed")
    xml = _utf8_document(text)
    if _has_crowded_tag(xml):
        raise NotAFeed(url, f"a tag with more than {MOST_ATTRIBUTES} attributes")
    quick = _read_fast(xml)
    if quick is not None and any(own_link(raw, url) for raw in quick.entries):
        return quick
    try:
        found = slow.read(xml, url, MOST_ENTRIES)
    except NotAFeed:
        if quick is None:
            raise
        return quick
    return found if found.entries or quick is None else quick


def _has_crowded_tag(xml: bytes) -> bool:
    """Return whether a tag has too many attributes. Only long tags, found by probes without a new tag, are counted."""
    for place in range(0, len(xml), _PROBE_BYTES):
        if xml.find(b"<", place, place + _PROBE_BYTES) >= 0:
            continue
        start = xml.rfind(b"<", max(0, place - _PROBE_BYTES), place)
        end = xml.find(b">", start, start + _LONGEST_TAG_BYTES)
        if start >= 0 and xml.count(b"=", start, start + _LONGEST_TAG_BYTES if end < 0 else end) > MOST_ATTRIBUTES:
            return True
    return False


def _utf8_document(text: str) -> bytes:
    """Return the document as UTF-8 with a matching declaration, without characters that XML forbids."""
    rest = mended(_DECLARATION.sub("", text, count=1)).encode("utf-8", "replace").translate(None, _ILLEGAL)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + rest


def _read_fast(xml: bytes) -> RawFeed | None:
    try:
        feed = fastfeedparser.parse(without_dates_in_guids(xml), include_media=False, include_enclosures=False)
    except (ValueError, LxmlError, SyntaxError):
        return None
    about = feed["feed"]
    return RawFeed(
        title=_text(about.get("title")),
        site=_text(about.get("link")),
        base=_base(xml),
        language=_text(about.get("language")) or _language(xml),
        entries=tuple(_raw(entry) for entry in feed["entries"][:MOST_ENTRIES]),
    )


def _base(xml: bytes) -> str:
    found = _XML_BASE.search(xml[:_HEAD_BYTES])
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def _language(xml: bytes) -> str:
    """Return the language that the feed's head declares in an element; the parser skips it (RSS 2.0, Dublin Core)."""
    found = _LANGUAGE.search(xml[:_HEAD_BYTES].partition(b"<item")[0])
    return found[1].decode("ascii") if found else ""


def _raw(entry: dict[str, object]) -> RawEntry:
    content = entry.get("content")
    first = content[0].get("value") if isinstance(content, list) and content else ""
    return RawEntry(
        link=_link(entry),
        id=_text(entry.get("id")).removeprefix(NO_DATE),
        title=_text(entry.get("title")),
        summary_html=_text(entry.get("description")),
        content_html=_text(first),
        author=_text(entry.get("author")),
        published=_text(entry.get("published")),
        updated=_text(entry.get("updated")),
        categories=_categories(entry.get("tags")),
    )


def _link(entry: dict[str, object]) -> str:
    """Return the entry's link. A link to its own page wins over one to a file or to something related."""
    links = entry.get("links")
    listed = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    own = (link for link in listed if _relation(link) in {"", "alternate"})
    pages = [link for link in own if not _text(link.get("type")).startswith(("audio/", "video/", "image/"))]
    taken, named = _text(entry.get("link")), _text(entry.get("id"))
    readable = [link for link in pages if not _text(link.get("type")) or "html" in _text(link.get("type"))]
    addresses = [_text(link.get("href")) for link in readable or pages]
    if not addresses and listed and named.startswith(("http://", "https://")):
        return named  # its links lead to related pages, not to its own
    return taken if not addresses or taken in addresses else addresses[0]


def _relation(link: Mapping[str, object]) -> str:
    """Return the relation of a link to its entry, in lower case, without the IANA's prefix (RFC 4287, 4.2.7.2)."""
    return _text(link.get("rel")).strip().lower().removeprefix(_RELATIONS)


def _categories(tags: object) -> tuple[str, ...]:
    """Return the categories of an entry: the label of each (Atom), or its term if it has no label."""
    listed = tags[:MOST_CATEGORIES] if isinstance(tags, list) else []
    return tuple(_text(tag.get("label")) or _text(tag.get("term")) for tag in listed if isinstance(tag, dict))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

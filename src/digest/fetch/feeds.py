"""Feeds: bytes to entries, for RSS 0.9x to 2.0, RDF, Atom and JSON Feed, well-formed or not.

fastfeedparser reads what it can (100 times faster on real feeds); feedparser, in a process of its own under a time
limit, reads what is left. Neither is ever given a ``str``: both would take it for a URL and fetch it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import fastfeedparser
from lxml.etree import LxmlError

from digest.errors import NotAFeed, TooLarge
from digest.fetch import json_feed, patient, plain
from digest.fetch.charset import decode
from digest.fetch.raw import RawEntry, RawFeed
from digest.model import FeedEntry, SourceId
from digest.text.urls import absolute, canonical

MOST_BYTES = 10_000_000
MOST_ENTRIES = 5_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=1)
"""How far a date may lie in the future: clocks differ, and some feeds announce."""
TEXT_AGE = timedelta(days=7)
"""Older entries keep their title and link alone: no edition looks back so far, and most entries are older."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*", re.IGNORECASE)
_ILLEGAL = bytes(set(range(32)) - {9, 10, 13})  # XML 1.0, section 2.2
_MARKUP_OF_FEEDS = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)


def parse_feed(
    body: bytes, url: str, source_id: SourceId, seen_at: datetime, content_type: str | None = None
) -> tuple[FeedEntry, ...]:
    """Return the entries of a feed in its own order; a link may come twice.

    ``url`` is where the feed was found, to which relative links are relative; ``content_type`` the header's value.
    Dates are brought into 1990 to an hour after ``seen_at``. A feed without entries gives an empty tuple.

    Raises:
        NotAFeed: no parser of ours finds a feed in it.
        TooLarge: the body has more than MOST_BYTES.
    """
    if len(body) > MOST_BYTES:
        raise TooLarge(url, f"a feed of {len(body)} bytes")
    text = decode(body, content_type).lstrip("\ufeff\0 \t\r\n")
    feed = _read(text, url)
    home = (absolute(feed.site, url) if feed.site else None) or url
    return tuple(_entry(raw, home, url, source_id, place, seen_at) for place, raw in enumerate(feed.entries))


def _read(text: str, url: str) -> RawFeed:
    """Return what the parsers find: each in turn, until one has entries with links of their own."""
    if text.startswith("{") and (found := json_feed.read(text, MOST_ENTRIES)) is not None:
        return found
    if not _MARKUP_OF_FEEDS.search(text):
        raise NotAFeed(url, "neither RSS, RDF, Atom nor JSON Feed")
    xml = _utf8_document(text)
    quick = _read_fast(xml)
    if quick is not None and any(_link(raw, url) for raw in quick.entries):
        return quick
    try:
        slow = patient.reader.read(xml, url, MOST_ENTRIES)
    except NotAFeed:
        if quick is None:
            raise
        return quick
    return slow if slow.entries or quick is None else quick


def _utf8_document(text: str) -> bytes:
    """Return the document in UTF-8, declared so, without characters that XML forbids."""
    rest = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace").translate(None, _ILLEGAL)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + rest


def _read_fast(xml: bytes) -> RawFeed | None:
    try:
        feed = fastfeedparser.parse(xml, include_tags=False, include_media=False, include_enclosures=False)
    except (ValueError, LxmlError, SyntaxError):
        return None
    entries = tuple(_raw(entry) for entry in feed["entries"][:MOST_ENTRIES])
    return RawFeed(site=_text(feed["feed"].get("link")), entries=entries)


def _raw(entry: dict[str, object]) -> RawEntry:
    content = entry.get("content")
    first = content[0].get("value") if isinstance(content, list) and content else ""
    return RawEntry(
        link=_text(entry.get("link")),
        id=_text(entry.get("id")),
        title=_text(entry.get("title")),
        summary_html=_text(entry.get("description")),
        content_html=_text(first),
        author=_text(entry.get("author")),
        published=_text(entry.get("published")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _link(raw: RawEntry, url: str) -> str | None:
    """Return where the entry leads: its link, or an id that is itself a URL (a permalink guid, an Atom id)."""
    link = absolute(raw.link, url) if raw.link else None
    if link is None and raw.id.startswith(("http://", "https://")):
        return absolute(raw.id, url)
    return link


def _entry(raw: RawEntry, home: str, url: str, source_id: SourceId, position: int, seen_at: datetime) -> FeedEntry:
    """Return the entry; one without a link of its own leads to its site, and its id there is what it is known by."""
    link = _link(raw, url)
    published = clamped(raw.published, seen_at)
    summary = content = ""
    if published is None or seen_at - published < TEXT_AGE:
        summary = plain.paragraphs(raw.summary_html)
        content = plain.paragraphs(raw.content_html) if raw.content_html != raw.summary_html else ""
    return FeedEntry(
        source_id=source_id,
        url=f"{canonical(home)}#{quote(raw.id or raw.title)}" if link is None else canonical(link),
        link=link or home,
        has_page=link is not None,
        title=plain.title(raw.title),
        summary=summary,
        content="" if content == summary else content,
        author=plain.title(raw.author),
        published=published,
        position=position,
        seen_at=seen_at,
    )


def clamped(written: str, now: datetime) -> datetime | None:
    """Return an ISO 8601 date in UTC, brought into 1990 to an hour after ``now``; None when it is none.

    A date without a zone is taken for UTC.
    """
    try:
        when = datetime.fromisoformat(written)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return min(max(when, EARLIEST), now.astimezone(UTC) + AHEAD)

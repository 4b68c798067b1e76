"""Turns parsed feed items into checked entries: absolute links, clean text, plausible times."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from digest.errors import ItemSetAside
from digest.fetch import html_text as plain
from digest.fetch.item_identity import separated
from digest.fetch.raw import RawEntry, RawFeed
from digest.model.ids import SourceId
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import FeedEntry
from digest.text.timestamps import EARLIEST, instant
from digest.text.title import clean
from digest.text.urls import absolute, canonical

LONGEST_SECTION = 80
"""Longest name of a section or tag, in characters."""
LONGEST_TAG = 35
"""Longest language tag, in characters (RFC 5646, section 4.4.1)."""
LONGEST_ID = 500
"""Longest id of an entry that is stored as written, in characters."""
TEXT_AGE = timedelta(days=7)
"""Older entries keep only title and link. No edition looks back so far, and most entries are older."""


def entries(
    feed: RawFeed, url: str, source_id: SourceId, seen_at: datetime, guard: Guard = unguarded
) -> tuple[FeedEntry, ...]:
    """Return the entries of ``feed``, which was found at ``url``, in the feed's order. Empty entries are left out.

    Items that share a link are told apart (see ``item_identity``).
    ``guard`` surrounds the work on each entry. Entries that it sets aside are left out.
    """
    base = (absolute(feed.base, url) if feed.base else None) or url
    home = (absolute(feed.site, url) if feed.site else None) or url
    said = (raw for raw in feed.entries if raw.link or raw.id or raw.title or raw.summary_html or raw.content_html)
    found: list[FeedEntry] = []
    language = feed.language.strip()[:LONGEST_TAG]
    for place, raw in enumerate(said):
        key = raw.link or raw.id or raw.title or raw.summary_html or raw.content_html
        with suppress(ItemSetAside), guard(ItemKind.ENTRY, key, _as_bytes(raw)):
            found.append(replace(_entry(raw, home, base, source_id, place, seen_at), language=language))
    return separated(found, canonical(home))


def _as_bytes(raw: RawEntry) -> bytes:
    """Return the content of an entry as bytes, to be kept in quarantine."""
    return repr(raw).encode("utf-8", "backslashreplace")


def own_link(raw: RawEntry, url: str) -> str | None:
    """Return the entry's link, or its id when that is a URL (a permalink guid, an Atom id). None without either."""
    link = absolute(raw.link.replace("&amp;", "&"), url) if raw.link else None
    if link is None and raw.id.startswith(("http://", "https://")):
        return absolute(raw.id, url)
    return link


def _entry(raw: RawEntry, home: str, base: str, source_id: SourceId, position: int, seen_at: datetime) -> FeedEntry:
    """Return the entry. Without a page of its own, it links to its site and is identified by its id there."""
    link = own_link(raw, base)
    published = clamped(raw.published, seen_at)
    summary = content = ""
    if published is None or seen_at - published < TEXT_AGE:
        summary = plain.paragraphs(raw.summary_html)
        content = plain.paragraphs(raw.content_html) if raw.content_html != raw.summary_html else ""
    return FeedEntry(
        source_id=source_id,
        url=f"{canonical(home)}#{quote(raw.id or raw.title)}" if link is None else canonical(link),
        link=link or home,
        guid="" if raw.id.strip() == raw.link.strip() else _short(raw.id),
        has_page=link is not None,
        title=clean(raw.title),
        summary=summary,
        content="" if content == summary else content,
        author=clean(raw.author),
        published=published,
        updated=clamped(raw.updated, seen_at),
        position=position,
        sections=_sections(raw.categories),
        seen_at=seen_at,
    )


def _short(written: str) -> str:
    """Return an id as written; the hash of one that is too long to be stored with every entry."""
    text = written.strip()
    return text if len(text) <= LONGEST_ID else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sections(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sections of an entry as clean text, each name once. Names that are too long are left out."""
    names = (clean(category) for category in categories)
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= LONGEST_SECTION))


def clamped(written: str, now: datetime) -> datetime | None:
    """Return a date in UTC, limited to 1990 to ``now``. Return None when ``written`` is not a date.

    A date without a zone is read as UTC. A future date becomes ``now``: clocks differ, feeds omit their zone, and some
    feeds announce articles.
    """
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        found = instant(written, now)
        if found is None:
            return None
        when = found
    try:
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None
    return min(max(when, EARLIEST), now.astimezone(UTC))

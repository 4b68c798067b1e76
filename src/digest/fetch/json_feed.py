"""Reads JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/). Any value may have any type."""

from __future__ import annotations

import html
import json
import re

from digest.fetch.raw import MOST_CATEGORIES, RawEntry, RawFeed

_TRAILING = re.compile(r",(\s*[\]}])")
"""A comma after the last element, as JavaScript allows."""


def read(text: str, most: int) -> RawFeed | None:
    """Return a JSON Feed with at most ``most`` entries, or None when ``text`` is not one."""
    feed = _parsed(text) or _parsed(_TRAILING.sub(r"\1", text))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    entries = tuple(_entry(item) for item in feed["items"][:most] if isinstance(item, dict))
    return RawFeed(
        title=_text(feed, "title"), site=_text(feed, "home_page_url"), language=_text(feed, "language"), entries=entries
    )


def _parsed(text: str) -> object:
    """Return the JSON value of ``text``; raw line breaks in strings are allowed. None when it is not JSON."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _entry(item: dict[str, object]) -> RawEntry:
    content = _text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False)
    return RawEntry(
        link=_text(item, "url") or _text(item, "external_url"),
        id=_text(item, "id"),
        title=_text(item, "title"),
        summary_html=html.escape(_text(item, "summary"), quote=False),
        content_html=content,
        author=_author(item),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        categories=_tags(item),
    )


def _tags(item: dict[str, object]) -> tuple[str, ...]:
    tags = item.get("tags")
    return tuple(tag for tag in tags[:MOST_CATEGORIES] if isinstance(tag, str)) if isinstance(tags, list) else ()


def _author(item: dict[str, object]) -> str:
    """Return the names of an item's ``authors``, or of its single ``author`` (version 1)."""
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = (_text(author, "name") for author in listed if isinstance(author, dict))
    return ", ".join(name for name in names if name)


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""

"""What a parser found in a feed, before anything in it is trusted: strings as they stand, empty when missing."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CATEGORIES = 40
"""Of one entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry; the HTML fields may hold anything."""

    link: str = ""
    id: str = ""
    title: str = ""
    summary_html: str = ""
    content_html: str = ""
    author: str = ""
    published: str = ""
    """ISO 8601, or as the feed writes it."""
    updated: str = ""
    """The same, of its last change."""
    categories: tuple[str, ...] = ()
    """What its source files it under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed's entries in its own order, its title, and the link of the site that it belongs to."""

    title: str = ""
    site: str = ""
    base: str = ""
    """What its links are relative to (XML Base), when it says so itself."""
    language: str = ""
    entries: tuple[RawEntry, ...] = ()

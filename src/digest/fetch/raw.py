"""What a parser found in a feed, before it is checked. Texts are as written, and empty when missing."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CATEGORIES = 40
"""Most categories that are read from one entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry. The HTML fields may contain any markup."""

    link: str = ""
    id: str = ""
    title: str = ""
    summary_html: str = ""
    content_html: str = ""
    author: str = ""
    published: str = ""
    """ISO 8601, or as the feed writes it."""
    updated: str = ""
    """When the entry last changed, in the same form."""
    categories: tuple[str, ...] = ()
    """The categories that its source gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed: its entries in its own order, its title, and the address of its site."""

    title: str = ""
    site: str = ""
    base: str = ""
    """The base address of its links, if the feed declares one (XML Base)."""
    language: str = ""
    entries: tuple[RawEntry, ...] = ()

"""Reads the updates of a live blog from the page's data. Many pages load them by script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from digest.extract.linked_data import Node, types, words
from digest.extract.repeated_lines import fingerprint

MOST_UPDATES = 500
_OPENING = 60
"""Letters by which updates are distinguished."""


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of a live blog. ``headline`` may be empty."""

    headline: str
    text: str


def updates(nodes: Iterable[Node], cleaned: Callable[[str], str]) -> tuple[Update, ...]:
    """Return the updates of the page's live blog in its own order (https://schema.org/LiveBlogPosting)."""
    blog: Node = next((node for node in nodes if "LiveBlogPosting" in types(node)), {})
    given = blog.get("liveBlogUpdate")
    listed = given[:MOST_UPDATES] if isinstance(given, list) else [given]
    found = (
        Update(cleaned(words(item.get("headline"))), cleaned(words(item.get("articleBody"))))
        for item in listed
        if isinstance(item, dict)
    )
    return tuple(update for update in found if update.text)


def with_updates(text: str, live: Sequence[Update]) -> str:
    """Return the text of a page. Updates that it does not show are added if they are longer than the text."""
    if not live:
        return text
    shown = fingerprint(text)
    missing = [update for update in live if fingerprint(update.text)[:_OPENING] not in shown]
    if sum(len(update.text) for update in missing) <= len(text):
        return text
    added = (part for update in missing for part in (update.headline, update.text))
    return "\n\n".join(filter(None, (text, *added)))

"""When an article appeared. Windows, ranking, grouping and memory all use this module."""

from __future__ import annotations

from datetime import datetime

from digest.model.article import Article
from digest.model.source import FeedEntry


def appeared(what: Article | FeedEntry) -> datetime:
    """Return when an article appeared: its publication date, or the time we first saw it if that was earlier.

    The result is stable: an article with a new or a future date does not appear again.
    """
    seen = what.first_seen if isinstance(what, Article) else what.seen_at
    return min(what.published or seen, seen)


def last_published(article: Article) -> datetime:
    """Return when this version was published; after a new date, this is later than ``appeared``."""
    return article.published or article.first_seen

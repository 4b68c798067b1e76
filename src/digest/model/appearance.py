"""When an article appeared: asked by windows, ranking, grouping and memory alike."""

from __future__ import annotations

from datetime import datetime

from digest.model.article import Article
from digest.model.source import FeedEntry


def appeared(what: Article | FeedEntry) -> datetime:
    """Return when an article appeared: as its publisher says, or when it was first seen if that was earlier.

    So it is steady: an article that is dated anew, or ahead, does not appear again.
    """
    seen = what.first_seen if isinstance(what, Article) else what.seen_at
    return min(what.published or seen, seen)


def last_published(article: Article) -> datetime:
    """Return when this version of an article was published: later than it appeared where it was dated anew."""
    return article.published or article.first_seen

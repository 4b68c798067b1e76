"""When an article appeared: one rule for time windows, ranking, grouping and the memory of earlier editions."""

from __future__ import annotations

from datetime import datetime

from digest.model.article import Article
from digest.model.source import FeedEntry


def appeared(what: Article | FeedEntry) -> datetime:
    """Return when an article appeared: its publication date, or when digest first saw it if that was earlier.

    The result is stable: when a source gives an article a new date, or a date in the future, the article does not
    appear a second time.
    """
    seen = what.first_seen if isinstance(what, Article) else what.seen_at
    return min(what.published or seen, seen)


def last_published(article: Article) -> datetime:
    """Return when this version of an article was published.

    It is later than ``appeared`` when the source gave a new date.
    """
    return article.published or article.first_seen

"""When an article is read a second time, and which of two readings stands: rules for what changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.source import FeedEntry

SHORTEST_PAUSE = timedelta(minutes=20)
"""Between two readings of one page: shorter than any fetch is apart from the next."""
LONGEST_PAUSE = timedelta(hours=2)
"""A feed that announces a change with every fetch costs its site a dozen readings of a page a day, not a hundred."""


def announces_change(before: FeedEntry, now: FeedEntry) -> bool:
    """Tell whether a source says of an article that it is not what it was: in its words, or by a later date.

    A date to come proves nothing: some feeds date everything so, anew with each fetch. Two sources announce one
    article differently, so only the one that was heard first is heard.
    """
    if before.source_id != now.source_id:
        return False
    words = (before.title, before.summary, before.content) != (now.title, now.summary, now.content)
    known, dated = _latest(before), _latest(now)
    return words or (known is not None and dated is not None and known < dated <= now.seen_at)


def _latest(entry: FeedEntry) -> datetime | None:
    return max(filter(None, (entry.published, entry.updated)), default=None)


def is_due(first_seen: datetime, last_read: datetime, now: datetime) -> bool:
    """Tell whether a page that changed may be read again: pauses grow as the article ages."""
    return now - last_read >= min(max(SHORTEST_PAUSE, last_read - first_seen), LONGEST_PAUSE)


def supersedes(article: Article, before: Article) -> bool:
    """Tell whether a later reading of an article takes the place of the one before.

    It does unless it has less to go by: a wall, a stub or the feed's own text where the page was read before.
    """
    return _standing(article) >= _standing(before)


def _standing(article: Article) -> int:
    if article.origin is not TextOrigin.PAGE:
        return int(article.origin is not TextOrigin.NONE)
    return 2 if article.paywalled or article.kind is ArticleKind.STUB else 3

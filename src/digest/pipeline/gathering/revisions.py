"""Rules for changed articles: when a page is read again, and which of two versions is used."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.source import FeedEntry

SHORTEST_PAUSE = timedelta(minutes=20)
"""Minimum time between two readings of one page: shorter than the time between two fetches."""
LONGEST_PAUSE = timedelta(hours=2)
"""Longest required pause.

Some feeds announce a change with every fetch: with it their pages are read about 12 times a day.
"""


def announces_change(before: FeedEntry, now: FeedEntry) -> bool:
    """Return whether a source announces that an article changed: by other words, or by a later date.

    A date in the future proves nothing: some feeds set a new one with each fetch. Two sources announce the same article
    differently, so only announcements of its first source count.
    """
    if before.source_id != now.source_id:
        return False
    words = (before.title, before.summary, before.content) != (now.title, now.summary, now.content)
    known, dated = _latest(before), _latest(now)
    return words or (known is not None and dated is not None and known < dated <= now.seen_at)


def _latest(entry: FeedEntry) -> datetime | None:
    return max(filter(None, (entry.published, entry.updated)), default=None)


def is_due(first_seen: datetime, last_read: datetime, now: datetime) -> bool:
    """Return whether a changed page may be read again. The required pause grows with the age of the article."""
    return now - last_read >= min(max(SHORTEST_PAUSE, last_read - first_seen), LONGEST_PAUSE)


def supersedes(article: Article, before: Article) -> bool:
    """Return whether a new version of an article replaces the one before.

    It does unless it has less text: the page may be behind a paywall or shortened now, or was not read this time.
    """
    return _standing(article) >= _standing(before)


def _standing(article: Article) -> int:
    if article.origin is not TextOrigin.PAGE:
        return int(article.origin is not TextOrigin.NONE)
    return 2 if article.paywalled or article.kind is ArticleKind.STUB else 3

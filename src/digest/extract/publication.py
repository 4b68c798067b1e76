"""When an article was published, where page and feed say different things."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from digest.extract.metadata import Metadata

_DAY = timedelta(days=1)
_INSTANT = timedelta(seconds=1)


def publication(page: Metadata, feed: datetime | None, now: datetime) -> datetime | None:
    """Return when an article was published, None when neither page nor feed says so; never after ``now``.

    The page's own data is believed where it names an instant that has passed. Otherwise the feed is: a day without a
    time, a time without a zone, a date in an address or in an element that may be another article's say less, and a
    date to come is a mistake. Without a feed's date, a page that names a day alone may mean any time of it.
    """
    said = page.published
    if said is not None and page.published_exactly and said <= now:
        return said
    if feed is not None:
        return min(feed, now)
    if said is None:
        return None
    midnight = said.time() == time.min
    return min(said + _DAY - _INSTANT, now) if midnight and not page.published_exactly else min(said, now)

"""Decides when an article was published if page and feed differ."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from digest.extract.metadata import Metadata

_DAY = timedelta(days=1)
_INSTANT = timedelta(seconds=1)


def publication(page: Metadata, feed: datetime | None, now: datetime) -> datetime | None:
    """Return when an article was published, None if neither page nor feed gives a date. It is never after ``now``.

    The page's own data are used if they give a past date with time and zone. Otherwise the feed's date is used. The
    page's other dates are less reliable: a day without a time, a time without a zone, a date from an address or from an
    element that may belong to another article. A future date is an error. If only the page gives a date, and without a
    time, the result is the end of that day.
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

"""Which articles tell one story: a pure function of the articles, whatever order they come in."""

from __future__ import annotations

from collections.abc import Sequence

from digest.model.appearance import appeared
from digest.model.article import Article
from digest.rank.average_link import average_link

SPAN_HOURS = 72.0
"""The longest that one story may last: a topic that runs for a week is a row of stories."""


def when(article: Article) -> float:
    """Return the hour, since 1970, at which the article appeared."""
    return appeared(article).timestamp() / 3600


def _order(article: Article) -> tuple[float, str, str]:
    return (when(article), article.url, article.id)


def group(articles: Sequence[Article]) -> tuple[tuple[Article, ...], ...]:
    """Return the stories: every article stands in exactly one, earliest first, stories in order of their earliest.

    Two versions of one URL, and two articles of one publisher, may stand in one story. Wire copies are not treated
    apart here: being alike, they land together, and :mod:`digest.rank.agency_copies` keeps them from voting twice.
    """
    from digest.rank.vectors import neighbours  # noqa: PLC0415 - numpy and scipy load when stories are grouped

    ordered = sorted(articles, key=_order)
    times = [when(article) for article in ordered]
    clusters = average_link(neighbours(ordered, times), times, cut=1.0, span=SPAN_HOURS)
    return tuple(tuple(ordered[index] for index in cluster) for cluster in clusters)

"""Group articles into stories: a pure function of the articles, independent of their order."""

from __future__ import annotations

from collections.abc import Sequence

from digest.model.appearance import appeared
from digest.model.article import Article
from digest.rank.average_link import average_link

SPAN_HOURS = 72.0
"""The longest time that one story may span: a topic of a week becomes several stories."""


def when(article: Article) -> float:
    """Return when the article appeared, in hours since 1970."""
    return appeared(article).timestamp() / 3600


def _order(article: Article) -> tuple[float, str, str]:
    return (when(article), article.url, article.id)


def group(articles: Sequence[Article]) -> tuple[tuple[Article, ...], ...]:
    """Return the stories, ordered by their earliest article; every article is in exactly one, earliest first.

    Two versions of one URL, and two articles of one publisher, may be in one story. Agency copies need no rule here:
    they are similar and join one story, and :mod:`digest.rank.agency_copies` keeps them from voting twice.
    """
    from digest.rank.vectors import neighbours  # noqa: PLC0415 - numpy and scipy load when stories are grouped

    ordered = sorted(articles, key=_order)
    times = [when(article) for article in ordered]
    clusters = average_link(neighbours(ordered, times), times, cut=1.0, span=SPAN_HOURS)
    return tuple(tuple(ordered[index] for index in cluster) for cluster in clusters)

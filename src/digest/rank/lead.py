"""The lead article of a story, and the sources to credit for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from digest.model.appearance import appeared
from digest.model.article import Article, ArticleKind
from digest.model.ids import ArticleId, SourceId
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.source import Source
from digest.rank.agency_copies import agency
from digest.text.languages import same_language
from digest.text.words import count_words

FULL_WORDS = 400
"""With this many words an article has enough text for bullets: more is not better."""
EARLY_HOURS = 12.0
"""Hours after which earliness is 0, from the story's first article (for a running story, from its last)."""
RUNNING_HOURS = 3.0
"""A story that several sources report for longer than this is running: its newest article leads, not its first."""
FULLNESS, EARLINESS, TRUST, OPENNESS, LANGUAGE, NEWS = 3.0, 1.0, 1.0, 2.0, 4.0, 4.0
"""The weight of each quality. A foreign, paid or non-news article leads only when all articles are such."""

Kinds = Mapping[ArticleId, TextKind]
NO_KINDS: Kinds = MappingProxyType({})


def _words(article: Article) -> int:
    return article.word_count or count_words(article.text)


def merit(article: Article, kind: TextKind, best: datetime, source: Source | None, language: str | None) -> float:
    """Return how well the article can lead its story; without a language, LANGUAGE adds nothing.

    ``kind`` is the kind of its text. ``best`` is the best time: the story's first, or its last when it is running.
    """
    hours = abs((appeared(article) - best).total_seconds()) / 3600
    trust = source.weight if source else 1.0
    readable = article.kind is ArticleKind.ARTICLE
    return (
        FULLNESS * min(1.0, _words(article) / FULL_WORDS) * readable
        + EARLINESS * (1 - min(1.0, hours / EARLY_HOURS))
        + TRUST * trust / (1 + trust)
        + OPENNESS * (not article.paywalled)
        + NEWS * (kind not in AFTER_NEWS)
        + LANGUAGE * (language is not None and same_language(article.language, language))
    )


def _best_time(articles: Sequence[Article]) -> datetime:
    first, last = min(map(appeared, articles)), max(map(appeared, articles))
    running = last - first > timedelta(hours=RUNNING_HOURS) and len({article.source_id for article in articles}) > 1
    return last if running else first


def in_order(
    articles: Sequence[Article],
    sources: Mapping[SourceId, Source],
    language: str | None,
    kinds: Kinds = NO_KINDS,
) -> tuple[Article, ...]:
    """Return a story's articles, the lead first, then by merit; ties go to the earlier, then to the URL.

    An article without an entry in ``kinds`` may lead.
    """
    best = _best_time(articles)

    def key(article: Article) -> tuple[float, datetime, str, str]:
        kind = kinds.get(article.id, TextKind.UNKNOWN)
        return (
            -merit(article, kind, best, sources.get(article.source_id), language),
            appeared(article),
            article.url,
            article.id,
        )

    return tuple(sorted(articles, key=key))


def publisher(article: Article, sources: Mapping[SourceId, Source]) -> str:
    """Return who votes with the article: its source's publisher, or the source's number when the source is unknown."""
    source = sources.get(article.source_id)
    return (source.publisher or source.name) if source else f"source {article.source_id}"


def credits_of(articles: Sequence[Article], sources: Mapping[SourceId, Source]) -> tuple[str, ...]:
    """Return the source names to credit, one per publisher, in the articles' order.

    The first article's source is always named, since it is linked. Other publishers of an agency's text did not
    report it: the agency is named instead, once.
    """
    named: dict[str, str] = {}
    for place, article in enumerate(articles):
        source = sources.get(article.source_id)
        name = source.name if source else article.site_name or f"source {article.source_id}"
        wire = agency(article)
        if place == 0 or not wire:
            named.setdefault(publisher(article, sources), name)
        if wire:
            named.setdefault(wire, wire)
    return tuple(dict.fromkeys(named.values()))

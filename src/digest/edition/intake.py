"""Which of the stored articles an edition may tell: several editions come from one fetch by settings alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from digest.model.appearance import appeared
from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.settings import EditionSettings
from digest.text.languages import UNKNOWN, same_language

_BARE_HOST = re.compile(r"localhost|[\d.]+|\[?[0-9a-f:]*:[0-9a-f:]*\]?", re.IGNORECASE)


def _speaks(article: Article, source: Source, language: str) -> bool:
    """Tell whether readers of a language can read the article; what is unknown is what its source says."""
    known = article.language if article.language != UNKNOWN else source.language or language
    return same_language(known, language)


def takes(source: Source, settings: EditionSettings) -> bool:
    """Tell whether the edition takes articles of a source, by its name and its section."""
    by_name = not settings.sources or source.name in settings.sources
    return by_name and (not settings.sections or source.section in settings.sections)


def one_publisher(sources: Iterable[Source], settings: EditionSettings) -> bool:
    """Tell whether all that the edition takes is one publisher's: one source, or several that have the same one.

    Where nobody says who publishes it is the registered domain. A bare address of a machine is none.
    """
    taken = [source for source in sources if takes(source, settings)]
    publishers = {source.publisher for source in taken}
    return len(taken) == 1 or (len(publishers) == 1 and not _BARE_HOST.fullmatch(publishers.pop()))


def admitted(
    articles: Iterable[Article], sources: Mapping[SourceId, Source], settings: EditionSettings, cut: datetime
) -> tuple[Article, ...]:
    """Return the articles that the edition may tell, in the order given.

    They come from a source that it takes, in its language, were seen by the cut, and appeared (by what they say, or
    when first seen) within its window before the cut. An article dated after the cut is not in it, nor is one that
    somebody paid for, unless the edition takes such.
    """
    start = cut - timedelta(hours=settings.window_hours)

    def fits(article: Article) -> bool:
        source = sources.get(article.source_id)
        if source is None or not takes(source, settings) or article.first_seen > cut:
            return False
        if article.sponsored and not settings.sponsored:
            return False
        return start <= appeared(article) <= cut and _speaks(article, source, settings.language)

    return tuple(article for article in articles if fits(article))

"""Decides which stored articles an edition may use. Several editions share one fetch; only their settings differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.edition.plan_filters import Cause, Refusal, unwanted
from digest.model.appearance import appeared
from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.settings import EditionSettings
from digest.text.languages import UNKNOWN, same_language

_BARE_HOST = re.compile(r"localhost|[\d.]+|\[?[0-9a-f:]*:[0-9a-f:]*\]?", re.IGNORECASE)


def _speaks(article: Article, source: Source, language: str) -> bool:
    """Return whether readers of ``language`` can read an article. If its language is unknown, its source's counts."""
    known = article.language if article.language != UNKNOWN else source.language or language
    return same_language(known, language)


def refusal(article: Article, source: Source | None, settings: EditionSettings, cut: datetime) -> Refusal | None:
    """Return why the edition may not use an article. None when it may.

    An edition may use an article when all of these hold: the article's source is one of the edition's; it is in the
    edition's language; digest saw it before ``cut``; it appeared within the time before ``cut`` that the settings give;
    the settings do not exclude it. An article appears at its stated date, or, without a date, when it was first seen.
    An article dated after ``cut`` is excluded.
    """
    if source is None:
        return Refusal(cause=Cause.SOURCE, words="its source was removed")
    if problem := _untimely(article, settings, cut):
        return Refusal(cause=Cause.DATE, words=problem)
    if not _speaks(article, source, settings.language):
        words = f"it is in {article.language}, and the edition in {settings.language} (language)"
        return Refusal(cause=Cause.LANGUAGE, words=words)
    return unwanted(article, source, settings)


def _untimely(article: Article, settings: EditionSettings, cut: datetime) -> str:
    """Return why an article's date excludes it, as text. Empty when it does not."""
    dated, zone = appeared(article), ZoneInfo(settings.zone)
    if article.first_seen > cut:
        return f"first seen {_minute(article.first_seen, zone)}, after the cut at {_minute(cut, zone)}"
    start = cut - settings.window
    if dated < start:
        setting = "window_days" if settings.window_days else "window_hours"
        return f"dated {_minute(dated, zone)}, before its window from {_minute(start, zone)} ({setting})"
    return ""


def _minute(when: datetime, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def takes(source: Source, settings: EditionSettings) -> bool:
    """Return whether the edition uses articles of a source."""
    by_name = not settings.sources or source.name in settings.sources
    return by_name and source.name not in settings.exclude_sources


def one_publisher(sources: Iterable[Source], settings: EditionSettings) -> bool:
    """Return whether all articles of the edition come from one publisher.

    That is the case for one source, and for sources with the same publisher. For a source without a declared publisher,
    the registered domain counts. An IP address or localhost does not count.
    """
    taken = [source for source in sources if takes(source, settings)]
    publishers = {source.publisher for source in taken}
    return len(taken) == 1 or (len(publishers) == 1 and not _BARE_HOST.fullmatch(publishers.pop()))


def admitted(
    articles: Iterable[Article], sources: Mapping[SourceId, Source], settings: EditionSettings, cut: datetime
) -> tuple[Article, ...]:
    """Return the articles that the edition may use, in the given order."""
    return tuple(a for a in articles if refusal(a, sources.get(a.source_id), settings, cut) is None)

"""Published editions, public to read again: one letter's page, the newest, a month, or a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta

from digest.model.edition import Correction, Edition
from digest.model.ids import EditionKey
from digest.pipeline.runtime import Runtime
from digest.render.catalogue import catalogue
from digest.render.corrections import box
from digest.render.page import page
from digest.render.tip_link import tip_link
from digest.render.view import LetterView, letter_view
from digest.storage.archive import Published
from digest.storage.editions import EditionId
from digest.text.folding import folded_words

FOUND_AT_ONCE = 20
LONGEST_QUERY = 200
"""Maximum length of a search query that is used, in characters."""
LATEST_MONTH = date(MAXYEAR - 1, 12, 1)
"""The last month that can be requested: the end of a later one may not exist as a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An edition that was sent, and when."""

    edition: Edition
    published: datetime
    corrections: tuple[Correction, ...] = ()
    """Its corrections, the earliest first."""

    @property
    def updated(self) -> datetime:
        """When it was published, or last corrected."""
        return max((self.published, *(one.at for one in self.corrections)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The editions sent in one month; ``first`` is its first day."""

    first: date
    issues: tuple[Issue, ...]
    months: tuple[date, ...]
    """First days of all months with a sent edition, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The result of a search; ``more`` is where the next page starts, None at the end."""

    issues: tuple[Issue, ...]
    more: int | None


def letter_page(runtime: Runtime, key: EditionKey) -> str | None:
    """Return the letter of an edition as a page, as it was sent, below its corrections; None when it was not sent."""
    letter = runtime.stores.archive.letter(key)
    if letter is None:
        return None
    corrections = runtime.stores.edition_corrections.of([key]).get(key, ())
    site, brand = runtime.settings.site, runtime.settings.brand
    below = tip_link(key, letter.language, site, brand) if site.takes_tips else ""
    return page(letter, box(corrections, letter.language, _zone(runtime, key), brand), below)


def _zone(runtime: Runtime, key: EditionKey) -> str:
    plan = runtime.settings.editions.get(key.name)
    return plan.zone if plan else "UTC"


def latest_issues(runtime: Runtime, limit: int, name: str | None = None) -> tuple[Issue, ...]:
    """Return the newest editions, of one name or of all names."""
    return _issues(runtime, runtime.stores.archive.latest(limit, name))


def archive_page(
    runtime: Runtime, limit: int, name: str | None, after: int | None
) -> tuple[tuple[Issue, ...], int | None]:
    """Return some editions, the newest first, and where the next page starts; None at the end.

    ``name`` includes the former names of an edition. None: all editions.
    """
    mark = None if after is None else EditionId(after)
    found = runtime.stores.archive.latest(limit + 1, name, mark)
    shown = found[:limit]
    return _issues(runtime, shown), shown[-1].id if len(found) > limit else None


def month_of(runtime: Runtime, wanted: date | None) -> Month | None:
    """Return the editions sent in a month, the newest month by default; None when none was ever sent."""
    months = tuple(dict.fromkeys(day.replace(day=1) for day in runtime.stores.archive.days()))
    if not months:
        return None
    first = min((wanted or months[0]).replace(day=1), LATEST_MONTH)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Month(first=first, issues=_issues(runtime, runtime.stores.archive.between(first, last)), months=months)


def search(runtime: Runtime, query: str, after: int | None = None) -> SearchResult:
    """Return editions that contain all words of ``query``, each as the beginning of a word; the newest first.

    A query without words finds nothing.
    """
    words = folded_words(query[:LONGEST_QUERY])
    if not words:
        return SearchResult(issues=(), more=None)
    mark = None if after is None else EditionId(after)
    found = runtime.stores.archive.search(words, FOUND_AT_ONCE + 1, mark)
    shown = found[:FOUND_AT_ONCE]
    return SearchResult(issues=_issues(runtime, shown), more=shown[-1].id if len(found) > FOUND_AT_ONCE else None)


def as_read(runtime: Runtime, issue: Issue) -> LetterView:
    """Return an edition in the blocks of its letter, to be shown in another page layout."""
    settings, edition = runtime.settings, issue.edition
    plan = settings.editions.get(edition.key.name)
    words = catalogue(edition.language, settings.brand.templates)
    greeting = plan.greeting if plan else "morning"
    return letter_view(edition, None, words, settings.site, settings.brand, greeting=greeting, test=False)


def _issues(runtime: Runtime, found: Sequence[Published]) -> tuple[Issue, ...]:
    corrections = runtime.stores.edition_corrections.of(one.edition.key for one in found)
    return tuple(
        Issue(edition=one.edition, published=one.frozen_at, corrections=corrections.get(one.edition.key, ()))
        for one in found
    )

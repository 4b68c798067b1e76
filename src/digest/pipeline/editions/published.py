"""What was published, for everybody to read again: a letter's page, the newest, a month, whatever holds some words."""

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
from digest.render.view import LetterView, letter_view
from digest.storage.archive import Published
from digest.storage.editions import EditionId
from digest.text.folding import folded_words

FOUND_AT_ONCE = 20
LONGEST_QUERY = 200
"""Characters of a search that count."""
LATEST_MONTH = date(MAXYEAR - 1, 12, 1)
"""The month after a later one may have no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An edition that went out, and when."""

    edition: Edition
    published: datetime
    corrections: tuple[Correction, ...] = ()
    """What was wrong in it, the earliest first."""

    @property
    def updated(self) -> datetime:
        """When it was published, or corrected last."""
        return max((self.published, *(one.at for one in self.corrections)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What went out in one month; ``first`` is its first day."""

    first: date
    issues: tuple[Issue, ...]
    months: tuple[date, ...]
    """First days of all months in which something went out, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search found; ``more`` is what to go on after, None at the end."""

    issues: tuple[Issue, ...]
    more: int | None


def letter_page(runtime: Runtime, key: EditionKey) -> str | None:
    """Return the letter of an edition as a page, as it was sent, below its corrections; None when none was."""
    letter = runtime.stores.archive.letter(key)
    if letter is None:
        return None
    corrections = runtime.stores.edition_corrections.of([key]).get(key, ())
    return page(letter, box(corrections, letter.language, _zone(runtime, key), runtime.settings.brand))


def _zone(runtime: Runtime, key: EditionKey) -> str:
    plan = runtime.settings.editions.get(key.name)
    return plan.zone if plan else "UTC"


def latest_issues(runtime: Runtime, limit: int, name: str | None = None) -> tuple[Issue, ...]:
    """Return the newest editions, of one name or of all."""
    return _issues(runtime, runtime.stores.archive.latest(limit, name))


def month_of(runtime: Runtime, wanted: date | None) -> Month | None:
    """Return what went out in a month, the newest when none is wanted; None when nothing ever did."""
    months = tuple(dict.fromkeys(day.replace(day=1) for day in runtime.stores.archive.days()))
    if not months:
        return None
    first = min((wanted or months[0]).replace(day=1), LATEST_MONTH)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Month(first=first, issues=_issues(runtime, runtime.stores.archive.between(first, last)), months=months)


def search(runtime: Runtime, query: str, after: int | None = None) -> SearchResult:
    """Return editions that hold all words of ``query``, each at the beginning of a word; the newest first.

    Nothing is found by a query without words.
    """
    words = folded_words(query[:LONGEST_QUERY])
    if not words:
        return SearchResult(issues=(), more=None)
    mark = None if after is None else EditionId(after)
    found = runtime.stores.archive.search(words, FOUND_AT_ONCE + 1, mark)
    shown = found[:FOUND_AT_ONCE]
    return SearchResult(issues=_issues(runtime, shown), more=shown[-1].id if len(found) > FOUND_AT_ONCE else None)


def as_read(runtime: Runtime, issue: Issue) -> LetterView:
    """Return an edition as its letter tells it, block by block, to be shown in another frame."""
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

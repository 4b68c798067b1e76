"""Sent editions in the archive, for everybody to read: one letter's page, the newest, a month, or a search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, timedelta
from pathlib import Path

from digest.model.edition import Correction, Edition, Place, passages_of
from digest.model.ids import EditionKey
from digest.pictures.card import Card, draw
from digest.pipeline.editions.lead_picture import hung, hung_beside
from digest.pipeline.runtime import Runtime
from digest.render.archive_page import NAME, ArchivedLetter, Neighbours, lead_headline, surroundings
from digest.render.catalogue import catalogue
from digest.render.corrections import box
from digest.render.page import visitors_page
from digest.render.palette import palette
from digest.render.picture_texts import pictured
from digest.render.typography import typeset
from digest.render.view import LetterView, letter_view
from digest.settings import brand_of
from digest.storage.archive import Published
from digest.storage.editions import EditionId
from digest.text.folding import folded_words
from digest.text.glyphs import shown
from digest.text.snippets import SnippetPart, snippet

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
    snippet: tuple[SnippetPart, ...] = ()
    """For a result of a search: a sentence with the words that were searched."""

    @property
    def headlines(self) -> tuple[str, ...]:
        """The lead headline, the subject if it says something else, and the next two stories told in full."""
        lead, subject = lead_headline(self.edition), shown(self.edition.subject)
        named = [lead] if lead in subject or subject in lead else [lead, subject]
        others = (shown(item.headline) for item in self.edition.items if item.place in {Place.UPDATE, Place.TOP})
        new = [headline for headline in others if not any(headline in one or one in headline for one in named)]
        return (*named, *new[:2])

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
    """Return the letter of an edition as a page for visitors, below its corrections; None when it was not sent."""
    archive, settings = runtime.stores.archive, runtime.settings
    letter, found = archive.letter(key), archive.published(key)
    if letter is None:
        return None
    corrections = runtime.stores.edition_corrections.of([key]).get(key, ())
    plan = settings.editions.get(key.name)
    brand = brand_of(settings.brand, plan)
    title = found.edition.title if found else plan.title if plan else settings.site.name
    archived = ArchivedLetter(
        key=key,
        title=title,
        language=letter.language,
        edition=found.edition if found else None,
        published=found.frozen_at.isoformat(timespec="seconds") if found else "",
    )
    around = surroundings(archived, _neighbours(runtime, found) if found else Neighbours(), settings.site, brand)
    above = around.above + box(corrections, letter.language, _zone(runtime, key), brand)
    return visitors_page(letter, shown(settings.site.name, NAME), above, around.head, around.below)


def _neighbours(runtime: Runtime, one: Published) -> Neighbours:
    archive, day = runtime.stores.archive, one.edition.key.date
    previous, following = archive.neighbours(one)
    others = tuple(other.edition for other in reversed(archive.between(day, day)) if other.id != one.id)
    return Neighbours(previous=previous, following=following, same_day=others)


def issue_of(runtime: Runtime, key: EditionKey) -> Issue | None:
    """Return an edition that was sent; None when it was not."""
    found = runtime.stores.archive.published(key)
    return next(iter(_issues(runtime, (found,))), None) if found else None


def card_of(runtime: Runtime, key: EditionKey) -> bytes | None:
    """Return the picture card of an edition that was sent, as a PNG; None when it was not sent."""
    found, settings = runtime.stores.archive.published(key), runtime.settings
    if found is None:
        return None
    edition, plan = found.edition, settings.editions.get(key.name)
    brand = brand_of(settings.brand, plan)
    words = catalogue(edition.language, brand.templates)
    colours = palette(brand, evening=bool(plan and plan.greeting == "evening")).light
    return draw(
        Card(
            edition=shown(brand.wordmark or edition.title, NAME),
            date=words.day(key.date),
            headline=lead_headline(edition),
            site=shown(settings.site.name, NAME),
            rtl=words.direction == "rtl",
            ground=colours.card,
            bar=colours.bar,
            ink=colours.headline,
            quiet=colours.meta,
            fonts=tuple(str(Path(settings.folder) / font) for font in settings.web.card_fonts),
        )
    )


def _zone(runtime: Runtime, key: EditionKey) -> str:
    plan = runtime.settings.editions.get(key.name)
    return plan.zone if plan else "UTC"


def latest_issues(runtime: Runtime, limit: int, name: str | None = None) -> tuple[Issue, ...]:
    """Return the newest editions, of one name or of all names."""
    return _issues(runtime, runtime.stores.archive.latest(limit, name))


def archive_page(
    runtime: Runtime, limit: int, name: str | None, after: int | None
) -> tuple[tuple[Issue, ...], int | None]:
    """Return ``limit`` editions, the newest first, and the ``after`` of the next page; None at the end.

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
    issues = (replace(issue, snippet=snippet(_sentences(issue), words)) for issue in _issues(runtime, shown))
    return SearchResult(issues=tuple(issues), more=shown[-1].id if len(found) > FOUND_AT_ONCE else None)


def _sentences(issue: Issue) -> Iterator[str]:
    """Yield the texts of an edition in which a search looks for its words. Headlines that the list shows come last."""
    edition = issue.edition
    if edition.note:
        yield edition.note.text
    for item in edition.items:
        yield from (bullet.text for bullet in item.bullets)
    yield from (passage.text for _, passage in passages_of(edition))
    yield from (item.headline for item in edition.items)
    yield from edition.still_covered
    for item in edition.items:
        yield from (item.source_name, item.section, *item.publishers)


def as_read(runtime: Runtime, issue: Issue) -> LetterView:
    """Return an edition in the blocks of its letter, for pages with another layout."""
    settings, edition = runtime.settings, issue.edition
    plan = settings.editions.get(edition.key.name)
    brand = brand_of(settings.brand, plan)
    words = catalogue(edition.language, brand.templates)
    greeting = plan.greeting if plan else "morning"
    view = letter_view(edition, None, words, settings.site, brand, greeting=greeting, test=False)
    lead, others = hung(runtime.stores, settings, edition), hung_beside(runtime.stores, settings, edition)
    return typeset(pictured(view, edition, settings.site, lead=lead, others=others), edition.language)


def _issues(runtime: Runtime, found: Sequence[Published]) -> tuple[Issue, ...]:
    corrections = runtime.stores.edition_corrections.of(one.edition.key for one in found)
    return tuple(
        Issue(edition=one.edition, published=one.frozen_at, corrections=corrections.get(one.edition.key, ()))
        for one in found
    )

"""The routes of the archive and of the numbers: what was sent, and how many readers there were."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from digest.errors import UnknownEdition
from digest.model.api_token import Scope
from digest.model.edition import Correction
from digest.pipeline.editions.published import archive_page, letter_page
from digest.pipeline.proofs.numbers import Figures, figures, totals
from digest.pipeline.runtime import Runtime
from digest.render.links import archive_link
from digest.web.api import problems
from digest.web.api.editions import key_of
from digest.web.api.paging import PageQuery, RowId, cursor, place
from digest.web.api.route import Answer, ApiRoute, Call, Input
from digest.web.api.types import EditionName


class ArchiveQuery(PageQuery, frozen=True, kw_only=True):
    """The query of the list of sent letters."""

    name: EditionName | None = None
    """Only letters of this edition, which may also be named by a former name."""


class SentLetter(Struct, frozen=True, kw_only=True):
    """A sent letter in a list."""

    name: str
    date: str
    title: str
    subject: str
    language: str
    published: datetime
    url: str
    """URL of the letter's page in the public archive."""


class ArchivePage(Struct, frozen=True, kw_only=True):
    """Some sent letters, the newest first."""

    items: tuple[SentLetter, ...]
    next: str | None
    """The value of `after` with which the next page is requested. Null at the end."""


class CorrectionOut(Struct, frozen=True, kw_only=True):
    """A correction of a sent letter."""

    headline: str
    wrong: str
    right: str
    at: datetime


class ArchivedLetter(Struct, frozen=True, kw_only=True):
    """A letter as it was sent, without anything personal."""

    name: str
    date: str
    subject: str
    language: str
    html: str
    """The letter's HTML, with its corrections above it."""
    text: str
    corrections: tuple[CorrectionOut, ...]
    url: str


class NumbersQuery(Input, frozen=True, kw_only=True):
    """The query for the numbers of readers."""

    days: Annotated[int, Meta(ge=1, le=3660)] = 30
    """How many days are returned, today included."""
    edition: EditionName | None = None


class DayNumbers(Struct, frozen=True, kw_only=True):
    """The numbers of one edition on one day. Days are UTC's, except that letters count on the edition's own date."""

    day: date
    edition: str
    letters: int
    joined: int
    confirmed: int
    left: int
    bounced: int
    complained: int
    useful: int
    not_useful: int
    """How many readers answered that the letter was useful (first number) or not (second number)."""
    poll: dict[str, int]
    """Number of an answer in the poll -> how many readers gave it."""
    joined_by: dict[str, int]
    left_by: dict[str, int]


class Totals(Struct, frozen=True, kw_only=True):
    """Sums of the numbers over all returned days and editions."""

    letters: int
    joined: int
    confirmed: int
    left: int
    bounced: int
    complained: int
    useful: int
    not_useful: int


class Numbers(Struct, frozen=True, kw_only=True):
    """How many readers joined, left and got a letter: by day and edition, and in all."""

    days: tuple[DayNumbers, ...]
    """One item for each day and edition, the newest day first."""
    totals: Totals


class ArchiveCalls:
    """Handles the requests about what was sent."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def list(self, call: Call) -> Answer:
        """Answer with a page of the list of sent letters."""
        query = call.query_as(ArchiveQuery)
        after = place(query.after, tuple[RowId])
        issues, more = archive_page(self._runtime, query.limit, query.name, after[0] if after else None)
        site = self._runtime.settings.site
        items = tuple(
            SentLetter(
                name=issue.edition.key.name,
                date=issue.edition.key.day,
                title=issue.edition.title,
                subject=issue.edition.subject,
                language=issue.edition.language,
                published=issue.published,
                url=archive_link(site, issue.edition.key),
            )
            for issue in issues
        )
        return Answer(body=ArchivePage(items=items, next=None if more is None else cursor(more)))

    def letter(self, call: Call) -> Answer:
        """Answer with one sent letter and its corrections."""
        runtime, key = self._runtime, key_of(call)
        letter, html = runtime.stores.archive.letter(key), letter_page(runtime, key)
        if letter is None or html is None:
            raise UnknownEdition(f"no letter of {key} was sent")
        corrections = runtime.stores.edition_corrections.of([key]).get(key, ())
        return Answer(
            body=ArchivedLetter(
                name=key.name,
                date=key.day,
                subject=letter.subject,
                language=letter.language,
                html=html,
                text=letter.text,
                corrections=tuple(map(_correction, corrections)),
                url=archive_link(runtime.settings.site, key),
            )
        )

    def numbers(self, call: Call) -> Answer:
        """Answer with the numbers of readers by day and edition, and their sums."""
        query = call.query_as(NumbersQuery)
        found = figures(self._runtime, query.days, query.edition)
        return Answer(body=Numbers(days=tuple(map(_day, found)), totals=Totals(**totals(found))))

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of the archive and of the numbers."""
        return (
            ApiRoute(
                method="GET",
                path="/archive",
                summary="List the letters that were sent, the newest first.",
                handle=self.list,
                scope=Scope.EDITIONS_READ,
                query=ArchiveQuery,
                answers={200: ArchivePage},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="GET",
                path="/archive/{edition}/{date}",
                summary="Return a letter as it was sent, with its corrections.",
                handle=self.letter,
                scope=Scope.EDITIONS_READ,
                answers={200: ArchivedLetter},
                problems=(problems.NOT_FOUND,),
            ),
            ApiRoute(
                method="GET",
                path="/numbers",
                summary="Count by day and edition who joined, left, bounced and got a letter.",
                handle=self.numbers,
                scope=Scope.NUMBERS_READ,
                query=NumbersQuery,
                answers={200: Numbers},
            ),
        )


def _correction(made: Correction) -> CorrectionOut:
    return CorrectionOut(headline=made.headline, wrong=made.wrong, right=made.right, at=made.at)


def _day(found: Figures) -> DayNumbers:
    return DayNumbers(
        day=found.day,
        edition=found.edition,
        letters=found.letters,
        joined=sum(found.joined.values()),
        confirmed=found.confirmed,
        left=sum(found.left.values()),
        bounced=sum(found.bounced.values()),
        complained=found.complained,
        useful=found.useful,
        not_useful=found.not_useful,
        poll=found.poll,
        joined_by=found.joined,
        left_by=found.left,
    )

"""The front page and the embeddable sign-up form: the letters, the latest letter, and how to sign up."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from digest.errors import BadAddress, FilledTrap, NoEditionChosen, StaleForm, TooManyAsks
from digest.pipeline.editions.published import as_read, latest_issues
from digest.pipeline.readers.registration import SignupRequest, Visitor, ask, consent_words, form_stamp
from digest.pipeline.runtime import Runtime
from digest.readers.forms import Form
from digest.text.glyphs import shown
from digest.web.pages import Pages
from digest.web.timetable import timetable
from digest.web.visit import PageAnswer, Visit

FRESH = timedelta(seconds=30)
"""How long a front page is cached before the latest edition is looked up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A cached page that is the same for everybody except for its stamp. The stamp goes between its pieces."""

    pieces: tuple[bytes, ...]
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One letter on the form."""

    name: str
    title: str
    comes: str
    language: str


class FrontPages:
    """Shows the sign-up form, and handles it."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages
        self._mark = secrets.token_hex(16)
        self._kept: dict[tuple[str, str, bool], Kept] = {}

    def at_hand(self, template: str) -> Callable[[Visit], PageAnswer | None]:
        """Return a function that answers from the cache, with a new stamp. It returns None without a fresh page."""

        def shown_lately(visit: Visit) -> PageAnswer | None:
            kept = self._kept.get((template, visit.language, visit.chosen))
            if kept is None or not timedelta() <= self._runtime.clock() - kept.made < FRESH:
                return None
            return self._stamped(kept)

        return shown_lately

    def show(self, template: str) -> Callable[[Visit], PageAnswer]:
        """Return a function that makes the page and caches it."""

        def made(visit: Visit) -> PageAnswer:
            page = self._form(template, visit, stamp=self._mark)
            kept = Kept(pieces=tuple(page.body.split(self._mark.encode())), made=self._runtime.clock())
            self._kept[template, visit.language, visit.chosen] = kept
            return self._stamped(kept)

        return made

    def sign_up(self, template: str, done: str) -> Callable[[Visit], PageAnswer]:
        """Return a function that handles the form of ``template``. ``done`` is the same page for every address."""

        def taken(visit: Visit) -> PageAnswer:
            wish = SignupRequest(
                address=visit.told("address"), editions=visit.form.get("edition", ()), language=visit.language
            )
            try:
                ask(self._runtime, wish, form_of(visit), Visitor(address=visit.client))
            except TooManyAsks as error:
                return too_many(self._pages, visit, error)
            except (BadAddress, NoEditionChosen, StaleForm) as error:
                return self._form(
                    template,
                    visit,
                    problem=PROBLEMS[type(error)],
                    wish=wish,
                    stamp=form_stamp(self._runtime),
                    status=HTTPStatus.UNPROCESSABLE_ENTITY,
                )
            return self._pages.show(done, visit)

        return taken

    def _form(
        self,
        template: str,
        visit: Visit,
        *,
        stamp: str,
        problem: str = "",
        wish: SignupRequest | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> PageAnswer:
        settings = self._runtime.settings
        issues = latest_issues(self._runtime, 1) if template == "front.html" else ()
        return self._pages.show(
            template,
            visit,
            status=status,
            offered=self._offered(visit),
            latest=issues[0] if issues else None,
            letter=as_read(self._runtime, issues[0]) if issues else None,
            consent=consent_words(settings, visit.language),
            stamp=stamp,
            problem=problem,
            address=shown(wish.address, 254) if wish else "",
            ticked=wish.editions if wish else tuple(settings.editions),
        )

    def _offered(self, visit: Visit) -> tuple[Offered, ...]:
        words, found = self._pages.words(visit), self._runtime.settings.editions
        return tuple(
            Offered(
                name=name,
                title=shown(edition.title),
                comes=timetable(edition, words),
                language=words.locale.languages.get(edition.language.partition("-")[0], edition.language),
            )
            for name, edition in found.items()
        )

    def _stamped(self, kept: Kept) -> PageAnswer:
        return PageAnswer(body=form_stamp(self._runtime).encode().join(kept.pieces))


PROBLEMS: dict[type[Exception], str] = {
    BadAddress: "bad_address",
    NoEditionChosen: "no_edition",
    StaleForm: "stale_form",
    FilledTrap: "filled_trap",
}
"""Possible problems of a form, and the phrase for each."""


TRAP = "memo"
"""A form field that people do not see. Its name means nothing to a program that fills in forms."""


def form_of(visit: Visit) -> Form:
    """Return the hidden fields of a form."""
    return Form(stamp=visit.told("stamp"), trap=visit.told(TRAP))


def too_many(pages: Pages, visit: Visit, error: TooManyAsks) -> PageAnswer:
    """Return the page that asks a visitor to wait."""
    seconds = max(1, round(error.retry_after.total_seconds()))
    return pages.trouble(visit, HTTPStatus.TOO_MANY_REQUESTS, (("Retry-After", str(seconds)),))

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
from digest.render.catalogue import Catalogue
from digest.settings import Settings
from digest.text.glyphs import shown
from digest.text.origins import page_to_return_to
from digest.web.pages import Pages
from digest.web.sign_up_cookie import SignUpCookie
from digest.web.timetable import timetable
from digest.web.visit import PageAnswer, Visit

SAME_FORM = frozenset({"lang"})
"""Query fields that the cached page takes into account. With any other field, the page is made anew."""
FRESH = timedelta(seconds=30)
"""How long a front page is cached before the latest edition is looked up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A cached page, cut where the form's stamp belongs. Apart from the stamp it is the same for everybody."""

    pieces: tuple[bytes, ...]
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One edition that the sign-up form offers."""

    name: str
    title: str
    comes: str
    language: str


class FrontPages:
    """Shows the sign-up form, and handles it."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages
        self._cookie = SignUpCookie.of(runtime.settings.site, pages.root)
        self._mark = secrets.token_hex(16)
        self._kept: dict[tuple[str, str, bool], Kept] = {}

    def at_hand(self, template: str) -> Callable[[Visit], PageAnswer | None]:
        """Return a page function that answers from the cache, with a new stamp.

        It returns None when no cached page is fresh.
        """

        def shown_lately(visit: Visit) -> PageAnswer | None:
            if not visit.query.keys() <= SAME_FORM:
                return None
            kept = self._kept.get((template, visit.language, visit.chosen))
            if kept is None or not timedelta() <= self._runtime.clock() - kept.made < FRESH:
                return None
            return self._stamped(kept)

        return shown_lately

    def show(self, template: str) -> Callable[[Visit], PageAnswer]:
        """Return a page function that fills a template and caches the page."""

        def made(visit: Visit) -> PageAnswer:
            if not visit.query.keys() <= SAME_FORM:
                return self._form(template, visit, stamp=form_stamp(self._runtime))
            page = self._form(template, visit, stamp=self._mark)
            kept = Kept(pieces=tuple(page.body.split(self._mark.encode())), made=self._runtime.clock())
            self._kept[template, visit.language, visit.chosen] = kept
            return self._stamped(kept)

        return made

    def sign_up(self, template: str, done: str) -> Callable[[Visit], PageAnswer]:
        """Return a page function that handles the form of ``template``.

        It shows the page ``done``, the same for every address.
        """

        def taken(visit: Visit) -> PageAnswer:
            try:
                bound = take(self._runtime, visit)
            except TooManyAsks as error:
                return too_many(self._pages, visit, error)
            except (BadAddress, NoEditionChosen, StaleForm) as error:
                return self._form(
                    template,
                    visit,
                    problem=PROBLEMS[type(error)],
                    filled=True,
                    stamp=form_stamp(self._runtime),
                    status=HTTPStatus.UNPROCESSABLE_ENTITY,
                )
            back = page_to_return_to(visit.told("return"), self._runtime.settings.embed.origins)
            headers = (self._cookie.put(bound),) if bound else ()
            return self._pages.show(done, visit, headers=headers, back=back)

        return taken

    def _form(
        self,
        template: str,
        visit: Visit,
        *,
        stamp: str,
        problem: str = "",
        filled: bool = False,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> PageAnswer:
        settings = self._runtime.settings
        issues = latest_issues(self._runtime, 1) if template == "front.html" else ()
        return self._pages.show(
            template,
            visit,
            status=status,
            offered=offered_editions(settings, self._pages.words(visit)),
            latest=issues[0] if issues else None,
            letter=as_read(self._runtime, issues[0]) if issues else None,
            consent=consent_words(settings, visit.language),
            stamp=stamp,
            problem=problem,
            address=shown(visit.told("address"), 254),
            ticked=visit.form.get("edition", ()) if filled else ticked_at_first(visit, settings),
            back=page_to_return_to(visit.told("return") or visit.asked("return"), settings.embed.origins),
        )

    def _stamped(self, kept: Kept) -> PageAnswer:
        return PageAnswer(body=form_stamp(self._runtime).encode().join(kept.pieces))


def take(runtime: Runtime, visit: Visit) -> str:
    """Store the sign-up that a visit sends. Return the value of the cookie for the browser, empty for none.

    Raises BadAddress, NoEditionChosen, StaleForm and TooManyAsks.
    """
    wish = SignupRequest(address=visit.told("address"), editions=visit.form.get("edition", ()), language=visit.language)
    return ask(runtime, wish, form_of(visit), Visitor(address=visit.client))


def offered_editions(settings: Settings, words: Catalogue) -> tuple[Offered, ...]:
    """Return the editions that the sign-up form offers, described in the visitor's language."""
    return tuple(
        Offered(
            name=name,
            title=shown(edition.title),
            comes=timetable(edition, words),
            language=words.locale.languages.get(edition.language.partition("-")[0], edition.language),
        )
        for name, edition in settings.editions.items()
    )


def ticked_at_first(visit: Visit, settings: Settings) -> tuple[str, ...]:
    """Return the names of the editions that are ticked on a new form: those in the URL, or all when it names none."""
    named = tuple(name for name in settings.editions if name in visit.query.get("edition", ()))
    return named or tuple(settings.editions)


PROBLEMS: dict[type[Exception], str] = {
    BadAddress: "bad_address",
    NoEditionChosen: "no_edition",
    StaleForm: "stale_form",
    FilledTrap: "filled_trap",
}
"""Error of a sent form -> name of the phrase that explains it."""


TRAP = "memo"
"""Name of the form field that people do not see. It means nothing to a program that fills in forms."""


def form_of(visit: Visit) -> Form:
    """Return the values of a sent form's hidden fields."""
    return Form(stamp=visit.told("stamp"), trap=visit.told(TRAP))


def too_many(pages: Pages, visit: Visit, error: TooManyAsks) -> PageAnswer:
    """Return the page that asks a visitor to wait."""
    return pages.trouble(visit, HTTPStatus.TOO_MANY_REQUESTS, (("Retry-After", retry_seconds(error)),))


def retry_seconds(error: TooManyAsks) -> str:
    """Return the value of the header ``Retry-After``: after how many seconds a visitor may try again."""
    return str(max(1, round(error.retry_after.total_seconds())))

"""The pages that mailed links open: confirm, see and change choices, confirm a new address, export, erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus

from digest.errors import BadAddress, Refusal, RefusedToken, StaleForm, TooManyAsks
from digest.pipeline.readers import choices as selfservice
from digest.pipeline.readers.registration import (
    Confirmed,
    Visitor,
    ask_for_link,
    ask_for_link_by_letter,
    confirm,
    confirmation,
    confirmed_before,
    form_stamp,
    reader_of_letter,
)
from digest.pipeline.runtime import Runtime
from digest.readers.preferences import LONGEST_PAUSE, Choice, Preferences
from digest.readers.zones import offered_zones
from digest.render.letter import TEST_TOKEN
from digest.text.glyphs import shown
from digest.web.front import PROBLEMS, form_of, too_many
from digest.web.pages import Pages
from digest.web.security import OURSELVES, PAGE_CONTENT, content_policy
from digest.web.sign_up_cookie import SignUpCookie
from digest.web.timetable import wall_time
from digest.web.visit import PageAnswer, Visit

REFUSALS = {
    Refusal.UNKNOWN: HTTPStatus.NOT_FOUND,
    Refusal.EXPIRED: HTTPStatus.GONE,
    Refusal.USED: HTTPStatus.GONE,
    Refusal.WITHDRAWN: HTTPStatus.GONE,
}
DOWNLOAD = (("Content-Disposition", 'attachment; filename="my-data.json"'),)


WITH_SCRIPT = (("Content-Security-Policy", content_policy({**PAGE_CONTENT, "script-src": OURSELVES})),)
"""Header of the confirmation page, the only one with a script: the script presses the button."""


class ConfirmPages:
    """The page that confirms a sign-up, and the page with the result.

    Opening it changes nothing. In the browser that signed up, recognised by a cookie, a script presses the button.
    Programs that scan mails or preview links have no such cookie, so they get the button without the script.
    """

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages
        self._cookie = SignUpCookie.of(runtime.settings.site, pages.root)

    def show(self, visit: Visit) -> PageAnswer:
        """Show the sign-up with a button that confirms it, or the result if it is confirmed. Nothing is changed."""
        if (before := confirmed_before(self._runtime, visit.places["token"])) is not None:
            return self._done(visit, before)
        try:
            offer = confirmation(self._runtime, visit.places["token"], self._cookie.read(visit.cookie))
        except RefusedToken as error:
            return refused(self._pages, visit, error, "confirm")
        visit, headers = spoken(self._pages, visit, offer.language), WITH_SCRIPT if offer.at_once else ()
        return self._pages.show("confirm.html", visit, headers=headers, offer=offer, at_once=offer.at_once)

    def act(self, visit: Visit) -> PageAnswer:
        """Confirm the sign-up. Pressing the button twice gives the same page."""
        try:
            done = confirm(self._runtime, visit.places["token"], Visitor(address=visit.client))
        except RefusedToken as error:
            return refused(self._pages, visit, error, "confirm")
        return self._done(visit, done)

    def _done(self, visit: Visit, done: Confirmed) -> PageAnswer:
        visit = spoken(self._pages, visit, done.language)
        words = self._pages.words(visit)
        first = tuple(
            words(
                "first_letter" if one.comes else "first_letter_some_day",
                edition=shown(one.title),
                day=words.day(one.comes.date()) if one.comes else "",
                time=wall_time(one.comes.time(), words) if one.comes else "",
            )
            for one in done.editions
        )
        headers = (self._cookie.gone(),) if self._cookie.read(visit.cookie) else ()
        return self._pages.show(
            "confirmed.html", visit, headers=headers, first=first, latest=done.latest, again=done.again
        )


class LinkPages:
    """The pages where readers request a mailed link to their choices: by their address, or by the link in a letter."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Show the form that asks for the reader's e-mail address."""
        return self._form(visit)

    def act(self, visit: Visit) -> PageAnswer:
        """Mail the link to the address in the form, if it is a reader's. The answer is the same for every address."""
        address = visit.told("address")
        try:
            ask_for_link(self._runtime, address, visit.language, form_of(visit), Visitor(address=visit.client))
        except TooManyAsks as error:
            return too_many(self._pages, visit, error)
        except (BadAddress, StaleForm) as error:
            return self._form(visit, PROBLEMS[type(error)], shown(address, 254))
        return self._pages.show("link_sent.html", visit)

    def show_by_letter(self, visit: Visit) -> PageAnswer:
        """Show a button that mails a link.

        The letter's own link is not enough: it proves only that somebody has the letter.
        """
        token = visit.places["token"]
        if token == TEST_TOKEN:
            return self._pages.show("leave_test.html", visit)
        if reader_of_letter(self._runtime, token) is None:
            return refused(self._pages, visit, RefusedToken(Refusal.UNKNOWN), "choose")
        return self._button(visit)

    def act_by_letter(self, visit: Visit) -> PageAnswer:
        """Mail a link to the reader to whom the letter was sent."""
        token = visit.places["token"]
        if token == TEST_TOKEN or reader_of_letter(self._runtime, token) is None:
            return self.show_by_letter(visit)
        try:
            ask_for_link_by_letter(self._runtime, token, visit.language, form_of(visit), Visitor(address=visit.client))
        except TooManyAsks as error:
            return too_many(self._pages, visit, error)
        except StaleForm as error:
            return self._button(visit, PROBLEMS[type(error)])
        return self._pages.show("link_sent.html", visit)

    def _form(self, visit: Visit, problem: str = "", address: str = "") -> PageAnswer:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        stamp = form_stamp(self._runtime)
        return self._pages.show("link.html", visit, status=status, stamp=stamp, problem=problem, address=address)

    def _button(self, visit: Visit, problem: str = "") -> PageAnswer:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        return self._pages.show(
            "link_by_letter.html", visit, status=status, stamp=form_stamp(self._runtime), problem=problem
        )


class ChoicePages:
    """The page on which a reader sees and changes their own data. Each change gives the token for the next one."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Show a reader's choices."""
        try:
            return self._shown(visit, selfservice.preferences(self._runtime, visit.places["token"]))
        except RefusedToken as error:
            return self._refused(visit, error)

    def act(self, visit: Visit) -> PageAnswer:
        """Do what one of the page's forms requests."""
        try:
            return self._done(visit, visit.places["token"])
        except RefusedToken as error:
            return self._refused(visit, error)

    def _refused(self, visit: Visit, error: RefusedToken) -> PageAnswer:
        """Show why a link is refused.

        For a link that was used, show the result of its use, since a reloaded page asks for it.
        """
        known = selfservice.aftermath(self._runtime, visit.places["token"])
        if known is None:
            return refused(self._pages, visit, error, "choose")
        if known.erased:
            return self._pages.show("erased.html", visit)
        titles = [self._runtime.settings.editions[name].title for name in known.editions]
        return self._pages.show("chosen.html", spoken(self._pages, visit, known.language), titles=titles)

    def _done(self, visit: Visit, token: str) -> PageAnswer:
        runtime = self._runtime
        match visit.told("act"):
            case "choose":
                return self._shown(visit, selfservice.choose(runtime, token, _choice(visit)), "chosen")
            case "address":
                return self._moving(visit, token)
            case "export":
                data = selfservice.export(runtime, token)
                return PageAnswer(body=data.encode(), kind="application/json; charset=utf-8", headers=DOWNLOAD)
            case "erase":
                known = selfservice.preferences(runtime, token)
                return self._pages.show("erase.html", self._spoken(visit, known), known=known)
            case "erase-now":
                selfservice.erase(runtime, token)
                return self._pages.show("erased.html", visit)
            case _:
                selfservice.preferences(runtime, token)
                return self._pages.trouble(visit, HTTPStatus.BAD_REQUEST)

    def _moving(self, visit: Visit, token: str) -> PageAnswer:
        try:
            following = selfservice.ask_new_address(self._runtime, token, visit.told("address"))
        except BadAddress:
            return self._shown(visit, selfservice.preferences(self._runtime, token), problem="bad_address")
        return self._shown(visit, selfservice.preferences(self._runtime, following), "moving")

    def _shown(self, visit: Visit, known: Preferences, done: str = "", problem: str = "") -> PageAnswer:
        today = self._runtime.clock().date()
        return self._pages.show(
            "choose.html",
            self._spoken(visit, known),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            known=known,
            editions=self._runtime.settings.editions,
            zones=self._zones(known),
            done=done,
            problem=problem,
            address=shown(visit.told("address"), 254) if problem else "",
            earliest=today + timedelta(days=1),
            latest=today + LONGEST_PAUSE,
        )

    def _zones(self, known: Preferences) -> tuple[str, ...]:
        """Return the time zones to choose from; none when no edition is sent by the readers' own time."""
        if not any(edition.reader_zone for edition in self._runtime.settings.editions.values()):
            return ()
        zones = offered_zones()
        return zones if known.zone in ("", *zones) else (known.zone, *zones)

    def _spoken(self, visit: Visit, known: Preferences) -> Visit:
        return spoken(self._pages, visit, known.language)


class AddressPages:
    """The page that the link in the mail to a new address opens."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Show which letters will go to the new address, or already do. Nothing is changed."""
        if (before := selfservice.moved_before(self._runtime, visit.places["token"])) is not None:
            return self._pages.show("moved.html", spoken(self._pages, visit, before.language), move=before)
        try:
            move = selfservice.new_address(self._runtime, visit.places["token"])
        except RefusedToken as error:
            return refused(self._pages, visit, error, "address")
        return self._pages.show("address.html", spoken(self._pages, visit, move.language), move=move)

    def act(self, visit: Visit) -> PageAnswer:
        """Move the letters to the new address."""
        try:
            move = selfservice.move(self._runtime, visit.places["token"])
        except RefusedToken as error:
            return refused(self._pages, visit, error, "address")
        return self._pages.show("moved.html", spoken(self._pages, visit, move.language), move=move)


def refused(pages: Pages, visit: Visit, error: RefusedToken, token_purpose: str) -> PageAnswer:
    """Return the page that explains why a link is refused, and how to get a new one."""
    return pages.show(
        "refused.html", visit, status=REFUSALS[error.reason], reason=error.reason.value, token_purpose=token_purpose
    )


def spoken(pages: Pages, visit: Visit, language: str) -> Visit:
    """Return the visit with the page's language set to the reader's own, unless the URL asks for another."""
    tag = language.partition("-")[0].lower()
    return visit if visit.chosen or tag not in pages.languages else replace(visit, language=tag)


def _choice(visit: Visit) -> Choice:
    return Choice(
        editions=visit.form.get("edition", ()),
        paused_until=_day(visit.told("until")),
        language=visit.told("language"),
        zone=visit.told("zone") if "zone" in visit.form else None,
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None

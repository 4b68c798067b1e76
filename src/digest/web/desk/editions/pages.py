"""The pages of an edition at the desk, and the responses to their forms.

A form is answered with a redirect to the page (303), so that reloading does nothing twice. A refused form is answered
with the page itself and the reason, and nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from digest.edition.acts import Act, Photo, Undo
from digest.errors import DigestError, EditionError, FetchError, LostRace, UnknownEdition
from digest.model.ids import EditionKey
from digest.model.life import FROZEN
from digest.pipeline.editions.acting import do_acts, store_acts
from digest.pipeline.relays import becomes_files
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.amending import waiting_of
from digest.pipeline.sending.desk_sight import DeskSight, news, occasion_of, planned, sight, version_of
from digest.pipeline.sending.story_sight import StorySight, story_sight
from digest.render.links import site_base, site_origin
from digest.render.scheme_preview import Scheme, in_scheme
from digest.render.sentence import spoken
from digest.settings import BrandSettings, brand_of
from digest.storage.editions import StoredEdition
from digest.web.desk.editions.approvers import approvers
from digest.web.desk.editions.effects import effects
from digest.web.desk.editions.forms import acts_of, words_of
from digest.web.desk.editions.greeting import greeted_once, greetings
from digest.web.desk.editions.marks import marks_of
from digest.web.desk.editions.mergeable import others_of
from digest.web.desk.editions.outcomes import ACT, REDO, UNDO, Outcome, outcome
from digest.web.desk.editions.places import STORY, concerned, place_after, place_of
from digest.web.desk.editions.timetable import EditionLine, edition_lines
from digest.web.desk.editions.tips import tip_lines
from digest.web.desk.editions.view import PLACES, EditionView, edition_view
from digest.web.desk.editions.votes import vote_lines
from digest.web.desk.pages import DeskPages
from digest.web.desk.route import DeskVisit
from digest.web.security import NOBODY, OURSELVES, content_policy
from digest.web.visit import Fields, PageAnswer, Visit, kept

FRAME_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""Sandbox of the frame with the letter: links open in a new window; scripts, forms and the page around cannot be
used."""
VIEWS = {"phone": "Phone", "desktop": "Desktop", "dark": "Dark", "text": "Text"}
TEST_FILE = "test file"
"""Name under which the file names of test letters are cached, by edition and address."""
EFFECTS = "effects"
"""Name under which the side effects of acts are cached as texts, by edition and version."""


class EditionPages:
    """Shows editions and handles their forms. One object serves all threads."""

    def __init__(self, runtime: Runtime, pages: DeskPages) -> None:
        self.runtime = runtime
        self.pages = pages

    def list(self, visit: DeskVisit) -> PageAnswer:
        """Show the editions that are coming, in progress and sent."""
        coming, past = edition_lines(self.runtime)
        return self.pages.show("editions.html", visit, coming=coming, past=past, line=_line_link)

    def show(self, visit: DeskVisit) -> PageAnswer:
        """Show one edition."""
        return self.answer(visit)

    def answer(
        self, visit: DeskVisit, problem: str = "", status: HTTPStatus = HTTPStatus.OK, *, typed: bool = False
    ) -> PageAnswer:
        """Return the page of an edition.

        After an error (``problem``), or if ``typed``, its forms keep what the user typed.
        """
        try:
            seen = self.sight(visit)
        except UnknownEdition as error:
            return self.missing(visit, str(error))
        runtime, key, row = self.runtime, seen.standing.due.key, seen.standing.row
        plan = runtime.settings.editions.get(key.name)
        waiting = waiting_of(runtime, row) if row and row.state in FROZEN else 0
        came, marks = news(runtime, row), marks_of(runtime, row)
        view = edition_view(
            seen, plan, visit.user, runtime.clock(), came, self.path(key), waiting, marks, approvers(runtime)
        )
        chosen = visit.visit.asked("view")
        chosen = chosen if chosen in VIEWS else next(iter(VIEWS))
        tips = tip_lines(runtime, row, plan, visit.user)
        return self.pages.show(
            "edition.html",
            visit,
            status=status,
            page=view,
            view=chosen,
            views=tuple(VIEWS.items()),
            text=seen.proof.letter.text if seen.proof and chosen == "text" else "",
            **_refusal(visit.visit, problem, status, typed=typed),
            said=self._outcome(visit, view, key),
            tips=tips,
            open_tips=sum(not tip.settled for tip in tips),
            votes=vote_lines(runtime, row),
        )

    def act(self, visit: DeskVisit) -> PageAnswer:
        """Do the acts that a form requests, and redirect to the page that shows the result."""
        told, where, number = visit.visit, "", 0

        def do(key: EditionKey, row: StoredEdition) -> None:
            nonlocal where, number
            before = sight(self.runtime, key)

            def look(story_id: str) -> StorySight | None:
                return story_sight(self.runtime, row, story_id, judged=False)

            acts = acts_of(told, before, look)
            self._store(visit, key, row, acts)
            after = self.keep_effects(key, before, acts)
            where, number = place_after(told, acts, before, after), len(acts)

        kind = told.told("act")
        return self.done(visit, do, kind if kind in {UNDO, REDO} else ACT, lambda: where, lambda: number)

    def keep_effects(self, key: EditionKey, before: DeskSight, acts: Sequence[Act]) -> DeskSight:
        """Cache what acts did to other stories, for the page that follows.

        Return the edition as it is after the acts.
        """
        after = sight(self.runtime, key)
        asked = [concerned(act, before) for act in acts]
        also = effects(before.edition, after.edition, asked, undone=isinstance(acts[0], Undo))
        self.runtime.kept.put(EFFECTS, (key, after.version), also)
        return after

    def _outcome(self, visit: DeskVisit, view: EditionView, key: EditionKey) -> Outcome | None:
        also: str | None = self.runtime.kept.get(EFFECTS, (key, view.version))
        file = self.runtime.kept.get(TEST_FILE, (key, visit.user.email)) or ""
        becomes = becomes_files(self.runtime.settings.mail)
        return outcome(visit.visit, view, visit.user, also or "", test_file=file if becomes else None)

    def save_words(self, visit: DeskVisit, key: EditionKey, row: StoredEdition) -> int:
        """Store the subject, preheader and note that a form contains. Return how many acts were stored."""
        acts = words_of(visit.visit, self.sight(visit))
        if acts:
            self._store(visit, key, row, acts)
        return len(acts)

    def _store(self, visit: DeskVisit, key: EditionKey, row: StoredEdition, acts: Sequence[Act]) -> None:
        number, author = visit.visit.told("seen"), visit.user.name
        acts = greeted_once(acts, greetings(row.edition, self._brand(key))) if row.edition else acts
        known = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004
        if row.state in FROZEN:
            store_acts(self.runtime, row, acts, author=author, seen=known)
        else:
            do_acts(self.runtime, occasion_of(self.runtime, key, row), row, acts, author=author, seen=known)

    def done(
        self,
        visit: DeskVisit,
        do: Callable[[EditionKey, StoredEdition], object],
        what: str,
        back: Callable[[], str] = lambda: "",
        saved: Callable[[], int] = lambda: 0,
    ) -> PageAnswer:
        """Call ``do`` with the edition of a visit, then redirect to the page that says what the form ``what`` did.

        ``back`` returns the target of the redirect: a story's page (``/story/ID``), or a place on the edition's page
        (``#story-ID``). ``saved`` returns the number of stored acts. If ``do`` raises an error, the page shows the
        reason.

        The URL contains the version of the edition, so that the page says nothing about the form after a later change.
        """
        try:
            key, row = self.row(visit.visit)
            do(key, row)
        except UnknownEdition as error:
            return self.missing(visit, str(error))
        except LostRace as error:
            return self.not_done(visit, str(error), HTTPStatus.CONFLICT)
        except FetchError as error:
            return self.not_done(visit, f"The article could not be fetched: {error.reason}")
        except (EditionError, DigestError, ValueError) as error:
            return self.not_done(visit, str(error))
        page, mark, anchor = back().partition("#")
        query = {"view": visit.visit.told("view")} if visit.visit.told("view") in VIEWS else {}
        query |= {"done": what, "at": self._version_of(key)}
        query |= {"saved": str(saved())} if saved() else {}
        query |= {"place": anchor} if anchor else {}
        location = f"{self.pages.link(self.path(key) + page)}?{urlencode(query)}{mark}{anchor}"
        return PageAnswer(body=b"", status=HTTPStatus.SEE_OTHER, headers=(("Location", location),))

    def back(self, visit: DeskVisit) -> PageAnswer:
        """Show one edition with what the user typed in a form. The form is not refused."""
        return self.answer(visit, typed=True)

    def not_done(
        self, visit: DeskVisit, words: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    ) -> PageAnswer:
        """Return the page from which a refused form was sent, with the reason."""
        if visit.visit.told("from") == STORY:
            return self._story(visit, visit.visit.told("story"), _sentence(words), status)
        return self.answer(visit, _sentence(words), status)

    def story(self, visit: DeskVisit) -> PageAnswer:
        """Show one story with all actions that it allows."""
        return self._story(visit, visit.visit.places["story"])

    def _story(
        self, visit: DeskVisit, story_id: str, problem: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> PageAnswer:
        try:
            key, row = self.row(visit.visit)
            seen = self.sight(visit)
        except UnknownEdition as error:
            return self.missing(visit, str(error))
        found = story_sight(self.runtime, row, story_id)
        if found is None and problem:
            return self.answer(visit, problem, status)
        if found is None:
            return self.missing(visit, f"That story is not in {key} any more.")
        plan = self.runtime.settings.editions.get(key.name)
        view = edition_view(
            seen,
            plan,
            visit.user,
            self.runtime.clock(),
            news(self.runtime, None),
            self.path(key),
            publishers=approvers(self.runtime),
        )
        return self.pages.show(
            "story.html",
            visit,
            status=status,
            page=view,
            story=found,
            others=others_of(seen, found.name.story_id),
            place=PLACES[found.item.place] if found.item else "",
            chosen=visit.visit.asked("bullet"),
            spoken=spoken,
            hidden_by=_hidden_by(seen, found, visit.user.name),
            **_refusal(visit.visit, problem, status),
            said=self._outcome(visit, view, key),
        )

    def letter(self, visit: DeskVisit) -> PageAnswer:
        """Show the letter inside a frame: in one colour scheme, without scripts; links open in a new window."""
        seen = self.sight(visit)
        if seen.proof is None:
            return PageAnswer(body=b"There is no letter to show.\n", status=HTTPStatus.NOT_FOUND, kind="text/plain")
        scheme: Scheme = "dark" if visit.visit.asked("scheme") == "dark" else "light"
        base, origin = site_base(self.runtime.settings.site), site_origin(self.runtime.settings.site)
        page = in_scheme(seen.proof.page, scheme).replace("<head>", '<head><base target="_blank">', 1)
        images = OURSELVES
        if self.runtime.settings.desk.host:
            images = origin or NOBODY
        elif base:
            page = page.replace(f'src="{base}/pictures/', f'src="{self.pages.root}/pictures/')
        loads = {"form-action": NOBODY, "style-src": "'unsafe-inline'", "img-src": images, "sandbox": FRAME_SANDBOX}
        headers = (
            ("Content-Security-Policy", content_policy(loads, OURSELVES)),
            ("X-Frame-Options", "SAMEORIGIN"),
        )
        return PageAnswer(body=page.encode(), headers=headers)

    def version(self, visit: DeskVisit) -> PageAnswer:
        """Return the version of an edition's page as JSON. Browsers ask for it again and again. Nothing is stored."""
        try:
            key = key_of(visit.visit)
        except UnknownEdition:
            return _no_version()
        row = self.runtime.stores.editions.get(key)
        if row is None:
            return _no_version()
        last = self.runtime.stores.desk.last(row.id)
        told = {"version": self._version_of(key, row), "act": last, "state": row.state.value}
        body = json.dumps(told).encode()
        answer = kept(visit.visit, PageAnswer(body=body, kind="application/json"), timedelta())
        headers = tuple((n, v if n != "Cache-Control" else "private, no-cache") for n, v in answer.headers)
        return PageAnswer(body=answer.body, status=answer.status, kind=answer.kind, headers=headers)

    def _brand(self, key: EditionKey) -> BrandSettings:
        settings = self.runtime.settings
        plan = settings.editions.get(key.name)
        return brand_of(settings.brand, plan)

    def _version_of(self, key: EditionKey, row: StoredEdition | None = None) -> str:
        stores = self.runtime.stores
        row = row or stores.editions.get(key)
        told = version_of(self.runtime, row, stores.desk.last(row.id) if row else 0)
        corrections = stores.edition_corrections.of([key]).get(key, ()) if row and row.state in FROZEN else ()
        return told + (f"-{corrections[-1].id}x{len(corrections)}" if corrections else "")

    def sight(self, visit: DeskVisit) -> DeskSight:
        """Return everything that the page of the visit's edition shows. Raises UnknownEdition."""
        return sight(self.runtime, key_of(visit.visit))

    def row(self, visit: Visit) -> tuple[EditionKey, StoredEdition]:
        """Return the key and the row of the visit's edition. A missing row is stored first. Raises UnknownEdition."""
        key = key_of(visit)
        return key, planned(self.runtime, key)

    def path(self, key: EditionKey) -> str:
        """Return the path of an edition's page below the desk."""
        return edition_path(key)

    def missing(self, visit: DeskVisit, words: str) -> PageAnswer:
        """Return the page that says that something does not exist."""
        return self.pages.trouble(HTTPStatus.NOT_FOUND, csrf=visit.csrf, user=visit.user, text=_sentence(words))


def _hidden_by(seen: DeskSight, story: StorySight, user: str) -> str:
    """Return which user removed a story's picture: ``you``, or a name. Empty when nobody did."""
    acts = (deed for deed in reversed(seen.standing.deeds) if isinstance(deed.act, Photo))
    by = next((deed.author for deed in acts if isinstance(deed.act, Photo) and deed.act.story.meets(story.name)), "")
    return ("you" if by == user else by or "hand") if story.no_picture else ""


def _no_version() -> PageAnswer:
    return PageAnswer(body=b"{}", status=HTTPStatus.NOT_FOUND, kind="application/json")


def key_of(visit: Visit) -> EditionKey:
    """Return the key of the edition that a URL names. Raises UnknownEdition."""
    try:
        return EditionKey.read(visit.places["name"], visit.places["date"])
    except ValueError:
        raise UnknownEdition("there is no such edition") from None


def edition_path(key: EditionKey) -> str:
    """Return the path of an edition's page below the desk."""
    return f"/editions/{quote(key.name, safe='')}/{key.day}"


def _line_link(line: EditionLine) -> str:
    return edition_path(line.key)


def _refusal(visit: Visit, problem: str, status: HTTPStatus, *, typed: bool = False) -> dict[str, Any]:
    """Return the template's values about a refused form: the reason, its place, and what the user typed.

    When somebody else changed the edition meanwhile, they also contain the whole form, to be sent again.
    """
    return {
        "refused": problem,
        "refused_at": place_of(visit) if problem else "",
        "again": _again(visit) if status is HTTPStatus.CONFLICT else (),
        "typed": _typed(visit.form if problem or typed else {}),
    }


def _again(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the fields of a refused form, to be sent again, without those that only its old page knows."""
    return tuple(
        (name, value) for name, values in visit.form.items() if name not in {"csrf", "seen"} for value in values
    )


def _typed(form: Fields) -> Callable[[str, str, str], str]:
    """Return a function that gives the text to show in a field, from the kind of form, the field and its stored value.

    The text is what the user typed if ``form`` is of this kind, otherwise the stored value.
    """
    kinds = {form[field][0] for field in ("act", "do") if field in form} or {"add"}

    def value(kind: str, field: str, stored: str) -> str:
        return form[field][0] if kind in kinds and field in form else stored

    return value


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")

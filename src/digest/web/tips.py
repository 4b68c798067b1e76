"""The form below each archived letter on which a reader reports a mistake (a tip)."""

from __future__ import annotations

from http import HTTPStatus

from digest.errors import EmptyTip, StaleForm, TooManyAsks, UnknownEdition
from digest.pipeline.readers.registration import Visitor, form_stamp
from digest.pipeline.readers.tips import LONGEST_CONTACT, LONGEST_TIP, edition_to_correct, leave_tip
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition
from digest.text.glyphs import shown
from digest.web.front import PROBLEMS, form_of, too_many
from digest.web.oembed import key_of
from digest.web.pages import Pages
from digest.web.visit import PageAnswer, Visit


class TipPages:
    """Shows the form for tips, and handles it."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Show the form for one sent letter."""
        row = self._row(visit)
        return self._pages.trouble(visit, HTTPStatus.NOT_FOUND) if row is None else self._form(visit, row)

    def act(self, visit: Visit) -> PageAnswer:
        """Store the tip in the form, and say thanks."""
        row = self._row(visit)
        if row is None:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        words, contact = visit.told("words"), visit.told("contact")
        try:
            leave_tip(self._runtime, row, words, contact, form_of(visit), Visitor(address=visit.client))
        except TooManyAsks as error:
            return too_many(self._pages, visit, error)
        except (EmptyTip, StaleForm) as error:
            problem = "tip_empty" if isinstance(error, EmptyTip) else PROBLEMS[type(error)]
            return self._form(visit, row, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._pages.show("tip_left.html", visit, letter=_path(row))

    def _row(self, visit: Visit) -> StoredEdition | None:
        key = key_of(visit.places["name"], visit.places["date"])
        try:
            return None if key is None else edition_to_correct(self._runtime, key)
        except UnknownEdition:
            return None

    def _form(
        self, visit: Visit, row: StoredEdition, problem: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> PageAnswer:
        return self._pages.show(
            "tip.html",
            visit,
            status=status,
            title=row.edition.title if row.edition else row.key.name,
            day=row.key.date,
            letter=_path(row),
            stamp=form_stamp(self._runtime),
            problem=problem,
            typed=visit.told("words")[:LONGEST_TIP],
            contact=shown(visit.told("contact"), LONGEST_CONTACT),
            longest=LONGEST_TIP,
            longest_contact=LONGEST_CONTACT,
        )


def _path(row: StoredEdition) -> str:
    return f"/archive/{row.key.name}/{row.key.day}"

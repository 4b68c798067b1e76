"""Actions on a whole edition: approve, hold, skip, send a test letter, add news, correct."""

from __future__ import annotations

from digest.deliver.transports.files import WRITTEN
from digest.edition.acts import AddArticle
from digest.errors import DigestError, RefusedAct, UnknownEdition
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.pipeline.editions.acting import do_acts
from digest.pipeline.editions.added import read_article
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.editions.editing import approve, hold, skip
from digest.pipeline.sending.amending import refreeze
from digest.pipeline.sending.control import pause, resume
from digest.pipeline.sending.correcting import checked, correct, withdraw
from digest.pipeline.sending.desk_sight import occasion_of
from digest.pipeline.sending.dry_run import send_copy
from digest.storage.editions import StoredEdition
from digest.web.desk.editions.outcomes import ACT, TEST
from digest.web.desk.editions.pages import TEST_FILE, EditionPages
from digest.web.desk.route import DeskVisit
from digest.web.visit import PageAnswer

CORRECTIONS, ADD_FORM = "#corrections", "#add-form"
"""Anchors of an edition's page to which its forms lead."""


class EditionOrders:
    """Handles the forms that act on a whole edition."""

    def __init__(self, pages: EditionPages) -> None:
        self._pages = pages
        self._runtime = pages.runtime

    def approve(self, visit: DeskVisit) -> PageAnswer:
        """Approve the edition as displayed, with the texts typed in the form.

        Refused when the edition has changed since.
        """
        saved = 0

        def do(key: EditionKey, row: StoredEdition) -> None:
            nonlocal saved
            if visit.visit.told("version") != self._pages.sight(visit).version:
                raise RefusedAct("the letter changed since you looked: look at it again, then approve")
            saved = self._pages.save_words(visit, key, row)
            approve(self._runtime, str(key), self._pages.row(visit.visit)[1])

        return self._pages.done(visit, do, "approve", saved=lambda: saved)

    def hold(self, visit: DeskVisit) -> PageAnswer:
        """Hold the edition back, or withdraw its approval."""
        return self._pages.done(visit, lambda key, row: hold(self._runtime, str(key), row), "hold")

    def skip(self, visit: DeskVisit) -> PageAnswer:
        """Skip the edition, if the confirmation box is ticked."""

        def do(key: EditionKey, row: StoredEdition) -> None:
            if visit.visit.told("sure") != "yes":
                raise ValueError("tick the box if this edition shall not be sent: it cannot be undone")
            skip(self._runtime, str(key), row)

        return self._pages.done(visit, do, "skip")

    def compose(self, visit: DeskVisit) -> PageAnswer:
        """Compose the edition anew from all stored articles. The editor's acts stay in effect."""

        def do(key: EditionKey, row: StoredEdition) -> None:
            compose_edition(self._runtime, occasion_of(self._runtime, key, row))

        return self._pages.done(visit, do, "compose")

    def test(self, visit: DeskVisit) -> PageAnswer:
        """Send the letter, with the texts typed in the form, to the user's own address."""
        saved = 0

        def do(key: EditionKey, row: StoredEdition) -> None:
            nonlocal saved
            saved = self._pages.save_words(visit, key, row)
            seen = self._pages.sight(visit)
            if seen.edition is None:
                raise RefusedAct(f"{key} {row.in_words}: there is no letter to send")
            copy = send_copy(self._runtime, seen.edition, visit.user.email)
            self._runtime.kept.put(TEST_FILE, (key, visit.user.email), copy.reply.removeprefix(WRITTEN))

        return self._pages.done(visit, do, TEST, saved=lambda: saved)

    def add(self, visit: DeskVisit) -> PageAnswer:
        """Fetch an article by its URL, and add it to the edition."""

        def do(key: EditionKey, row: StoredEdition) -> None:
            article = read_article(self._runtime, visit.visit.told("url"))
            act = AddArticle(article_id=article.id, url=article.url, title=article.title)
            due, before = occasion_of(self._runtime, key, row), self._pages.sight(visit)
            do_acts(self._runtime, due, row, (act,), author=visit.user.name)
            self._pages.keep_effects(key, before, (act,))

        return self._pages.done(visit, do, ACT, lambda: ADD_FORM)

    def pause(self, visit: DeskVisit) -> PageAnswer:
        """Pause the sending: no further letter leaves."""
        return self._pages.done(visit, lambda key, _: pause(self._runtime, str(key)), "pause")

    def resume(self, visit: DeskVisit) -> PageAnswer:
        """Resume the sending: the waiting letters leave."""
        return self._pages.done(visit, lambda key, _: resume(self._runtime, str(key)), "resume")

    def refreeze(self, visit: DeskVisit) -> PageAnswer:
        """Use the displayed, corrected letter for the readers who have not got theirs yet.

        Refused when the letter has changed since it was displayed.
        """

        def do(_: EditionKey, row: StoredEdition) -> None:
            if row.state is not EditionState.PAUSED or visit.visit.told("version") != self._pages.sight(visit).version:
                raise RefusedAct("the letter changed since you looked: look at it again")
            refreeze(self._runtime, row, visit.user.name)

        return self._pages.done(visit, do, "refreeze")

    def preview_correction(self, visit: DeskVisit) -> PageAnswer:
        """Show a correction before it is published; with the field ``back``, show the form again. Nothing is stored."""
        if visit.visit.told("back"):
            return self._pages.back(visit)
        try:
            key, row = self._pages.row(visit.visit)
            made = checked(self._runtime, row, *_correction(visit))
        except UnknownEdition as error:
            return self._pages.missing(visit, str(error))
        except DigestError as error:
            return self._pages.not_done(visit, str(error))
        fields = tuple((name, visit.visit.told(name)) for name in ("act", "form", "line", "right", "view"))
        return self._pages.pages.show("correction.html", visit, one=made, path=self._pages.path(key), fields=fields)

    def correct(self, visit: DeskVisit) -> PageAnswer:
        """Publish a correction of a line in a sent edition."""
        return self._pages.done(
            visit,
            lambda _, row: correct(self._runtime, row, *_correction(visit), visit.user.name),
            "correct",
            lambda: CORRECTIONS,
        )

    def withdraw(self, visit: DeskVisit) -> PageAnswer:
        """Withdraw a published correction."""

        def do(_: EditionKey, row: StoredEdition) -> None:
            withdraw(self._runtime, row, _number(visit, "correction"), visit.user.name)

        return self._pages.done(visit, do, "withdraw", lambda: CORRECTIONS)

    def settle_tip(self, visit: DeskVisit) -> PageAnswer:
        """Store that the user is done with a reader's tip."""

        def do(_: EditionKey, row: StoredEdition) -> None:
            number, now = _number(visit, "tip"), self._runtime.clock()
            if not self._runtime.stores.tips.settle(row.id, number, visit.user.name, now):
                raise RefusedAct("the tip is settled already")

        return self._pages.done(visit, do, "tip", lambda: "#tips")


def _correction(visit: DeskVisit) -> tuple[str, str, str]:
    """Return the three values of a correction form: the anchor of the line's story, the wrong line, and what is right.

    A value is empty when the form does not have it.
    """
    anchor, _, wrong = visit.visit.told("line").partition(":")
    return anchor, wrong, visit.visit.told("right")


def _number(visit: DeskVisit, field: str) -> int:
    """Return the number in a field of a form. Raises ValueError when it has none."""
    number = visit.visit.told(field)
    if not (number.isascii() and number.isdecimal() and len(number) < 10):  # noqa: PLR2004 - fits 32 bits
        raise ValueError("the form is damaged: a number is missing")
    return int(number)

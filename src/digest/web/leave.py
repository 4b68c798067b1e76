"""The page that a letter's leave link opens. It shows buttons; mail programs send the first one automatically.

A POST of ``List-Unsubscribe=One-Click`` (RFC 8058) has no cookie, may come from anywhere, and may be multipart. A POST
with none of our buttons also means: leave.
"""

from __future__ import annotations

from http import HTTPStatus

from digest.pipeline.readers.leave_links import LONGEST_WHY, PAUSES, LeaveLink, LeaveLinks
from digest.render.letter import TEST_TOKEN
from digest.text.glyphs import shown
from digest.web.pages import Pages
from digest.web.visit import PageAnswer, Visit


class LeavePages:
    """Shows the actions of a leave link (leave, leave all letters, pause, give a reason), and does them."""

    def __init__(self, pages: Pages, way_out: LeaveLinks) -> None:
        self._pages = pages
        self._exit = way_out
        self._kept: dict[tuple[object, ...], PageAnswer] = {}

    def show(self, visit: Visit) -> PageAnswer:
        """Show the possible actions. Nothing is changed."""
        if visit.places["token"] == TEST_TOKEN:
            return self._pages.show("leave_test.html", visit)
        leave_link = self._exit.leave_link(visit.places["token"])
        return self._unknown(visit) if leave_link is None else self._asked(visit, leave_link)

    def act(self, visit: Visit) -> PageAnswer:
        """Do the action that was chosen. Repeating it has no further effect."""
        if visit.places["token"] == TEST_TOKEN:
            return self._pages.show("leave_test.html", visit)
        leave_link = self._exit.leave_link(visit.places["token"])
        if leave_link is None:
            return self._unknown(visit)
        weeks = {f"pause-{number}": number for number in PAUSES}
        match visit.told("act"):
            case "explain":
                self._exit.explain(leave_link, visit.told("why"))
                return self._done(visit, leave_link, "explained")
            case "all":
                self._exit.leave(leave_link, everything=True)
                return self._done(visit, leave_link, "all")
            case act if act in weeks:
                self._exit.pause(leave_link, weeks[act])
                return self._done(visit, leave_link, "paused", weeks[act])
            case _:
                self._exit.leave(leave_link)
                return self._done(visit, leave_link, "left")

    def _asked(self, visit: Visit, leave_link: LeaveLink) -> PageAnswer:
        return self._same_for_all(visit, "leave.html", leave_link.title)

    def _done(self, visit: Visit, leave_link: LeaveLink, what: str, weeks: int = 0) -> PageAnswer:
        return self._same_for_all(visit, "left.html", leave_link.title, what, weeks)

    def _same_for_all(self, visit: Visit, template: str, title: str, what: str = "", weeks: int = 0) -> PageAnswer:
        """Return a page without anything about the visitor.

        It is filled once for each edition and language, then cached.
        """
        key = (template, visit.language, visit.chosen, title, what, weeks)
        if key not in self._kept:
            self._kept[key] = self._pages.show(
                template, visit, title=shown(title), what=what, weeks=weeks, pauses=PAUSES, longest=LONGEST_WHY
            )
        return self._kept[key]

    def _unknown(self, visit: Visit) -> PageAnswer:
        return self._pages.show("leave_unknown.html", visit, status=HTTPStatus.NOT_FOUND)

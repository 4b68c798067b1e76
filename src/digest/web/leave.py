"""The page behind a letter's leave link: it shows buttons, and mail programs press the first one by themselves.

A POST of ``List-Unsubscribe=One-Click`` (RFC 8058) comes without a cookie and from anywhere, perhaps as multipart;
whatever a POST says that no button of ours says means the same: leave.
"""

from __future__ import annotations

from http import HTTPStatus

from digest.pipeline.readers.leave_links import LONGEST_WHY, PAUSES, Exit, Ticket
from digest.render.letter import TEST_TOKEN
from digest.text.glyphs import shown
from digest.web.pages import Pages
from digest.web.visit import Answer, Visit


class LeavePages:
    """Shows and does what a leave link may do."""

    def __init__(self, pages: Pages, way_out: Exit) -> None:
        self._pages = pages
        self._exit = way_out
        self._kept: dict[tuple[object, ...], Answer] = {}

    def show(self, visit: Visit) -> Answer:
        """Show what can be done; the same for everybody who follows the link, and nothing changes."""
        if visit.places["token"] == TEST_TOKEN:
            return self._pages.show("leave_test.html", visit)
        ticket = self._exit.ticket(visit.places["token"])
        return self._unknown(visit) if ticket is None else self._asked(visit, ticket)

    def act(self, visit: Visit) -> Answer:
        """Do it, as often as it is asked for."""
        if visit.places["token"] == TEST_TOKEN:
            return self._pages.show("leave_test.html", visit)
        ticket = self._exit.ticket(visit.places["token"])
        if ticket is None:
            return self._unknown(visit)
        weeks = {f"pause-{number}": number for number in PAUSES}
        match visit.told("act"):
            case "explain":
                self._exit.explain(ticket, visit.told("why"))
                return self._done(visit, ticket, "explained")
            case "all":
                self._exit.leave(ticket, everything=True)
                return self._done(visit, ticket, "all")
            case act if act in weeks:
                self._exit.pause(ticket, weeks[act])
                return self._done(visit, ticket, "paused", weeks[act])
            case _:
                self._exit.leave(ticket)
                return self._done(visit, ticket, "left")

    def _asked(self, visit: Visit, ticket: Ticket) -> Answer:
        return self._same_for_all(visit, "leave.html", ticket.title)

    def _done(self, visit: Visit, ticket: Ticket, what: str, weeks: int = 0) -> Answer:
        return self._same_for_all(visit, "left.html", ticket.title, what, weeks)

    def _same_for_all(self, visit: Visit, template: str, title: str, what: str = "", weeks: int = 0) -> Answer:
        """Return a page that tells nothing of who asks, filled once for each edition and language."""
        key = (template, visit.language, visit.chosen, title, what, weeks)
        if key not in self._kept:
            self._kept[key] = self._pages.show(
                template, visit, title=shown(title), what=what, weeks=weeks, pauses=PAUSES, longest=LONGEST_WHY
            )
        return self._kept[key]

    def _unknown(self, visit: Visit) -> Answer:
        return self._pages.show("leave_unknown.html", visit, status=HTTPStatus.NOT_FOUND)

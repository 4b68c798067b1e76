"""The outcome of a sent form, as the next page tells it: what was done, and how to undo it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.model.user import User
from digest.web.desk.editions.pasts import Past
from digest.web.desk.editions.view import EditionView
from digest.web.visit import Visit

ACT, UNDO, REDO = "act", "undo", "redo"
TEST = "test"
ORDERS: Mapping[str, str] = {
    "approve": "Approved.",
    "hold": "Held: it does not go until somebody approves it.",
    "skip": "This edition is not sent.",
    "compose": "Composed again, with the articles that came in.",
    "pause": "Paused. No further letter is sent.",
    "resume": "Sending goes on.",
    "refreeze": "The readers who still wait get this letter.",
    "correct": "The correction is published.",
    "withdraw": "The correction is withdrawn.",
    "tip": "The tip is settled.",
}
"""Name of a form that acts on a whole edition -> what the next page says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done, in words, and which act the page offers to undo or redo."""

    words: str
    offer: str = ""
    """What the page offers: ``undo``, ``redo``, or empty for nothing."""
    of: int = 0
    """The number of the act that ``offer`` concerns."""
    name: str = ""
    """What that act did, in words."""


SAVED = "What you had typed was saved first: "


def outcome(
    visit: Visit, page: EditionView, user: User, also: str = "", *, test_file: str | None = None
) -> Outcome | None:
    """Return what a page says about the form that was just sent.

    None when no form was sent, or the edition changed since. The URL names the form (``done``), the version of the page
    (``at``) and the number of saved acts (``saved``). ``also`` is what else the act changed in the letter.
    ``test_file`` is None where letters become mails. Where they become files, it is the name of the file with the last
    test letter, or empty when that is no longer known.
    """
    done, saved = visit.asked("done"), visit.asked("saved")
    if visit.asked("at") != page.version:
        return None
    acts = page.history.last.words if saved and page.history.last else ""
    if done in ORDERS or done == TEST:
        sent = f"A test letter was sent to {user.email}."
        file = f"the file {test_file}" if test_file else "a file"
        test = sent if test_file is None else f"The test letter for {user.email} is {file}: the settings send no mail."
        words = {**ORDERS, "approve": f"{ORDERS['approve']} {page.promise}".strip()}.get(done, test)
        return Outcome(words=f"{SAVED}{acts}. {words}" if acts else words)
    if done == UNDO and page.history.again:
        words = f"{page.history.again.words} — undone"
        return _offer(f"{words}. {also}" if also else words, REDO, page.history.again, page)
    if done in {ACT, REDO} and page.history.last:
        words = page.history.last.words + (" — done again" if done == REDO else "")
        return _offer(f"{words}. {also}" if also else words, UNDO, page.history.last, page)
    return None


def _offer(words: str, offer: str, past: Past, page: EditionView) -> Outcome:
    return Outcome(words=words, offer=offer if page.can.edit else "", of=past.id, name=past.words)

"""The outcome of a form, as the next page tells it: what was done, and how it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.model.user import User
from digest.web.desk.editions.view import EditionView, Past

ACT, UNDO, REDO = "act", "undo", "redo"
TEST = "test"
ORDERS: Mapping[str, str] = {
    "approve": "Approved. The letter is sent unchanged.",
    "hold": "Held. It is not sent until somebody approves it.",
    "skip": "This edition is not sent.",
    "compose": "Composed again, with the articles that came in.",
    "pause": "Paused. No further letter is sent.",
    "resume": "Sending goes on.",
    "refreeze": "The readers who still wait get this letter.",
    "correct": "The correction is published.",
    "withdraw": "The correction is withdrawn.",
    "tip": "The tip is settled.",
}
"""What is told after a form for a whole edition, by the form's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done, in words, and the act that the page offers to take it back."""

    words: str
    offer: str = ""
    """``undo``, ``redo``, or empty for none."""
    of: int = 0
    """The number of the act that ``offer`` concerns."""
    name: str = ""
    """What that act did."""


def outcome(done: str, page: EditionView, user: User) -> Outcome | None:
    """Return the outcome that a page tells. ``done`` is the form's name; None for a page that follows no form."""
    if done in ORDERS:
        return Outcome(words=ORDERS[done])
    if done == TEST:
        return Outcome(words=f"A test letter was sent to {user.email}.")
    if done == UNDO and page.again:
        return _offer(f"Undone: {page.again.words}", REDO, page.again, page)
    if done in {ACT, REDO} and page.last:
        return _offer(page.last.words, UNDO, page.last, page)
    return None


def _offer(words: str, offer: str, past: Past, page: EditionView) -> Outcome:
    return Outcome(words=words, offer=offer if page.can.edit else "", of=past.id, name=past.words)

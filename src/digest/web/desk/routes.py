"""What a route of the desk is: who may see it, who may act there, and what a page gets to know of the visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digest.model.user import Role, User
from digest.web.visit import PageAnswer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskVisit:
    """A request of somebody who signed in. A POST has been checked for its CSRF token before a page sees it."""

    visit: Visit
    user: User
    csrf: str
    """The token that each form of the page carries in a field called ``csrf``."""


DeskPage = Callable[[DeskVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """One path below ``/desk``, with ``{places}`` in it; without a session it answers with the page to sign in."""

    path: str
    show: DeskPage
    act: DeskPage | None = None
    see: Role = Role.VIEWER
    """The role that GET needs."""
    change: Role = Role.EDITOR
    """The role that POST needs."""
    recent: bool = False
    """Whether a POST needs a sign-in of the last minutes: the user is asked for the password again otherwise."""

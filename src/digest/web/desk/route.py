"""A route of the desk: its required roles, and the data that its page gets about the visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digest.model.user import Role, User
from digest.web.visit import PageAnswer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskVisit:
    """A request of a signed-in user. The CSRF token of a POST is checked before a page gets it."""

    visit: Visit
    user: User
    csrf: str
    """The token that each form of the page carries in its field ``csrf``."""


DeskPage = Callable[[DeskVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """One path below ``/desk``, with ``{places}`` as parameters. Without a session, it shows the sign-in page."""

    path: str
    show: DeskPage
    act: DeskPage | None = None
    what: str = ""
    """What the audit log calls its acts, as the command of the same effect is called. Empty: the path."""
    see: Role = Role.VIEWER
    """The role that GET needs."""
    change: Role = Role.EDITOR
    """The role that POST needs."""
    recent: bool = False
    """Whether a POST needs a sign-in within the last minutes. Otherwise the user is asked for the password again."""

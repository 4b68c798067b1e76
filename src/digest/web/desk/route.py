"""The type of the desk's routes about editions: the roles that they need, and what their pages get about a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digest.model.user import Role, User
from digest.web.visit import PageAnswer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskVisit:
    """A request of a signed-in user. The CSRF token of a POST has been checked."""

    visit: Visit
    user: User
    csrf: str
    """The token that each form of the page must contain in its field ``csrf``."""


DeskPage = Callable[[DeskVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """One path below ``/desk``, with parameters in braces. Without a session, the sign-in page is shown instead."""

    path: str
    show: DeskPage
    act: DeskPage | None = None
    what: str = ""
    """What the audit log calls its action: the name of the command that does the same. Empty: the path."""
    see: Role = Role.VIEWER
    """The role that GET needs."""
    change: Role = Role.EDITOR
    """The role that POST needs."""
    recent: bool = False
    """Whether a POST needs a sign-in within the last minutes. After a longer time, the user must prove again who
    they are."""

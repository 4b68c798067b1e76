"""A route of the desk's own pages. These know the session and the request as well as the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from digest.model.desk_session import Session
from digest.model.user import Role, User
from digest.people.tokens import form_token
from digest.pipeline.people.audit import By
from digest.web.desk.caller import Caller
from digest.web.visit import PageAnswer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVisit:
    """A request of a signed-in user, with its session."""

    caller: Caller
    user: User
    session: Session

    @property
    def visit(self) -> Visit:
        """The requested path and query, and the form."""
        return self.caller.visit

    @property
    def csrf(self) -> str:
        """The token for each form of the page."""
        return form_token(self.caller.token)

    @property
    def by(self) -> By:
        """The user who changes something, for the audit log."""
        return By(who=self.user, client=self.caller.origin.client)

    def renewed(self, token: str) -> OwnVisit:
        """Return the visit with another token for its session."""
        return replace(self, caller=replace(self.caller, token=token))


OwnPage = Callable[[OwnVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoute:
    """Like a DeskRoute, but its acts write their own audit log entries."""

    path: str
    show: OwnPage | None = None
    act: OwnPage | None = None
    what: str = ""
    """What the audit log calls an act that the user's role does not allow. Empty: the path."""
    see: Role = Role.VIEWER
    change: Role = Role.VIEWER
    recent: bool = False

"""The type of routes of the desk besides the editions.

Their pages know the session and the request, not only the user.
"""

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
        """The requested path and query, and the sent form."""
        return self.caller.visit

    @property
    def csrf(self) -> str:
        """The token that each form of the page must contain."""
        return form_token(self.caller.token)

    @property
    def by(self) -> By:
        """The user, in the form in which the audit log records who changed something."""
        return By(who=self.user, client=self.caller.origin.client)

    def renewed(self, token: str) -> OwnVisit:
        """Return the visit as if the session had this new token."""
        return replace(self, caller=replace(self.caller, token=token))


OwnPage = Callable[[OwnVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoute:
    """A route like DeskRoute. Its actions write their own entries into the audit log."""

    path: str
    show: OwnPage | None = None
    act: OwnPage | None = None
    what: str = ""
    """What the audit log calls an action that the user's role does not allow. Empty: the path."""
    see: Role = Role.VIEWER
    change: Role = Role.VIEWER
    recent: bool = False

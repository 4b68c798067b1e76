"""A route of the desk's own pages, which know the session and the request beside the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from digest.model.desk_session import Session
from digest.model.user import Role, User
from digest.people.tokens import form_token
from digest.pipeline.people.accounts import By
from digest.web.desk.caller import Caller
from digest.web.visit import PageAnswer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVisit:
    """A request of somebody who signed in, with the session in which it came."""

    caller: Caller
    user: User
    session: Session

    @property
    def visit(self) -> Visit:
        """What is asked for, and the form."""
        return self.caller.visit

    @property
    def csrf(self) -> str:
        """The token that each form of the page carries."""
        return form_token(self.caller.token)

    @property
    def by(self) -> By:
        """Who changes something, for the audit log."""
        return By(who=self.user, client=self.caller.origin.client)

    def renewed(self, token: str) -> OwnVisit:
        """Return the visit in its session with another token."""
        return replace(self, caller=replace(self.caller, token=token))


OwnPage = Callable[[OwnVisit], PageAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoute:
    """As a DeskRoute; its acts write into the audit log by themselves, in words of their own."""

    path: str
    show: OwnPage | None = None
    act: OwnPage | None = None
    see: Role = Role.VIEWER
    change: Role = Role.VIEWER
    recent: bool = False

"""The pages of admins: the users with their roles, and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from digest.errors import BadAddress, UserError
from digest.model.ids import EditionKey
from digest.model.user import Role, User, UserId
from digest.pipeline.people import accounts
from digest.render.links import desk_link
from digest.web.desk.account import number
from digest.web.desk.log_words import headline_in, log_lines, zone_of
from digest.web.desk.own import OwnRoute, OwnVisit
from digest.web.desk.tools import DeskTools
from digest.web.visit import PageAnswer

MOST_ENTRIES = 200
ROLES = tuple(role.name.lower() for role in Role)


class PeoplePages:
    """Shows users and the audit log to admins, and changes users."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools
        self._runtime = tools.runtime
        self._acts: dict[str, Callable[[OwnVisit, User], str]] = {
            "role": self._role,
            "disable": self._disable,
            "enable": self._enable,
        }

    def routes(self) -> tuple[OwnRoute, ...]:
        """Return the routes of the admins' pages."""
        admin = Role.ADMIN
        return (
            OwnRoute(path="/users", show=self.show, act=self.act, see=admin, change=admin, recent=True),
            OwnRoute(path="/log", show=self.log, see=admin, change=admin),
        )

    def show(self, visit: OwnVisit) -> PageAnswer:
        """Show all users."""
        return self._page(visit)

    def act(self, visit: OwnVisit) -> PageAnswer:
        """Do what the field ``act`` of the form names, such as adding a user."""
        act = visit.visit.told("act")
        try:
            if act == "add":
                return self._add(visit)
            found = self._runtime.stores.users.get(UserId(number(visit.visit.told("user"))))
            if found is None:
                return self._page(visit, status=HTTPStatus.NOT_FOUND, problem="There is no such user.")
            if act == "reset":
                return self._reset(visit, found.user)
            if act not in self._acts:
                return self._page(visit, status=HTTPStatus.BAD_REQUEST)
            return self._page(visit, done=self._acts[act](visit, found.user))
        except (UserError, BadAddress) as error:
            return self._page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(error))

    def log(self, visit: OwnVisit) -> PageAnswer:
        """Show the latest audit log entries, of all users or of one."""
        who = visit.visit.asked("user")
        entries = self._runtime.stores.audit.entries(who=who, most=MOST_ENTRIES)
        users = [stored.user for stored in self._runtime.stores.users.all()]
        zone = zone_of(self._runtime.settings)
        lines = tuple(log_lines(entries, users, headline_in(self._stories), zone))
        return self._show(visit, "log.html", lines=lines, zone=zone.key, who=who, users=users, most=MOST_ENTRIES)

    def _stories(self, key: EditionKey) -> Iterable[Mapping[str, Any]]:
        row = self._runtime.stores.editions.get(key)
        return row.seen.get("stories", ()) if row is not None else ()

    def _add(self, visit: OwnVisit) -> PageAnswer:
        form = visit.visit
        role = role_of(form.told("role"))
        if role is None:
            return self._page(visit, status=HTTPStatus.BAD_REQUEST)
        user = accounts.add_user(self._runtime, form.told("name"), form.told("email"), role, visit.by)
        return self._page(visit, done=f"{user.name} is added.", link_for=user)

    def _reset(self, visit: OwnVisit, user: User) -> PageAnswer:
        second = bool(visit.visit.told("second_factor"))
        accounts.reset(self._runtime, user, visit.by, second_factor=second)
        if user.id == visit.user.id:  # this session has been ended too
            return self._tools.pages.page("reset_self.html", csrf="", link=self._link(user))
        return self._page(visit, done=f"{user.name} must choose a new password.", link_for=user)

    def _role(self, visit: OwnVisit, user: User) -> str:
        role = role_of(visit.visit.told("role"))
        if role is None:
            raise UserError("Choose one of the roles.")
        accounts.change_role(self._runtime, user, role, visit.by)
        return f"{user.name} is {role.name.lower()} now, and signs in anew."

    def _disable(self, visit: OwnVisit, user: User) -> str:
        accounts.disable(self._runtime, user, visit.by)
        return f"{user.name} cannot sign in any more."

    def _enable(self, visit: OwnVisit, user: User) -> str:
        accounts.enable(self._runtime, user, visit.by)
        return f"{user.name} can sign in again."

    def _link(self, user: User) -> str:
        return desk_link(self._runtime.settings, f"/welcome/{accounts.password_link(self._runtime, user)}")

    def _page(
        self,
        visit: OwnVisit,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        problem: str = "",
        done: str = "",
        link_for: User | None = None,
    ) -> PageAnswer:
        return self._show(
            visit,
            "users.html",
            status=status,
            problem=problem,
            done=done,
            link=self._link(link_for) if link_for is not None else "",
            users=self._runtime.stores.users.all(),
            roles=ROLES,
            hours=round(accounts.LINK_LASTS.total_seconds() / 3600),
        )

    def _show(self, visit: OwnVisit, name: str, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> PageAnswer:
        return self._tools.pages.page(name, csrf=visit.csrf, user=visit.user, status=status, headers=(), **values)


def role_of(told: str) -> Role | None:
    """Return the role with the name in a form field. None when there is none."""
    return Role[told.upper()] if told.lower() in ROLES else None

"""Fills the desk's templates. They are only our own, in English, and link to paths below the desk's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from digest.model.user import Role, User
from digest.render.environment import fill, page_environment
from digest.render.links import DESK, desk_root
from digest.render.palette import MORNING
from digest.settings import Settings
from digest.web.desk.route import DeskVisit
from digest.web.visit import HTML, PageAnswer

STYLE, SCRIPT, ICON = "/desk.css", "/desk.js", "/icon.svg"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of the desk's navigation: the path, the shown name, and the role that it needs."""

    path: str
    name: str
    see: Role = Role.VIEWER


NAVIGATION = (
    Place(path="", name="Desk"),
    Place(path="/account", name="Account"),
    Place(path="/users", name="People", see=Role.ADMIN),
    Place(path="/log", name="Log", see=Role.ADMIN),
)
TROUBLES: Mapping[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("That could not be read", "The browser sent something that this page does not expect."),
    HTTPStatus.FORBIDDEN: ("You may not do that", "Your role does not allow it. An admin can give you another one."),
    HTTPStatus.NOT_FOUND: ("There is nothing here", "The address is wrong, or what stood here is gone."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("That does not work here", "This page can only be read."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That is too much", "The form is larger than the desk takes."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("The database does not answer", "Nothing was changed. Try again in a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something broke", "It was our mistake, and it is logged. Nothing is lost."),
}
"""Heading and text of the error pages."""


class DeskPages:
    """Fills the templates of the desk. One object serves all threads."""

    def __init__(self, settings: Settings) -> None:
        """Read the desk's style sheets and scripts. Raises TemplateError when one cannot be read."""
        self.settings = settings
        self.root = desk_root(settings)
        self._door = page_environment()
        self.style = fill(self._door, "web/desk/desk.css", colours=MORNING).encode()
        self.script = fill(self._door, "web/desk/desk.js").encode()
        self.icon = fill(self._door, "web/icon.svg", colours=MORNING).encode()
        others = (fill(self._door, f"web/desk/{name}").encode() for name in ("edition.css", "edition.js", "unsaved.js"))
        self._version = sha256(b"".join((self.style, self.script, *others))).hexdigest()[:12]

    def link(self, path: str) -> str:
        """Return the URL of a desk page, on the desk's host."""
        return f"{self.root}{DESK}{path}"

    def show(
        self,
        name: str,
        visit: DeskVisit,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Headers = (),
        **values: object,
    ) -> PageAnswer:
        """Return the template ``web/desk/NAME`` filled for a signed-in user."""
        return self.page(name, csrf=visit.csrf, user=visit.user, status=status, headers=headers, **values)

    def page(
        self,
        name: str,
        *,
        csrf: str,
        user: User | None = None,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Headers = (),
        **values: object,
    ) -> PageAnswer:
        """Return the template ``web/desk/NAME`` filled for anybody. ``user`` is None before the sign-in."""
        body = fill(
            self._door,
            f"web/desk/{name}",
            csrf=csrf,
            user=user,
            to=self.link,
            site=self.settings.site,
            version=self._version,
            places=tuple(place for place in NAVIGATION if user is not None and user.may(place.see)),
            **values,
        )
        return PageAnswer(body=body.encode(), status=status, kind=HTML, headers=headers)

    def trouble(
        self, status: HTTPStatus, *, csrf: str = "", user: User | None = None, headers: Headers = (), text: str = ""
    ) -> PageAnswer:
        """Return the page that explains an error and what to do. ``text`` replaces the usual text."""
        title, usual = TROUBLES.get(status, TROUBLES[HTTPStatus.INTERNAL_SERVER_ERROR])
        words = {"title": title, "text": text or usual}
        return self.page("trouble.html", csrf=csrf, user=user, status=status, headers=headers, **words)

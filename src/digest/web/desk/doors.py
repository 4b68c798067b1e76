"""Every route of the desk in one table: ours, and those of the editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from digest.web.desk.account import AccountPages
from digest.web.desk.caller import Caller, OpenRoute
from digest.web.desk.own import OwnRoute, OwnVisit
from digest.web.desk.pages import ICON, SCRIPT, STYLE, DeskPages
from digest.web.desk.people import PeoplePages
from digest.web.desk.router import DeskRouter
from digest.web.desk.routes import DeskRoute
from digest.web.desk.sign_in import SignInPages
from digest.web.desk.tools import DeskTools
from digest.web.visit import PageAnswer, kept

A_YEAR = timedelta(days=365)


def desk_router(tools: DeskTools, routes: Sequence[DeskRoute]) -> DeskRouter:
    """Return the router that has our routes and ``routes``; theirs of the same path takes the place of ours."""
    taken = {route.path for route in routes}
    ours = [route for route in own_routes(tools) if route.path not in taken]
    return DeskRouter(tools, routes, ours, open_routes(tools))


def own_routes(tools: DeskTools) -> tuple[OwnRoute, ...]:
    """Return our routes that need a session."""

    def index(visit: OwnVisit) -> PageAnswer:
        return tools.pages.page("index.html", csrf=visit.csrf, user=visit.user)

    return (OwnRoute(path="/", show=index), *AccountPages(tools).routes(), *PeoplePages(tools).routes())


def open_routes(tools: DeskTools) -> tuple[OpenRoute, ...]:
    """Return the routes that answer before somebody signed in."""
    return (*SignInPages(tools).routes(), *_assets(tools.pages))


def _assets(pages: DeskPages) -> tuple[OpenRoute, ...]:
    """Return what every page loads; the addresses name its version, so it may be kept for ever."""

    def asset(path: str, body: bytes, kind: str) -> OpenRoute:
        answer = PageAnswer(body=body, kind=kind)

        def show(caller: Caller) -> PageAnswer:
            return kept(caller.visit, answer, A_YEAR)

        return OpenRoute(path=path, show=show)

    return (
        asset(STYLE, pages.style, "text/css; charset=utf-8"),
        asset(SCRIPT, pages.script, "text/javascript; charset=utf-8"),
        asset(ICON, pages.icon, "image/svg+xml"),
    )

"""Every route of the desk in one table: the desk's own, and those of the editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from digest.web.desk.account import AccountPages
from digest.web.desk.caller import Caller, OpenRoute
from digest.web.desk.own import OwnRoute
from digest.web.desk.pages import ICON, SCRIPT, STYLE, DeskPages
from digest.web.desk.people import PeoplePages
from digest.web.desk.route import DeskRoute
from digest.web.desk.router import DeskRouter
from digest.web.desk.sign_in import SignInPages
from digest.web.desk.tools import DeskTools
from digest.web.visit import PageAnswer, kept

A_YEAR = timedelta(days=365)


def desk_router(tools: DeskTools, routes: Sequence[DeskRoute]) -> DeskRouter:
    """Return the router with the desk's own routes and ``routes``. One of ``routes`` is the first page (``/``)."""
    return DeskRouter(tools, routes, own_routes(tools), open_routes(tools))


def own_routes(tools: DeskTools) -> tuple[OwnRoute, ...]:
    """Return the desk's own routes that need a session."""
    return (*AccountPages(tools).routes(), *PeoplePages(tools).routes())


def open_routes(tools: DeskTools) -> tuple[OpenRoute, ...]:
    """Return the routes that answer without a session."""
    return (*SignInPages(tools).routes(), *_assets(tools.pages))


def _assets(pages: DeskPages) -> tuple[OpenRoute, ...]:
    """Return routes for the files that every page loads.

    Their URLs contain their version, so they may be cached forever.
    """

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

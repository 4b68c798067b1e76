"""Every route of the desk in one table: ours, and those of the editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from digest.pipeline.runtime import Runtime
from digest.web.desk.caller import Caller, OpenRoute
from digest.web.desk.pages import SCRIPT, STYLE, DeskPages
from digest.web.desk.router import DeskRouter
from digest.web.desk.routes import DeskRoute, DeskVisit
from digest.web.visit import PageAnswer, kept

A_YEAR = timedelta(days=365)


def desk_router(runtime: Runtime, pages: DeskPages, routes: Sequence[DeskRoute], origin: str) -> DeskRouter:
    """Return the router that has our routes and ``routes``; theirs of the same path takes the place of ours."""
    taken = {route.path for route in routes}
    ours = [route for route in own_routes(pages) if route.path not in taken]
    return DeskRouter(runtime, pages, (*routes, *ours), open_routes(pages), origin=origin)


def own_routes(pages: DeskPages) -> tuple[DeskRoute, ...]:
    """Return the routes that need a session."""

    def index(visit: DeskVisit) -> PageAnswer:
        return pages.show("index.html", visit)

    return (DeskRoute(path="/", show=index),)


def open_routes(pages: DeskPages) -> tuple[OpenRoute, ...]:
    """Return the routes that answer before somebody signed in."""
    style = PageAnswer(body=pages.style, kind="text/css; charset=utf-8")
    script = PageAnswer(body=pages.script, kind="text/javascript; charset=utf-8")

    def asset(answer: PageAnswer) -> OpenRoute:
        def show(caller: Caller) -> PageAnswer:
            return kept(caller.visit, answer, A_YEAR)

        return OpenRoute(path=STYLE if answer is style else SCRIPT, show=show)

    return (asset(style), asset(script))

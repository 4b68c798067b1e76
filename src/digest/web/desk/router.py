"""The routes of the desk. Access is checked in one place, before the page is called.

The checks are, in this order: there is a session; a POST comes from a form of our pages; the user has the role; for
important actions, the user has recently proved who they are. A refused request changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import StorageError
from digest.logs import get_logger
from digest.people.tokens import is_form_of
from digest.pipeline.people.audit import note
from digest.pipeline.people.desk_sessions import SignedIn, find_session, is_recent
from digest.web.clients import networks
from digest.web.desk.again import OURS, Again
from digest.web.desk.caller import CSRF, Caller, OpenRoute, caller_of, is_from_desk
from digest.web.desk.own import OwnPage, OwnRoute, OwnVisit
from digest.web.desk.route import DeskRoute, DeskVisit
from digest.web.desk.tools import DeskTools
from digest.web.visit import PageAnswer

FORM = "application/x-www-form-urlencoded"
SAME_OUTAGE_SECONDS = 60.0
EDITION = frozenset({"name", "date"})
"""The parameters of a path that names an edition."""
UNLOGGED = frozenset(
    {"seen", "view", "version", "from", "place", "form", "was_subject", "was_preheader", "was_note", "was_author"}
)
"""Form fields that are not logged, since they only say what the page showed and where it leads."""
OLD_FORM = "The form is not of this sign-in, or it is too old. Go back, load the page again, and send it once more."
log = get_logger()


class DeskRouter:
    """Serves routes at ``/desk``: public ones, and those for signed-in users."""

    def __init__(
        self,
        tools: DeskTools,
        routes: Sequence[DeskRoute],
        own_routes: Sequence[OwnRoute] = (),
        open_routes: Sequence[OpenRoute] = (),
    ) -> None:
        self._runtime = tools.runtime
        self._pages = tools.pages
        self._cookies = tools.cookies
        self._origin = tools.origin
        self._again = Again(tools)
        self._routes = (*map(self._adopted, routes), *own_routes)
        self._open = open_routes
        web = tools.runtime.settings.web
        self._trusted = networks(web.trusted_proxies, web.host)
        self._failed_at: float | None = None

    def app(self) -> ASGIApp:
        """Return an ASGI app with these routes and with error pages."""
        made = [self._open_route(route) for route in self._open] + [self._route(route) for route in self._routes]
        troubles = {HTTPException: self._refused, StorageError: self._unavailable, Exception: self._broken}
        app = Starlette(routes=made, exception_handlers=troubles)
        app.router.redirect_slashes = False
        return app

    async def too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is too large, and close the connection."""
        answer = self._pages.trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers=(("Connection", "close"),))
        await _response(answer)(scope, receive, send)

    def _open_route(self, route: OpenRoute) -> Route:
        def answered(caller: Caller, request: Request) -> PageAnswer:
            return self._answer_anybody(route, caller, request)

        methods = (["GET"] if route.show else []) + (["POST"] if route.act else [])
        return self._made(route.path, answered, methods)

    def _route(self, route: OwnRoute) -> Route:
        def answered(caller: Caller, request: Request) -> PageAnswer:
            return self._answer_user(route, caller, request)

        return self._made(route.path, answered, ["GET", "POST"])

    def _made(self, path: str, answered: Callable[[Caller, Request], PageAnswer], methods: list[str]) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = caller_of(request, await _form(request), self._trusted, self._cookies)
            return _response(await run_in_threadpool(answered, caller, request))

        return Route(self._pages.link("" if path == "/" else path), endpoint, methods=methods)

    def _answer_anybody(self, route: OpenRoute, caller: Caller, request: Request) -> PageAnswer:
        page = route.act if request.method == "POST" else route.show
        if page is None:
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
        if request.method == "POST" and not (
            is_from_desk(request.headers, self._origin) and caller.has_form_of_browser
        ):
            return self._with_device(caller, self._pages.trouble(HTTPStatus.FORBIDDEN, text=OLD_FORM))
        return self._with_device(caller, page(caller))

    def _with_device(self, caller: Caller, answer: PageAnswer) -> PageAnswer:
        if not caller.is_new or any(name == "Cache-Control" for name, _value in answer.headers):
            return answer
        return replace(answer, headers=(*answer.headers, self._cookies.device(caller.device)))

    def _answer_user(self, route: OwnRoute, caller: Caller, request: Request) -> PageAnswer:
        found = find_session(self._runtime, caller.token)
        if found is None:
            return self._to_sign_in(caller, request.method)
        visit = OwnVisit(caller=caller, user=found.user, session=found.session)
        if request.method != "POST":
            return self._show(route, visit)
        if not (is_from_desk(request.headers, self._origin) and is_form_of(caller.visit.told(CSRF), caller.token)):
            return self._trouble(visit, HTTPStatus.FORBIDDEN, OLD_FORM)
        if route.act is None:
            return self._trouble(visit, HTTPStatus.METHOD_NOT_ALLOWED)
        if not found.user.may(route.change):
            client = caller.origin.client
            note(self._runtime, found.user, route.what or route.path, _places(visit), client=client, refused=True)
            return self._trouble(visit, HTTPStatus.FORBIDDEN)
        return self._act(
            route.act, visit, found, is_recent_enough=not route.recent or is_recent(self._runtime, found.session)
        )

    def _show(self, route: OwnRoute, visit: OwnVisit) -> PageAnswer:
        if route.show is None:
            return self._trouble(visit, HTTPStatus.METHOD_NOT_ALLOWED)
        return route.show(visit) if visit.user.may(route.see) else self._trouble(visit, HTTPStatus.FORBIDDEN)

    def _act(self, act: OwnPage, visit: OwnVisit, found: SignedIn, *, is_recent_enough: bool) -> PageAnswer:
        if is_recent_enough:
            return act(visit)

        def go_on(caller: Caller) -> PageAnswer:
            return act(OwnVisit(caller=caller, user=found.user, session=found.session))

        return self._again.answer(visit.caller, found, go_on)

    def _adopted(self, route: DeskRoute) -> OwnRoute:
        """Turn a route about editions into one of the desk's own routes. It records each action in the audit log."""

        def show(visit: OwnVisit) -> PageAnswer:
            return route.show(_desk_visit(visit))

        def act(visit: OwnVisit) -> PageAnswer:
            answer = (route.act or route.show)(_desk_visit(visit))
            refused = answer.status >= HTTPStatus.BAD_REQUEST
            client = visit.caller.origin.client
            note(self._runtime, visit.user, route.what or route.path, _about(visit), client=client, refused=refused)
            return answer

        return OwnRoute(
            path=route.path,
            what=route.what,
            show=show,
            act=act if route.act else None,
            see=route.see,
            change=route.change,
            recent=route.recent,
        )

    def _to_sign_in(self, caller: Caller, method: str) -> PageAnswer:
        after = f"?{urlencode({'next': caller.target})}" if method != "POST" else ""
        where = self._pages.link(f"/sign-in{after}")
        return PageAnswer(body=b"", status=HTTPStatus.SEE_OTHER, headers=(("Location", where),))

    def _trouble(self, visit: OwnVisit, status: HTTPStatus, text: str = "") -> PageAnswer:
        return self._pages.trouble(status, csrf=visit.csrf, user=visit.user, text=text)

    async def _refused(self, _request: Request, error: Exception) -> Response:
        status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        return _response(self._pages.trouble(status))

    async def _unavailable(self, _request: Request, error: Exception) -> Response:
        now, before = time.monotonic(), self._failed_at
        self._failed_at = now
        if before is None or now - before > SAME_OUTAGE_SECONDS:
            log.error("desk without database", why=str(error))
        return _response(self._pages.trouble(HTTPStatus.SERVICE_UNAVAILABLE, headers=(("Retry-After", "5"),)))

    async def _broken(self, _request: Request, _error: Exception) -> Response:
        return _response(self._pages.trouble(HTTPStatus.INTERNAL_SERVER_ERROR))


def _desk_visit(visit: OwnVisit) -> DeskVisit:
    return DeskVisit(visit=visit.visit, user=visit.user, csrf=visit.csrf)


def _places(visit: OwnVisit) -> dict[str, object]:
    """Return the parameters of a request's path for the audit log, with the edition as one text."""
    places = dict(visit.visit.places)
    if not places.keys() >= EDITION:
        return dict(places)
    return {"edition": f"{places.pop('name')}/{places.pop('date')}", **places}


def _about(visit: OwnVisit) -> dict[str, object]:
    """Return the details of an action for the audit log: the parameters of its path, and the fields of its form."""
    fields = visit.visit.form.items()
    return {**_places(visit), **{name: ", ".join(values) for name, values in fields if name not in OURS | UNLOGGED}}


async def _form(request: Request) -> bytes:
    """Return the body of a form. Empty when the request has no form."""
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    return await request.body() if request.method == "POST" and kind == FORM else b""


def _response(answer: PageAnswer) -> Response:
    made = Response(answer.body, answer.status, media_type=answer.kind)
    made.headers["Referrer-Policy"] = "same-origin"  # without it browsers send "null" as the origin of a form
    made.headers["X-Robots-Tag"] = "noindex"
    for name, value in answer.headers:
        made.headers.append(name, value)
    return made

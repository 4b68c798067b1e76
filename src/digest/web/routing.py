"""The routes of a site: which path leads to which page, who may post there, and the checks around each.

GET and HEAD change nothing. POST acts, and only from our own pages unless the route allows more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import StorageError
from digest.logs import get_logger
from digest.render.links import site_origin
from digest.web.clients import client_of, networks
from digest.web.languages import best_language
from digest.web.pages import Pages
from digest.web.paths import mended
from digest.web.visit import PageAnswer, Visit, fields_of, json_fields_of

Page = Callable[[Visit], PageAnswer]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
COME_AGAIN_SECONDS = "5"
SAME_OUTAGE_SECONDS = 60.0
"""Failures of the database at most this many seconds apart are one outage, which is logged once."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRoute:
    """One path, with parameters in braces, and the functions that answer its requests.

    ``show`` answers GET, ``act`` answers POST. They may query the database, so they run in threads. ``at_hand`` answers
    GET without a query, or returns None.
    """

    path: str
    show: Page
    act: Page | None = None
    at_hand: Callable[[Visit], PageAnswer | None] | None = None
    from_anywhere: bool = False
    """Whether a POST is accepted that does not come from our pages, such as one of a mail program."""
    takes: str = FORM
    """Content type of the bodies that are read. A body of another type is refused or ignored."""


class PageRouter:
    """Turns a request into a visit, calls the page, and turns its answer into a response."""

    def __init__(self, pages: Pages, doors: Sequence[PageRoute], seconds: Callable[[], float] = time.monotonic) -> None:
        self._pages = pages
        self._seconds = seconds
        self._doors = doors
        self._trusted = networks(pages.settings.web.trusted_proxies, pages.settings.web.host)
        self._origin = site_origin(pages.settings.site)
        self._guarded: frozenset[str] = frozenset(
            door.path.split("/")[1] for door in doors if door.path.endswith("/{token}")
        )
        self._without_database: float | None = None
        """When a page last failed because the database was unavailable (monotonic seconds); None when none did."""

    def app(self) -> ASGIApp:
        """Return an ASGI app with these routes and with error pages."""
        routes = [self._route(door) for door in self._doors]
        troubles = {HTTPException: self._refused, StorageError: self._unavailable, Exception: self._broken}
        app = Starlette(routes=routes, exception_handlers=troubles)
        app.router.redirect_slashes = False  # it would redirect to whatever host the request names
        return self._led(app)

    def _led(self, app: ASGIApp) -> ASGIApp:
        """Return the app with the paths of its requests repaired first (see ``mended``)."""

        async def led(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                path = mended(scope["path"], self._pages.root, self._guarded)
                scope = {**scope, "path": path, "raw_path": None}
            await app(scope, receive, send)

        return led

    async def too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is too large. Close the connection, since the rest of the body is not read."""
        visit, closing = self._visit(Request(scope)), (("Connection", "close"),)
        answer = self._pages.trouble(visit, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, closing)
        await _response(answer)(scope, receive, send)

    def _route(self, door: PageRoute) -> Route:
        async def endpoint(request: Request) -> Response:
            return _response(await self._answer(door, request))

        methods = ["GET"] if door.act is None else ["GET", "POST"]
        return Route(self._pages.root + door.path, endpoint, methods=methods)

    async def _answer(self, door: PageRoute, request: Request) -> PageAnswer:
        places = {name: place.replace("\0", "\ufffd") for name, place in request.path_params.items()}
        request.scope["path_params"] = places  # PostgreSQL refuses to look up a null character
        if request.method != "POST" or door.act is None:
            visit = self._visit(request)
            if door.at_hand is not None and (answer := door.at_hand(visit)) is not None:
                return answer
            return await run_in_threadpool(door.show, visit)
        if not door.from_anywhere and not is_from_here(request.headers, self._origin):
            return self._pages.trouble(self._visit(request), HTTPStatus.FORBIDDEN)
        kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        if door.takes not in {FORM, kind}:
            return self._pages.trouble(self._visit(request), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        body = await request.body() if kind == door.takes else b""
        return await run_in_threadpool(door.act, self._visit(request, body, door.takes))

    def _visit(self, request: Request, body: bytes = b"", kind: str = FORM) -> Visit:
        query = fields_of(request.scope["query_string"].decode("ascii", "replace"))
        asked = query.get("lang", ("",))[0]
        chosen = asked in self._pages.languages
        accepted = request.headers.get("accept-language", "")
        best = best_language(accepted, self._pages.languages, self._pages.default)
        return Visit(
            places=request.scope.get("path_params", {}),
            query=query,
            form=fields_of(body.decode("ascii", "replace")) if kind == FORM else json_fields_of(body),
            language=asked if chosen else best,
            chosen=chosen,
            client=client_of(request.scope, request.headers, self._trusted),
            cookie=request.headers.get("cookie", ""),
            known=request.headers.get("if-none-match", ""),
        )

    async def _refused(self, request: Request, error: Exception) -> Response:
        status, headers = HTTPStatus.NOT_FOUND, None
        if isinstance(error, HTTPException):
            status, headers = HTTPStatus(error.status_code), error.headers
        return _response(self._pages.trouble(self._visit(request), status, tuple((headers or {}).items())))

    async def _unavailable(self, request: Request, error: Exception) -> Response:
        now, before = self._seconds(), self._without_database
        self._without_database = now
        if before is None or now - before > SAME_OUTAGE_SECONDS:
            log.error("page without database", why=str(error))
        again = (("Retry-After", COME_AGAIN_SECONDS),)
        return _response(self._pages.trouble(self._visit(request), HTTPStatus.SERVICE_UNAVAILABLE, again))

    async def _broken(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 - the server logs it
        return _response(self._pages.trouble(self._visit(request), HTTPStatus.INTERNAL_SERVER_ERROR))


def is_from_here(headers: Headers, origin: str) -> bool:
    """Return whether a form was sent by one of our pages, as the browser reports it. ``origin`` is the site's.

    Our pages send no referrer, and browsers then give ``null`` in the header Origin. So only the newer header
    Sec-Fetch-Site is reliable (Fetch Metadata). A request with neither header is accepted: no cookie gives a page
    rights that another site could misuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return headers.get("origin", "null") in {"null", origin}


def _response(answer: PageAnswer) -> Response:
    made = Response(answer.body, answer.status, media_type=answer.kind)
    for name, value in answer.headers:
        made.headers[name] = value
    return made

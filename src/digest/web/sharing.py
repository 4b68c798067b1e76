"""Requests of scripts on other sites (CORS): which origins may read an answer, and which requests they may send.

See the Fetch Standard, section 3.3. Only origins that the settings list are allowed, each by its exact name. These
pages have no cookies, so no answer allows credentials.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.web.paths import mended

METHODS, HEADERS = "GET, POST", "Content-Type"
PREFLIGHT_SECONDS = "600"
"""For how many seconds a browser may keep the answer to a preflight request."""
EXPOSED = "Retry-After, ETag"


class SharedPaths:
    """Lets scripts of the listed origins read some paths and send to them. Every other request passes unchanged.

    ``places`` are full paths, with ``root``; one with a slash at the end covers all paths below it. Every spelling of a
    path that the pages answer is covered. ``own`` is the origin of our own site.
    """

    def __init__(self, app: ASGIApp, places: Collection[str], origins: Collection[str], own: str, root: str) -> None:
        self._app = app
        self._root = root
        self._exact = frozenset(place for place in places if not place.endswith("/"))
        self._below = tuple(place for place in places if place.endswith("/"))
        self._origins = frozenset(origins)
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight request, refuse what other origins may not send, and add headers to the app's answers."""
        if scope["type"] != "http" or not self._covers(mended(scope["path"], self._root, ())):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = origin if origin in self._origins else ""
        answer: Response | None = None
        if scope["method"] == "OPTIONS":
            answer = _preflight(headers, allowed)
        elif scope["method"] == "POST" and origin not in {"", self._own, allowed}:
            answer = PlainTextResponse("This origin may not sign readers up here.\n", HTTPStatus.FORBIDDEN)
        await (answer or self._app)(scope, receive, _marked(send, allowed))

    def _covers(self, path: str) -> bool:
        return path in self._exact or path.startswith(self._below)


def _preflight(headers: Headers, allowed: str) -> Response:
    """Answer a browser that asks whether a script may send a request. ``allowed`` is the script's origin, or empty.

    Without the headers, the browser does not send it.
    """
    if not allowed or "access-control-request-method" not in headers:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    granted = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=granted)


def _marked(send: Send, allowed: str) -> Send:
    """Return an ASGI ``send`` function that adds the headers for an allowed origin.

    It also tells caches that answers differ by origin.
    """

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Origin")
            if allowed:
                headers["Access-Control-Allow-Origin"] = allowed
                headers["Access-Control-Expose-Headers"] = EXPOSED
        await send(message)

    return with_headers

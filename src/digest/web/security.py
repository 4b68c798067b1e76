"""Protection of every page: restrictive headers, known host names, small request bodies.

These are plain ASGI middlewares. Wrap an app from the inside out:

    app = AllowedHosts(SecurityHeaders(SmallBodies(app), content={"style-src": "'self'"}), ("paper.example",))
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
"""Most bytes of a request's body. The forms have a few fields, and an unsubscription has one line."""
NOBODY, OURSELVES = "'none'", "'self'"
CLOSED = {"default-src": NOBODY, "base-uri": NOBODY, "form-action": OURSELVES}
"""The beginning of every Content-Security-Policy: nothing is loaded, and forms go only to our own site."""
PAGE_CONTENT = {"style-src": OURSELVES, "img-src": OURSELVES}
"""What the public pages may load: their own style sheet and pictures."""
PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in ("browsing-topics", "camera", "geolocation", "microphone", "payment", "usb")
)
AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
"""Pattern of a Host header in lower case: a name or an address, with an optional port (RFC 9110, section 7.2)."""


def content_policy(content: Mapping[str, str], framed_by: str = NOBODY) -> str:
    """Return a Content-Security-Policy that allows only what ``content`` names.

    ``content`` maps directives to their sources, such as ``{"img-src": "'self'"}``. ``framed_by`` are the origins
    that may show the page in a frame.
    """
    directives = {**CLOSED, **content, "frame-ancestors": framed_by}
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


class SecurityHeaders:
    """Adds headers to every response that forbid loading, framing, storing, and sending referrers.

    A header that the response already has is kept. So a page may have its own policy, may be stored
    (``Cache-Control``), or may be used elsewhere (a picture's ``Cross-Origin-Resource-Policy``).
    """

    def __init__(
        self, app: ASGIApp, *, content: Mapping[str, str] | None = None, framed_by: Mapping[str, str] | None = None
    ) -> None:
        """Set what the app's pages may load (``content``), and which origins may frame a path (``framed_by``).

        A path of ``framed_by`` with a slash at the end covers all paths below it.
        """
        self._app = app
        self._content = content or {}
        self._framed_by = framed_by or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = dict(self._headers(self._framers(scope["path"])))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _framers(self, path: str) -> str:
        for framed, origins in self._framed_by.items():
            if path == framed or (framed.endswith("/") and path.startswith(framed)):
                return origins
        return NOBODY

    def _headers(self, framers: str) -> Iterator[tuple[str, str]]:
        yield "Content-Security-Policy", content_policy(self._content, framers)
        yield "X-Content-Type-Options", "nosniff"
        yield "Referrer-Policy", "no-referrer"  # URLs contain readers' tokens
        yield "Permissions-Policy", PERMISSIONS
        yield "Cross-Origin-Opener-Policy", "same-origin"
        yield "Cross-Origin-Resource-Policy", "same-origin"
        yield "Cache-Control", "no-store"
        if framers in {NOBODY, OURSELVES}:  # the older header has no list of origins
            yield "X-Frame-Options", "DENY" if framers == NOBODY else "SAMEORIGIN"


def loopback_hosts(port: int) -> tuple[str, ...]:
    """Return the host names with which a browser on this machine asks for a page on that port."""
    return tuple(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def is_allowed(host: str, allowed: Collection[str]) -> bool | None:
    """Return whether a Host header names an allowed host. None when it is not a valid host.

    An allowed host with a port matches only that port. One without a port matches any port.
    """
    found = AUTHORITY.fullmatch(host.lower())
    if found is None:
        return None
    return found.group() in allowed or found["name"] in allowed


MOST_DIGITS = 20
"""Most digits of a Content-Length header. h11 refuses longer ones as well."""


class AllowedHosts:
    """Passes requests for its own host names to an app. Requests for other names (DNS rebinding) are refused."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(host.lower() for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request for one of the host names to the app. Answer any other with a list of the names."""
        allowed: bool | None = True
        if scope["type"] == "http":
            hosts = Headers(scope=scope).getlist("host")
            allowed = is_allowed(hosts[0], self._allowed) if len(hosts) == 1 else None
        if allowed:
            await self._app(scope, receive, send)
            return
        status = HTTPStatus.BAD_REQUEST if allowed is None else HTTPStatus.MISDIRECTED_REQUEST
        known = ", ".join(sorted(self._allowed))
        words = f"This address is not served here. Served are: {known}.\n"
        await SecurityHeaders(PlainTextResponse(words, status))(scope, receive, send)


class Health:
    """Answers the health page at ``path`` itself, under any host name, since monitoring uses the machine's address.

    All other requests are passed to an app.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for the health page. Pass every other request to the app."""
        if scope["type"] == "http" and scope["path"] == self._path and scope["method"] in {"GET", "HEAD"}:
            await SecurityHeaders(PlainTextResponse("ok\n"))(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SmallBodies:
    """Reads a request's body before an app is called, and refuses a body that is too large.

    ``refusal`` is an app that answers such a request. Without it, the answer is one line of plain text.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, refusal: ASGIApp | None = None) -> None:
        self._app = app
        self._largest = largest
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the app if its body is small enough and complete."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        if "transfer-encoding" in headers and "content-length" in headers:
            await self._ambiguous(scope, receive, send)
            return
        if not (
            len(announced) < MOST_DIGITS
            and announced.isascii()
            and announced.isdecimal()
            and int(announced) <= self._largest
        ):
            await self._refuse(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > self._largest:
                await self._refuse(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _again(bytes(body), receive), send)

    async def _ambiguous(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request with an ambiguous end (RFC 9112, 6.3), and close its connection.

        A proxy and this server could otherwise split the bytes after it into different requests.
        """
        words = "A request has a Content-Length or a Transfer-Encoding, not both.\n"
        await PlainTextResponse(words, HTTPStatus.BAD_REQUEST, {"Connection": "close"})(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        words = f"The request is larger than {self._largest // 1024} KB.\n"
        closing = {"Connection": "close"}
        plain = PlainTextResponse(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, closing)
        await (self._refusal or plain)(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return an ASGI ``receive`` function that gives the body once, then the messages of ``receive``."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message

"""What stands around every page: headers that close what a browser leaves open, known names, small bodies.

Middlewares of plain ASGI, to be put around an app from the inside out:

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
"""Bytes of a request's body at most: the forms are a few fields, and an unsubscription one line."""
NOBODY, OURSELVES = "'none'", "'self'"
CLOSED = {"default-src": NOBODY, "base-uri": NOBODY, "form-action": OURSELVES}
"""Where every policy begins: nothing is loaded, and forms go to ourselves only."""
PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in ("browsing-topics", "camera", "geolocation", "microphone", "payment", "usb")
)
AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
"""A Host header's value, in lower case: a name or an address, and perhaps a port (RFC 9110, section 7.2)."""


def content_policy(content: Mapping[str, str], framed_by: str = NOBODY) -> str:
    """Return a Content-Security-Policy that allows what ``content`` says and nothing else.

    ``content`` holds directives and their sources, such as ``{"img-src": "'self'"}``; ``framed_by`` are the origins
    that may show the page in a frame.
    """
    directives = {**CLOSED, **content, "frame-ancestors": framed_by}
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


class SecurityHeaders:
    """Puts the headers on every answer that keep a page from loading, framing, telling or storing anything.

    A header that the answer brings itself is kept: a page may have a policy of its own, or may be stored
    (``Cache-Control``), or be shown elsewhere (a picture's ``Cross-Origin-Resource-Policy``).
    """

    def __init__(
        self, app: ASGIApp, *, content: Mapping[str, str] | None = None, framed_by: Mapping[str, str] | None = None
    ) -> None:
        """Take what the app's pages use, and which paths others may frame, by whom.

        A path of ``framed_by`` that ends with a slash stands for all below it.
        """
        self._app = app
        self._content = content or {}
        self._framed_by = framed_by or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers."""
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
        yield "Referrer-Policy", "no-referrer"  # addresses hold readers' tokens
        yield "Permissions-Policy", PERMISSIONS
        yield "Cross-Origin-Opener-Policy", "same-origin"
        yield "Cross-Origin-Resource-Policy", "same-origin"
        yield "Cache-Control", "no-store"
        if framers in {NOBODY, OURSELVES}:  # the older header knows no list of origins
            yield "X-Frame-Options", "DENY" if framers == NOBODY else "SAMEORIGIN"


def loopback_hosts(port: int) -> tuple[str, ...]:
    """Return the names under which a browser of this machine asks for a page on that port."""
    return tuple(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def is_allowed(host: str, allowed: Collection[str]) -> bool | None:
    """Tell whether a Host header names one of the allowed hosts; None when it is no host at all.

    An allowed host that has a port is asked for with that port only; one without is asked for with any.
    """
    found = AUTHORITY.fullmatch(host.lower())
    if found is None:
        return None
    return found.group() in allowed or found["name"] in allowed


MOST_DIGITS = 20
"""Of an announced length; h11 refuses more as well."""


class AllowedHosts:
    """Answers under its own names only: a page that another name leads to here (DNS rebinding) gets nothing."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(host.lower() for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for one of the names; tell others which they are."""
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
    """Answers at ``path`` under any name, since who watches a machine asks by its address; tells that pages answer."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the page of health by itself, every other by the app."""
        if scope["type"] == "http" and scope["path"] == self._path and scope["method"] in {"GET", "HEAD"}:
            await SecurityHeaders(PlainTextResponse("ok\n"))(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SmallBodies:
    """Reads a request's body before the app is asked, and refuses one that is too large.

    ``refusal`` answers such a request in place of a plain line.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY, refusal: ASGIApp | None = None) -> None:
        self._app = app
        self._largest = largest
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is small enough, and has come to its end."""
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
        """Refuse a request whose end two readers may see in two places (RFC 9112, 6.3), and the rest of its connection.

        A proxy and we would take what stands after it for different requests.
        """
        words = "A request has a Content-Length or a Transfer-Encoding, not both.\n"
        await PlainTextResponse(words, HTTPStatus.BAD_REQUEST, {"Connection": "close"})(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        words = f"The request is larger than {self._largest // 1024} KB.\n"
        closing = {"Connection": "close"}
        plain = PlainTextResponse(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, closing)
        await (self._refusal or plain)(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives the body once, and then what comes after it."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message

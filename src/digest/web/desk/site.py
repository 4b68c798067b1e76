"""Puts the desk beside the public site: decides which requests go to the desk, and adds headers to its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import StorageError
from digest.people.extra import missing_libraries
from digest.pipeline.runtime import Runtime
from digest.render.links import DESK, desk_root
from digest.web.desk.route import DeskRoute
from digest.web.security import OURSELVES, AllowedHosts, SecurityHeaders, SmallBodies

CONTENT = {
    "connect-src": OURSELVES,
    "frame-src": OURSELVES,
    "img-src": OURSELVES,
    "script-src": OURSELVES,
    "style-src": OURSELVES,
}
"""What pages of the desk may load: their own style sheet and script, and letters in a frame. Nothing is inline."""


class Desk:
    """Answers requests at ``/desk`` once a user exists. The app ``public`` answers all other requests."""

    def __init__(self, runtime: Runtime, public: ASGIApp, routes: Callable[[Runtime], Sequence[DeskRoute]]) -> None:
        """Prepare the desk. Raises TemplateError when a template of the desk cannot be read."""
        settings = runtime.settings
        self._public = public
        self._users = runtime.stores.users
        self._root = desk_root(settings)
        self._own_host = (settings.desk.host or "").lower()
        self._desk: ASGIApp | None = None
        self._is_open = False
        if not (missing_libraries() or settings.desk.off):
            self._desk = self._made(runtime, routes(runtime))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the desk or the public site answer a request."""
        if scope["type"] != "http" or self._desk is None:
            await self._public(scope, receive, send)
            return
        path = desk_path(scope["path"], self._root)
        own = bool(self._own_host) and Headers(scope=scope).get("host", "").lower() == self._own_host
        if not (path or own) or not await self._opened():
            await self._public(scope, receive, send)
        elif own and scope["path"] == "/":
            await RedirectResponse(DESK, HTTPStatus.SEE_OTHER)(scope, receive, send)
        else:
            await self._desk({**scope, "path": path or scope["path"], "raw_path": None}, receive, send)

    def _made(self, runtime: Runtime, routes: Sequence[DeskRoute]) -> ASGIApp:
        from digest.web.desk.routes import desk_router  # noqa: PLC0415 - with the libraries of the extra
        from digest.web.desk.tools import desk_tools  # noqa: PLC0415 - the same

        router = desk_router(desk_tools(runtime), routes)
        inside = SmallBodies(router.app(), refusal=router.too_large)
        host = self._own_host or urlsplit(runtime.settings.site.url or "").hostname or ""
        return AllowedHosts(SecurityHeaders(inside, content=CONTENT), (host,))

    async def _opened(self) -> bool:
        """Return whether a user exists. Users are never removed, so a yes is cached.

        Without a database, return True: the desk's pages explain the failure.
        """
        try:
            self._is_open = self._is_open or await run_in_threadpool(self._users.exist)
        except StorageError:
            return True
        return self._is_open


def desk_path(path: str, root: str) -> str:
    """Return the path of a request if it belongs to the desk, completed with ``root``; otherwise an empty text.

    ``root`` is the path of the site. A proxy may have removed it from the request. A slash at the end makes no
    difference.
    """
    bare = path.removeprefix(root) if path.startswith(f"{root}/") else path
    return root + bare.rstrip("/") if bare == DESK or bare.startswith(f"{DESK}/") else ""

"""Puts the API beside the public pages: decides which requests go to the API, and from when on it answers."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import StorageError
from digest.pipeline.runtime import Runtime
from digest.render.links import site_base
from digest.web.api.budgets import Budgets
from digest.web.api.route import PATH
from digest.web.security import SmallBodies


class Api:
    """Answers requests below ``/api/v1`` once a token exists. The app ``public`` answers all other requests.

    The routes are made at the first request to the API, since most installations have no token.
    """

    def __init__(self, runtime: Runtime, public: ASGIApp) -> None:
        self._runtime = runtime
        self._public = public
        self._root = urlsplit(site_base(runtime.settings.site)).path
        self._making = threading.Lock()
        self._api: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API or the public pages answer a request."""
        is_http = scope["type"] == "http" and not self._runtime.settings.api.off
        path = api_path(scope["path"], self._root) if is_http else ""
        api = self._api or await run_in_threadpool(self._opened) if path else None
        if api is None:
            await self._public(scope, receive, send)
        else:
            await api({**scope, "path": path, "raw_path": None}, receive, send)

    def _opened(self) -> ASGIApp | None:
        """Return the app of the API; None as long as there is no token. Tokens are never deleted, so the app is kept.

        Without a database the API answers, since its problems explain the failure.
        """
        with self._making:
            if self._api is not None:
                return self._api
            try:
                if not self._runtime.stores.api_tokens.exist():
                    return None
            except StorageError:
                return self._made()
            self._api = self._made()
            return self._api

    def _made(self) -> ASGIApp:
        from digest.web.api.articles import LARGEST_BATCH  # noqa: PLC0415 - trafilatura, half a second
        from digest.web.api.router import ApiRouter  # noqa: PLC0415 - with the routes
        from digest.web.api.routes import api_routes  # noqa: PLC0415 - the same

        runtime, url = self._runtime, site_base(self._runtime.settings.site) + PATH
        budgets = Budgets(runtime.settings.api.per_minute)
        router = ApiRouter(runtime, api_routes(runtime, url), url, self._root + PATH, budgets)
        return SmallBodies(router.app(), LARGEST_BATCH, refusal=router.too_large)


def api_path(path: str, root: str) -> str:
    """Return the path of a request if it belongs to the API, completed with ``root``; otherwise an empty text.

    ``root`` is the path of the site. A proxy may have removed it from the request.
    """
    bare = path.removeprefix(root) if path.startswith(f"{root}/") else path
    return root + bare if bare == PATH or bare.startswith(f"{PATH}/") else ""

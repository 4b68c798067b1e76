"""The API beside the public pages: which requests are its own, and when it answers at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import StorageError
from digest.pipeline.runtime import Runtime
from digest.render.links import site_base
from digest.web.api.articles import LARGEST_BATCH
from digest.web.api.budgets import Budgets
from digest.web.api.doors import api_routes
from digest.web.api.router import ApiRouter
from digest.web.api.table import PATH
from digest.web.security import SmallBodies


class Api:
    """Answers below ``/api/v1`` as soon as there was a token. ``public`` answers all other requests."""

    def __init__(self, runtime: Runtime, public: ASGIApp) -> None:
        settings = runtime.settings
        self._public = public
        self._tokens = runtime.stores.api_tokens
        self._root = urlsplit(site_base(settings.site)).path
        self._is_open = False
        self._is_off = settings.api.off
        url = site_base(settings.site) + PATH
        router = ApiRouter(runtime, api_routes(runtime, url), url, self._root + PATH, Budgets(settings.api.per_minute))
        self._api = SmallBodies(router.app(), LARGEST_BATCH, refusal=router.too_large)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API or the public pages answer a request."""
        path = api_path(scope["path"], self._root) if scope["type"] == "http" and not self._is_off else ""
        if path and await self._opened():
            await self._api({**scope, "path": path, "raw_path": None}, receive, send)
        else:
            await self._public(scope, receive, send)

    async def _opened(self) -> bool:
        """Return whether there was a token. Rows of tokens are never removed, so a yes is cached.

        Without a database the API answers, since its problems explain the failure.
        """
        try:
            self._is_open = self._is_open or await run_in_threadpool(self._tokens.exist)
        except StorageError:
            return True
        return self._is_open


def api_path(path: str, root: str) -> str:
    """Return the path of a request to the API below ``root``. A proxy may have removed ``root``. Empty for others."""
    bare = path.removeprefix(root) if path.startswith(f"{root}/") else path
    return root + bare if bare == PATH or bare.startswith(f"{PATH}/") else ""

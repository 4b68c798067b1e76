"""The preview as an ASGI app. It has only GET, stores nothing, and answers only browsers on this machine.

``/`` is the page; ``/letter`` the letter in a frame; ``/letter.eml`` a copy of it. The page polls ``/version``, and
reloads itself when the version changes.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.model.letter import picture_type
from digest.render.environment import environment, fill
from digest.web.preview.pane import pane
from digest.web.preview.view import preview_page
from digest.web.preview.watch import Watch
from digest.web.security import OURSELVES, AllowedHosts, SecurityHeaders, SmallBodies, loopback_hosts

CONTENT = {
    "connect-src": OURSELVES,
    "frame-src": OURSELVES,
    "img-src": "data:",
    "script-src": OURSELVES,
    "style-src": OURSELVES,
}
NO_LETTER = "There is no letter to show: the page around says why.\n"


class PreviewPages:
    """The pages of the preview of one edition.

    An operator's broken template cannot break them: they use only our own.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._door = environment()

    def show(self, request: Request) -> Response:
        """Return the preview's page, with one of its views open."""
        found = preview_page(self._watch.look(), request.query_params.get("view", ""), self._watch.now())
        return HTMLResponse(fill(self._door, "web/preview.html", page=found))

    def letter(self, request: Request) -> Response:
        """Return the letter as a page inside a frame."""
        sight = self._watch.look()
        asked = pane(request.query_params)
        if sight.proof is None or sight.settings is None:
            return PlainTextResponse(NO_LETTER, 404)
        policy = {"Content-Security-Policy": asked.policy}
        return HTMLResponse(asked.shown(sight.proof.page, sight.settings.site), headers=policy)

    def picture(self, request: Request) -> Response:
        """Return a picture of the letter, which the public site would otherwise serve."""
        found = self._watch.picture(request.path_params["name"])
        if found is None:
            return PlainTextResponse("There is no such picture.\n", 404)
        # the letter's frame has an opaque origin, so its pictures are cross-origin requests
        return Response(found, media_type=picture_type(found), headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    def message(self, _: Request) -> Response:
        """Return one reader's copy, to be opened in a mail program."""
        sight = self._watch.look()
        if sight.proof is None:
            return PlainTextResponse(NO_LETTER, 404)
        key = sight.proof.letter.edition
        named = {"Content-Disposition": f'attachment; filename="{key.date.isoformat()}.eml"'}
        return Response(sight.proof.message, media_type="message/rfc822", headers=named)

    def version(self, _: Request) -> Response:
        """Return the version of the current content."""
        return PlainTextResponse(self._watch.look().version)

    def style(self, _: Request) -> Response:
        """Return the page's style sheet."""
        return Response(fill(self._door, "web/preview.css"), media_type="text/css")

    def script(self, _: Request) -> Response:
        """Return the page's only script, which polls the version."""
        return Response(fill(self._door, "web/preview.js"), media_type="text/javascript")


def preview_app(watch: Watch) -> ASGIApp:
    """Return the preview as an ASGI app. It answers only under host names of this machine, with its port."""
    pages = PreviewPages(watch)
    routes = [
        Route("/", pages.show),
        Route("/letter", pages.letter),
        Route("/letter.eml", pages.message),
        Route("/pictures/{name}.jpg", pages.picture),
        Route("/pictures/{name}.png", pages.picture),
        Route("/version", pages.version),
        Route("/preview.css", pages.style),
        Route("/preview.js", pages.script),
    ]
    inner = SecurityHeaders(SmallBodies(Starlette(routes=routes)), content=CONTENT, framed_by={"/letter": OURSELVES})

    async def of_this_machine(scope: Scope, receive: Receive, send: Send) -> None:
        port = scope["server"][1]
        await AllowedHosts(inner, loopback_hosts(port))(scope, receive, send)

    return of_this_machine

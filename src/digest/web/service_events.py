"""Receives delivery events that mail services post (``POST /events/NAME``), apart from the pages for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import FetchError, StorageError, UnsignedEvent
from digest.logs import get_logger
from digest.pipeline.readers.service_events import EventInbox
from digest.readers.event_signatures import EventPost
from digest.web.security import SmallBodies

PLACE = "/events/"
LARGEST_POST = 1024 * 1024
"""Most bytes of a request. SendGrid documents 768 KB for a batch, SNS 256 KB."""
AGAIN_SECONDS = "30"

log = get_logger()


class ServiceEvents:
    """Answers mail services that post events below ``root``, and passes every other request to an app."""

    def __init__(self, app: ASGIApp, inbox: EventInbox, clock: Callable[[], datetime], root: str) -> None:
        self._app = app
        self._inbox = inbox
        self._clock = clock
        self._place = root + PLACE
        posts = Starlette(routes=[Route(f"{self._place}{{sender}}", self._answer, methods=["POST"])])
        self._posts = SmallBodies(posts, LARGEST_POST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a posted event, or pass the request to the app."""
        ours = scope["type"] == "http" and scope["path"].startswith(self._place)
        await (self._posts if ours else self._app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        sender = request.path_params["sender"]
        if not self._inbox.knows(sender):
            return PlainTextResponse("No service is called so here.\n", HTTPStatus.NOT_FOUND)
        post = EventPost(headers=dict(request.headers), body=await request.body(), at=self._clock())
        return await run_in_threadpool(self._received, sender, post)

    def _received(self, sender: str, post: EventPost) -> Response:
        try:
            receipt = self._inbox.receive(sender, post)
        except UnsignedEvent as error:
            log.warning("event refused", sender=sender, why=str(error))
            # Mailgun stops retrying at 406; the others treat every 4xx alike.
            return PlainTextResponse(f"Refused: {error}.\n", HTTPStatus.NOT_ACCEPTABLE)
        except (FetchError, StorageError) as error:
            log.error("event not stored", sender=sender, why=type(error).__name__)  # noqa: TRY400 - foreseen
            return PlainTextResponse(
                "Not now.\n", HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": AGAIN_SECONDS}
            )
        return PlainTextResponse(f"{receipt.new} of {receipt.events} events are new.\n")

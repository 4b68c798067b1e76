"""What machines ask about the service, on a port of its own: is it alive, is it ready, how much of what?

It answers under any name and to whoever reaches the port, with figures and nothing of readers: keep it from the public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.web.listen import ConnectionLimits, Listener
from digest.web.metrics import CONTENT_TYPE, Metrics
from digest.web.security import SecurityHeaders

LIVE, READY, METRICS = "/health/live", "/health/ready", "/metrics"
OK, UNAVAILABLE = 200, 503
LIMITS = ConnectionLimits(connections=20)

Problems = Callable[[], Mapping[str, str]]
"""Returns what is wrong: name of the thing -> in words; empty when all is well."""


def health_app(live: Problems, ready: Problems, metrics: Metrics) -> ASGIApp:
    """Return the app: 200 when nothing is wrong, and 503 with what is.

    ``live`` says whether this process should be restarted, ``ready`` whether it can do its work now.
    """

    def told(problems: Problems) -> Callable[[Request], Response]:
        def answer(_request: Request) -> Response:
            found = dict(problems())
            status = UNAVAILABLE if found else OK
            return JSONResponse({"status": "unavailable" if found else "ok", "problems": found}, status)

        return answer

    def figures(_request: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    routes = [Route(LIVE, told(live)), Route(READY, told(ready)), Route(METRICS, figures)]
    return SecurityHeaders(Starlette(routes=routes))


def health_listener(app: ASGIApp, host: str, port: int) -> Listener:
    """Return the app on its socket, bound and not yet answering; AddressUnavailable when the port is taken."""
    return Listener(app, host, port, LIMITS)

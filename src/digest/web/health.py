"""Health and metrics for monitoring programs, on a separate port: whether the process is alive and ready, and figures.

It answers under any host name to anybody who reaches the port. It has figures, but no data of readers. The port must
not be reachable from the internet.
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
"""Returns the present problems: name of the component -> description. Empty when all is well."""


def health_app(live: Problems, ready: Problems, metrics: Metrics) -> ASGIApp:
    """Return an ASGI app with the pages for health and metrics.

    It answers 200, and 503 with a list when there are problems. ``live`` returns why this process should be restarted,
    ``ready`` why it cannot do its work now.
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
    """Bind the app to a socket, without answering yet. Raises AddressUnavailable when the port is taken."""
    return Listener(app, host, port, LIMITS)

"""Answers requests to the API by its table of routes. The checks are the same for every route, in this order.

path ─▶ method ─▶ token ─▶ budget ─▶ scope ─▶ path, query and body ─▶ Idempotency-Key ─▶ handler ─▶ audit log, ETag
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from logging import DEBUG, INFO
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.errors import DigestError
from digest.logs import get_logger
from digest.model.api_token import ApiToken
from digest.pipeline.people.api_tokens import token_of
from digest.pipeline.people.audit import note
from digest.pipeline.runtime import Runtime
from digest.web.api import problems
from digest.web.api.bodies import Reading
from digest.web.api.budgets import Budgets, Spent
from digest.web.api.conditions import is_known, require_header, tag
from digest.web.api.problems import ApiProblem, of_error
from digest.web.api.repeats import HEADER, Sent, key_of, once, request_of
from digest.web.api.route import Answer, ApiRoute, Call, by_token
from digest.web.clients import client_of, networks

PROBLEM_TYPE = "application/problem+json"
CLIENT_KEEPS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""Headers of an answer to GET: the caller may cache it, and ask with its ETag whether it is still current."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """The parts of a request on which its answer depends."""

    method: str
    """The method. It is GET for a HEAD request, which gets the same answer without its body."""
    path: str
    query: str
    places: Mapping[str, str]
    headers: Headers
    body: bytes
    client: str

    @property
    def bearer(self) -> str:
        """The token in the header Authorization; empty without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


class ApiRouter:
    """Answers requests to the API by its table of routes."""

    def __init__(self, runtime: Runtime, routes: Sequence[ApiRoute], root: str, place: str, budgets: Budgets) -> None:
        """Prepare the routes. ``root`` is the public URL of the API, ``place`` its path on this server."""
        self._runtime = runtime
        self._root = root
        self._place = place
        self._budgets = budgets
        self._trusted = networks(runtime.settings.web.trusted_proxies, runtime.settings.web.host)
        self._readings = {(route.method, route.path): Reading(route) for route in routes}
        self._by_path: dict[str, dict[str, ApiRoute]] = {}
        for route in routes:
            self._by_path.setdefault(route.path, {})[route.method] = route

    def app(self) -> ASGIApp:
        """Return an ASGI app that answers these routes."""
        made = [Route(self._place + path, self._endpoint(routes)) for path, routes in self._by_path.items()]
        for each in made:
            each.methods = None  # every method reaches the endpoint, which answers 405 itself
        app = Starlette(routes=made, exception_handlers={HTTPException: self._missing, Exception: self._broken})
        app.router.redirect_slashes = False
        return app

    async def too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is too large, and close the connection."""
        problem = ApiProblem(problems.TOO_LARGE, "the body is too large for any request", {"Connection": "close"})
        await _response(self._as_sent(problem))(scope, receive, send)

    def _endpoint(self, routes: Mapping[str, ApiRoute]) -> Any:  # noqa: ANN401 - a function, as Starlette wants it
        allowed = _allowed(routes)

        async def endpoint(request: Request) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            if method == "OPTIONS":
                return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allowed})
            if method not in routes:
                refused = ApiProblem(problems.NOT_ALLOWED, f"use one of: {allowed}", {"Allow": allowed})
                return _response(self._as_sent(refused))
            incoming = Incoming(
                method=method,
                path=request.url.path,
                query=request.scope["query_string"].decode("latin-1"),
                places=request.path_params,
                headers=request.headers,
                body=await request.body(),
                client=client_of(request.scope, request.headers, self._trusted),
            )
            return _response(await run_in_threadpool(self._logged, routes[method], incoming))

        return endpoint

    def _logged(self, route: ApiRoute, incoming: Incoming) -> Sent:
        began = time.monotonic()
        token: ApiToken | None = None
        spent: Spent | None = None
        extra: Mapping[str, str] = {}
        try:
            if not route.is_open:
                token = self._token(incoming)
                spent = self._budgets.spend(token.id)
                extra = spent.headers()
            sent = self._refused_budget(spent) or self._admitted(route, incoming, token)
        except ApiProblem as problem:
            sent = self._as_sent(problem)
        except DigestError as error:
            sent = self._of_error(route, error)
        took, name = round((time.monotonic() - began) * 1000), token.name if token else ""
        level = INFO if route.changes else DEBUG
        log.log(
            level, "api request", method=route.method, route=route.path, status=sent.status, token=name, took_ms=took
        )
        return Sent(status=sent.status, headers={**extra, **sent.headers}, body=sent.body)

    def _refused_budget(self, spent: Spent | None) -> Sent | None:
        if spent is None or not spent.is_too_much:
            return None
        return self._as_sent(ApiProblem(problems.TOO_MANY, f"{spent.quota} requests a minute are allowed"))

    def _token(self, incoming: Incoming) -> ApiToken:
        found = token_of(self._runtime, incoming.bearer) if incoming.bearer else None
        if found is None:
            why = "the token is not valid" if incoming.bearer else "send a token: Authorization: Bearer TOKEN"
            challenge = 'Bearer realm="digest", error="invalid_token"' if incoming.bearer else 'Bearer realm="digest"'
            raise ApiProblem(problems.UNAUTHORIZED, why, {"WWW-Authenticate": challenge})
        return found

    def _admitted(self, route: ApiRoute, incoming: Incoming, token: ApiToken | None) -> Sent:
        """Check the scope, path, query, body and headers of a request that is within its budget, and answer it."""
        if token is not None and route.scope is not None and route.scope not in token.scopes:
            if route.changes:
                self._note(route, token, {}, incoming, refused=True)
            raise ApiProblem(problems.FORBIDDEN, f"the token needs the scope {route.scope.value}")
        reading = self._readings[route.method, route.path]
        call = Call(
            token=token,
            places=reading.places(incoming.places),
            query=reading.query(incoming.query),
            body=reading.body(incoming.headers.getlist("content-type"), incoming.body),
            match=incoming.headers.get("if-match", ""),
        )
        require_header(call, route.match)
        key = incoming.headers.get(HEADER)
        if token is None or key is None or not route.is_keyed:
            return self._done(route, call, incoming)
        target = f"{incoming.path}?{incoming.query}"
        request = request_of(token.id, key_of(key), incoming.method, target, incoming.body)
        return once(self._runtime, request, lambda: self._done(route, call, incoming))

    def _done(self, route: ApiRoute, call: Call, incoming: Incoming) -> Sent:
        """Call the handler, and write an act to the audit log, also one that was refused."""
        try:
            answer = route.handle(call)
            sent = _sent(route, answer, incoming.headers.get("if-none-match", ""))
        except ApiProblem as problem:
            sent = self._as_sent(problem)
        except DigestError as error:
            sent = self._of_error(route, error)
        if call.token is not None and route.changes:
            refused = sent.status >= HTTPStatus.BAD_REQUEST
            self._note(route, call.token, {**call.places, **call.about}, incoming, refused=refused)
        return sent

    def _note(
        self, route: ApiRoute, token: ApiToken, about: Mapping[str, object], incoming: Incoming, *, refused: bool
    ) -> None:
        what = f"API {route.method} {route.path}"
        note(self._runtime, by_token(token.name), what, about, client=incoming.client, refused=refused)

    def _of_error(self, route: ApiRoute, error: DigestError) -> Sent:
        problem = of_error(error)
        if problem is None:
            log.exception("api request failed", route=route.path, error=type(error).__name__)  # noqa: LOG004 - in a handler
            problem = ApiProblem(problems.INTERNAL, "the program failed; its log says why")
        elif problem.problem is problems.UNAVAILABLE:
            log.warning("api request not possible now", route=route.path, error=type(error).__name__)
        return self._as_sent(problem)

    def _as_sent(self, found: ApiProblem) -> Sent:
        body = msgspec.json.encode(problems.plain(self._root, found.problem, found.detail))
        return Sent(
            status=found.problem.status.value, headers={"Content-Type": PROBLEM_TYPE, **found.headers}, body=body
        )

    async def _missing(self, _request: Request, _error: Exception) -> Response:
        return _response(self._as_sent(ApiProblem(problems.NOT_FOUND, "the API has no such path")))

    async def _broken(self, _request: Request, _error: Exception) -> Response:
        return _response(self._as_sent(ApiProblem(problems.INTERNAL, "the program failed; its log says why")))


def _allowed(routes: Mapping[str, ApiRoute]) -> str:
    """Return the value of the header Allow: the methods of a path."""
    return ", ".join(sorted({*routes, "OPTIONS", *(("HEAD",) if "GET" in routes else ())}))


def _sent(route: ApiRoute, answer: Answer, known: str) -> Sent:
    """Return a handler's answer, encoded and with its ETag; 304 without a body when it is the version ``known``."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    if answer.body is not None and not isinstance(answer.body, bytes):
        body = msgspec.json.encode(answer.body)
    headers = {"Content-Type": answer.kind} if body else {}
    if route.method == "GET" or answer.tagged:
        current = tag(body)
        headers |= {"ETag": current, **CLIENT_KEEPS}
        if route.method == "GET" and is_known(known, current):
            return Sent(status=HTTPStatus.NOT_MODIFIED.value, headers={"ETag": current, **CLIENT_KEEPS}, body=b"")
    return Sent(status=answer.status.value, headers={**headers, **answer.headers}, body=body)


def _response(sent: Sent) -> Response:
    return Response(sent.body, sent.status, headers=dict(sent.headers))

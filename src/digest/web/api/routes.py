"""Every route of the API in one table: those of each area, and those about the API itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from digest.pipeline.runtime import Runtime
from digest.web.api.archive import ArchiveCalls
from digest.web.api.articles import ArticleCalls
from digest.web.api.editions import EditionCalls
from digest.web.api.openapi import document
from digest.web.api.problems import NOT_FOUND, PROBLEMS, ApiProblem, explanation
from digest.web.api.readers import ReaderCalls
from digest.web.api.route import Answer, ApiRoute, Call
from digest.web.api.sources import SourceCalls

PLAIN = "text/plain; charset=utf-8"


class TokenOut(Struct, frozen=True, kw_only=True):
    """The token of the caller."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    """When the token expires. Null: never."""


def api_routes(runtime: Runtime, url: str) -> tuple[ApiRoute, ...]:
    """Return the table of all routes. ``url`` is the public URL of the API."""
    areas = (ReaderCalls, EditionCalls, SourceCalls, ArticleCalls, ArchiveCalls)
    found = tuple(route for area in areas for route in area(runtime).routes())
    return (*_own(found, url), *found)


def _own(others: Sequence[ApiRoute], url: str) -> tuple[ApiRoute, ...]:
    """Return the routes about the API itself: its OpenAPI document, its errors, and the caller's token."""

    def written(_: Call) -> Answer:
        return Answer(body=described)

    own = (
        ApiRoute(
            method="GET",
            path="/openapi.json",
            summary="Return this document.",
            handle=written,
            is_open=True,
            answers={200: "application/json"},
        ),
        ApiRoute(
            method="GET",
            path="/problems/{problem}",
            summary="Explain a kind of error, as text.",
            handle=_explained,
            is_open=True,
            answers={200: "text/plain"},
        ),
        ApiRoute(
            method="GET",
            path="/token",
            summary="Return the name, the scopes and the end of the token itself.",
            handle=_token,
            answers={200: TokenOut},
        ),
    )
    described = msgspec.json.encode(document((*own, *others), url))
    return own


def _explained(call: Call) -> Answer:
    problem = PROBLEMS.get(call.places["problem"])
    if problem is None:
        raise ApiProblem(NOT_FOUND, "there is no such kind of error")
    return Answer(body=("\n".join(explanation(problem)) + "\n").encode(), kind=PLAIN)


def _token(call: Call) -> Answer:
    token = call.token
    if token is None:
        raise ApiProblem(NOT_FOUND, "there is no token")
    scopes = tuple(sorted(scope.value for scope in token.scopes))
    return Answer(body=TokenOut(name=token.name, scopes=scopes, expires_at=token.expires_at))

"""The OpenAPI 3.1 document of the API, made from the table of its routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct

from digest import __version__
from digest.model.api_token import Scope
from digest.web.api import problems
from digest.web.api.bodies import PLACES
from digest.web.api.problems import Problem
from digest.web.api.repeats import HEADER, LONGEST_KEY, REPLAYED
from digest.web.api.route import ApiRoute, IfMatch, NoQuery

TEMPLATE = "#/components/schemas/{name}"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
JSON, PROBLEM_JSON, MERGE_PATCH = "application/json", "application/problem+json", "application/merge-patch+json"
TEXT: Mapping[str, Any] = {"type": "string"}
ABOUT = (
    "Readers, editions, sources, articles, the archive and numbers of a newspaper's letters. Every error is a problem "
    "(RFC 9457); the page at its `type` explains it. Lists have cursors. GET changes nothing. POST takes an "
    "Idempotency-Key."
)


class ProblemOut(Struct, frozen=True, kw_only=True, rename={"kind": "type"}):
    """An error (RFC 9457)."""

    kind: str
    """URL of a page that explains this kind of error."""
    title: str
    status: int
    detail: str


def document(routes: Sequence[ApiRoute], url: str) -> dict[str, Any]:
    """Return the OpenAPI document of these routes. ``url`` is the public URL of the API."""
    kinds = [kind for route in routes for kind in (route.body, route.query, *route.answers.values()) if _is_type(kind)]
    kinds = [*dict.fromkeys(kinds), ProblemOut]
    _, components = msgspec.json.schema_components(kinds, ref_template=TEMPLATE)
    schemas = {name: schema for name, schema in components.items() if name not in _queries(routes)}
    schemas["Problem"] = schemas.pop("ProblemOut") | {"title": "Problem"}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, components)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "digest", "version": __version__, "summary": "API of digest", "description": ABOUT},
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(map(_tag, routes))],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made with `digest tokens add`. Scopes: " + ", ".join(s.value for s in Scope),
                }
            },
        },
    }


def common(route: ApiRoute) -> tuple[Problem, ...]:
    """Return the kinds of errors that a route can have because of its form: it needs a token, has a body, and so on."""
    found = [problems.BAD_REQUEST, problems.UNAVAILABLE]
    found += [] if route.is_open else [problems.UNAUTHORIZED, problems.TOO_MANY]
    found += [problems.FORBIDDEN] if route.scope is not None else []
    found += [problems.NOT_FOUND] if "{" in route.path else []
    found += [problems.MEDIA_TYPE] if route.body is not None else []
    found += [problems.TOO_LARGE] if route.method != "GET" else []
    found += [problems.REFUSED] if route.body is not None or "{" in route.path else []
    found += [problems.IN_PROGRESS, problems.KEY_REUSED] if route.is_keyed else []
    found += [problems.PRECONDITION_FAILED] if route.match is not IfMatch.NONE else []
    found += [problems.PRECONDITION_REQUIRED] if route.match is IfMatch.REQUIRED else []
    return tuple(found)


def _operation(route: ApiRoute, components: Mapping[str, Any]) -> dict[str, Any]:
    words = [part.strip("{}").replace("-", "_") for part in route.path.split("/") if part]
    made: dict[str, Any] = {
        "operationId": "_".join([route.method.lower(), *words]).replace(".", "_"),
        "tags": [_tag(route)],
        "summary": route.summary,
        "parameters": list(_parameters(route, components)),
        "responses": _responses(route),
    }
    if route.is_open:
        made["security"] = []
    elif route.scope is not None:
        made["description"] = f"Needs the scope `{route.scope.value}`."
        made["security"] = [{"token": [route.scope.value]}]
    if route.body is not None:
        schema = {"schema": {"$ref": TEMPLATE.format(name=route.body.__name__)}}
        kinds = (JSON, MERGE_PATCH) if route.method == "PATCH" else (JSON,)
        made["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, schema)}
    return made


def _parameters(route: ApiRoute, components: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in (part.strip("{}") for part in route.path.split("/") if part.startswith("{")):
        (schema,), _ = msgspec.json.schema_components([PLACES[name]], ref_template=TEMPLATE)
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if route.query is not NoQuery:
        for name, schema in components[route.query.__name__]["properties"].items():
            yield {"name": name, "in": "query", "required": False, "schema": schema}
    if route.method == "GET":
        yield _header("If-None-Match", "The ETag of what you have: 304 when it is still current.", required=False)
    if route.match is not IfMatch.NONE:
        required = route.match is IfMatch.REQUIRED
        yield _header("If-Match", "The ETag of what you have read, or `*`.", required=required)
    if route.is_keyed:
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"}
        words = "A key of your own for this request. Repeated within 24 hours, it gets the first answer again."
        yield {"name": HEADER, "in": "header", "required": False, "schema": schema, "description": words}


def _header(name: str, words: str, *, required: bool) -> dict[str, Any]:
    schema = {**TEXT, "minLength": 1} if required else TEXT
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": words}


def _responses(route: ApiRoute) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kind in route.answers.items():
        found[str(status)] = {"description": HTTPStatus(status).phrase, "headers": _headers(route)}
        if kind is not None:
            found[str(status)]["content"] = _content(kind)
    if route.method == "GET":
        found["304"] = {"description": "Not Modified", "headers": _headers(route)}
    by_status: dict[str, list[Problem]] = {}
    for each in dict.fromkeys((*common(route), *route.problems)):
        by_status.setdefault(str(each.status.value), []).append(each)
    for code, kinds in sorted(by_status.items()):
        words = "; ".join(f"`{each.name}`: {each.title}" for each in kinds)
        found[code] = {"description": words, "content": {PROBLEM_JSON: {"schema": PROBLEM}}}
        if kinds[0] in {problems.TOO_MANY, problems.UNAVAILABLE}:
            found[code]["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    return found


def _headers(route: ApiRoute) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if route.method == "GET":
        found["ETag"] = {"required": True, "schema": TEXT}
    if not route.is_open:
        found |= {name: {"required": True, "schema": TEXT} for name in ("RateLimit", "RateLimit-Policy")}
    if route.is_keyed:
        found[REPLAYED] = {"required": False, "schema": TEXT}
    return found


def _content(kind: type[Struct] | str) -> dict[str, Any]:
    if isinstance(kind, str):
        return {kind: {"schema": {"type": "object"} if kind == JSON else TEXT}}
    return {JSON: {"schema": {"$ref": TEMPLATE.format(name=kind.__name__)}}}


def _queries(routes: Sequence[ApiRoute]) -> frozenset[str]:
    return frozenset(route.query.__name__ for route in routes)


def _is_type(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _tag(route: ApiRoute) -> str:
    return route.path.split("/")[1].removesuffix(".json")

"""Converts the parts of a request (path, query, body) to the types of its route. What does not fit is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from digest.web.api.problems import BAD_REQUEST, MEDIA_TYPE, NOT_FOUND, TOO_LARGE, ApiProblem
from digest.web.api.route import ApiRoute
from digest.web.api.types import CmsId, Day, EditionName, Line, Number

MOST_PARAMETERS = 20
PLACES: Mapping[str, Any] = {
    "reader": Number,
    "source": Number,
    "edition": EditionName,
    "date": Day,
    "article": CmsId,
    "problem": Line,
}
"""Parameter of a path -> the type to which it is converted."""
JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


class Reading:
    """Converts the parts of requests for one route.

    The decoders are made at once, because msgspec must not learn a type in two threads.
    """

    def __init__(self, route: ApiRoute) -> None:
        self._route = route
        self._body = msgspec.json.Decoder(route.body) if route.body is not None else None
        _converted({}, route.query)

    def places(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Return the parameters of the path, converted. Raises ApiProblem when one has the wrong form."""
        try:
            return {name: msgspec.convert(value, PLACES[name], strict=False) for name, value in given.items()}
        except msgspec.ValidationError:
            raise ApiProblem(NOT_FOUND, "the path names nothing that exists") from None

    def query(self, encoded: str) -> Struct:
        """Convert the query string to the route's type.

        Raises ApiProblem for unknown, repeated and wrong parameters.
        """
        try:
            pairs = parse_qsl(
                encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS, separator="&"
            )
        except (ValueError, UnicodeDecodeError):
            raise ApiProblem(BAD_REQUEST, "the query cannot be read") from None
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ApiProblem(BAD_REQUEST, "a query parameter is given twice")
        read = _converted(found, self._route.query)
        if isinstance(read, msgspec.ValidationError):
            raise ApiProblem(BAD_REQUEST, f"query: {read}")
        return read

    def body(self, kind: Sequence[str], body: bytes) -> Struct | None:
        """Convert the body from JSON to the route's type. None for a route without a body.

        ``kind`` are the values of the header Content-Type. Raises ApiProblem.
        """
        if len(body) > self._route.largest:
            raise ApiProblem(TOO_LARGE, f"the body has more than {self._route.largest} bytes")
        if self._body is None:
            if body.strip() not in {b"", b"{}"}:
                raise ApiProblem(BAD_REQUEST, "this request has no body")
            return None
        if len(kind) != 1 or kind[0].partition(";")[0].strip().lower() not in JSON_TYPES:
            raise ApiProblem(MEDIA_TYPE, "the body must be JSON: Content-Type: application/json")
        try:
            read: Struct = self._body.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ApiProblem(BAD_REQUEST, f"body: {error}") from None
        except RecursionError:
            raise ApiProblem(BAD_REQUEST, "body: nested too deeply") from None
        return read


def _converted(found: Mapping[str, str], kind: type[Struct]) -> Struct | msgspec.ValidationError:
    try:
        return msgspec.convert(dict(found), kind, strict=False)
    except msgspec.ValidationError as error:
        return error

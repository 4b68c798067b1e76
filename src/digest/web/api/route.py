"""The form of the table of routes: what a route needs, what its handler gets, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any, TypeVar

from msgspec import Struct

from digest.model.api_token import ApiToken, Scope
from digest.web.api.problems import Problem
from digest.web.api.types import require_moments

T = TypeVar("T", bound=Struct)
PATH = "/api/v1"
LARGEST_BODY = 256 * 1024
"""Most bytes of a body, unless a route allows more."""
SAFE = frozenset({"GET"})
"""Methods that change nothing."""


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all bodies and queries of requests: unknown fields are refused."""

    def __post_init__(self) -> None:
        """Refuse moments that cannot be stored; msgspec makes a ValidationError of it."""
        require_moments(getattr(self, name) for name in self.__struct_fields__)


class NoQuery(Input, frozen=True, kw_only=True):
    """A query without parameters."""


class IfMatch(Enum):
    """Whether a request says which version it changes, in the header If-Match."""

    NONE = "none"
    """The header is ignored."""
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that has passed all checks that are the same for every route."""

    token: ApiToken | None
    """None only for routes that need no token."""
    places: Mapping[str, Any] = field(default_factory=dict)
    """The converted parameters of the path."""
    query: Struct = field(default_factory=NoQuery)
    body: Struct | None = None
    match: str = ""
    """The value of If-Match; empty without one."""
    about: dict[str, object] = field(default_factory=dict)
    """What the audit log says about the act, besides the parameters of the path. No addresses."""

    def query_as(self, kind: type[T]) -> T:
        """Return the query, which has the route's type ``kind``."""
        return _of_kind(self.query, kind)

    def body_as(self, kind: type[T]) -> T:
        """Return the body, which has the route's type ``kind``."""
        return _of_kind(self.body, kind)

    @property
    def by(self) -> str:
        """The caller, as stored with consents and acts."""
        return by_token(self.token.name if self.token else "")


def by_token(name: str) -> str:
    """Return how a token is named in the audit log and in consents."""
    return f"API token {name}"


def _of_kind(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"the route has no {kind.__name__}")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a handler returns; ``body`` is encoded as JSON, bytes are sent as they are."""

    body: object = None
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    tagged: bool = False
    """Whether the body is the resource itself, so that the answer carries its ETag. Answers to GET always do."""


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method of one path below ``/api/v1``. The OpenAPI document says the same."""

    method: str
    path: str
    """With ``{places}`` as parameters."""
    summary: str
    """One sentence for the OpenAPI document."""
    handle: Handler
    scope: Scope | None = None
    """The scope that a token needs. None: any valid token, or none if ``is_open``."""
    is_open: bool = False
    """Whether it answers without a token."""
    query: type[Struct] = NoQuery
    body: type[Struct] | None = None
    answers: Mapping[int, type[Struct] | str | None] = field(default_factory=dict)
    """Status of success -> the type of its JSON body, a media type, or None without a body."""
    problems: tuple[Problem, ...] = ()
    """Problems of this route, besides those that each route can have."""
    match: IfMatch = IfMatch.NONE
    largest: int = LARGEST_BODY
    reads: bool = False
    """Whether a POST changes nothing: it is not in the audit log, and its answer is not kept."""

    @property
    def changes(self) -> bool:
        """Whether a call may change something."""
        return self.method not in SAFE and not self.reads

    @property
    def is_keyed(self) -> bool:
        """Whether an Idempotency-Key counts: a POST that changes something."""
        return self.method == "POST" and self.changes

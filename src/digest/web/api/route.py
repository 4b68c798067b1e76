"""The types of the table of routes: what a route needs, what its handler gets, and what it returns."""

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
"""Most bytes of a request's body, unless a route allows more."""
SAFE = frozenset({"GET"})
"""Methods that change nothing."""


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base class of all bodies and queries of requests. Unknown fields are refused."""

    def __post_init__(self) -> None:
        """Refuse moments that cannot be stored: msgspec turns the ValueError into a ValidationError."""
        require_moments(getattr(self, name) for name in self.__struct_fields__)


class NoQuery(Input, frozen=True, kw_only=True):
    """A query without parameters."""


class IfMatch(Enum):
    """Whether a route expects the header If-Match, in which a request names the version that it changes."""

    NONE = "none"
    """The header is ignored."""
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as a handler gets it: all checks that are the same for every route are done."""

    token: ApiToken | None
    """The caller's token. None only for routes that need no token."""
    places: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of the path, converted to their types."""
    query: Struct = field(default_factory=NoQuery)
    body: Struct | None = None
    match: str = ""
    """The value of the header If-Match; empty without one."""
    about: dict[str, object] = field(default_factory=dict)
    """What the handler adds to the request's entry in the audit log. It must contain no e-mail addresses."""

    def query_as(self, kind: type[T]) -> T:
        """Return the query, whose type is the route's: ``kind``."""
        return _of_kind(self.query, kind)

    def body_as(self, kind: type[T]) -> T:
        """Return the body, whose type is the route's: ``kind``."""
        return _of_kind(self.body, kind)

    @property
    def by(self) -> str:
        """The caller's name, as it is stored with what the caller changes and with consents."""
        return by_token(self.token.name if self.token else "")


def by_token(name: str) -> str:
    """Return how the audit log and stored consents name a token."""
    return f"API token {name}"


def _of_kind(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"the route has no {kind.__name__}")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a handler returns. ``body`` is encoded as JSON; bytes are sent as they are."""

    body: object = None
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    tagged: bool = False
    """Whether the body is the changed resource itself, so that the answer gets its ETag. Answers to GET always get
    one."""


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method of one path below ``/api/v1``. The OpenAPI document is made from the same data."""

    method: str
    path: str
    """The path, with parameters in braces, such as ``/readers/{reader}``."""
    summary: str
    """One sentence for the OpenAPI document."""
    handle: Handler
    scope: Scope | None = None
    """The scope that a token needs. None: any token will do, or none at all if ``is_open``."""
    is_open: bool = False
    """Whether the route answers without a token."""
    query: type[Struct] = NoQuery
    body: type[Struct] | None = None
    answers: Mapping[int, type[Struct] | str | None] = field(default_factory=dict)
    """Status of a successful answer -> the type of its JSON body, or a media type, or None without a body."""
    problems: tuple[Problem, ...] = ()
    """Kinds of errors of this route, besides those that follow from its form."""
    match: IfMatch = IfMatch.NONE
    largest: int = LARGEST_BODY
    reads: bool = False
    """Whether a POST only reads. Then it is not in the audit log, and its answer is not stored for repetitions."""

    @property
    def changes(self) -> bool:
        """Whether a call may change something."""
        return self.method not in SAFE and not self.reads

    @property
    def is_keyed(self) -> bool:
        """Whether the header Idempotency-Key has an effect, as it has for a POST that changes something."""
        return self.method == "POST" and self.changes

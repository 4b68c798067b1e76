"""The errors of the API as problem details (RFC 9457): each has a type, and a page at the type's URL explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from digest import errors


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of error."""

    name: str
    """The last part of the URL that identifies this kind of error."""
    status: HTTPStatus
    title: str
    help: str
    """What the caller can do about the error."""


S = HTTPStatus
BAD_REQUEST = Problem(
    "bad-request",
    S.BAD_REQUEST,
    "The request does not match the schema",
    "`detail` names the field. Unknown fields and query parameters are refused.",
)
UNAUTHORIZED = Problem(
    "unauthorized",
    S.UNAUTHORIZED,
    "No valid token",
    "Send `Authorization: Bearer TOKEN`. Tokens are made with `digest tokens add`; they may be expired or revoked.",
)
FORBIDDEN = Problem(
    "scope-missing",
    S.FORBIDDEN,
    "The token does not have the scope for this",
    "`detail` names the scope. Make a token with it: `digest tokens add NAME --scope SCOPE`.",
)
NOT_FOUND = Problem("not-found", S.NOT_FOUND, "There is no such thing", "Check the path and the identifiers in it.")
NOT_ALLOWED = Problem(
    "method-not-allowed", S.METHOD_NOT_ALLOWED, "The path does not have this method", "The header `Allow` lists them."
)
EDITION_CLOSED = Problem(
    "edition-closed",
    S.CONFLICT,
    "The state of the edition does not allow this",
    "`detail` names the state. Read the edition, then decide.",
)
READER_KEPT_AWAY = Problem(
    "reader-kept-away",
    S.CONFLICT,
    "Only the reader can come back",
    "The reader left, bounced, complained or was erased. `POST /sign-ups` asks them to confirm.",
)
READER_CHANGED = Problem(
    "reader-changed", S.CONFLICT, "The reader was changed at the same time", "Read the reader again, then repeat."
)
ADDRESS_TAKEN = Problem(
    "address-taken",
    S.CONFLICT,
    "The new address is not available",
    "It is the address of another reader, or nothing may be sent to it.",
)
LISTED_IN_SETTINGS = Problem(
    "listed-in-settings", S.CONFLICT, "The source is described in the settings file", "Change it there."
)
IN_PROGRESS = Problem(
    "request-in-progress",
    S.CONFLICT,
    "A request with this Idempotency-Key is being answered",
    "Repeat the request after `Retry-After` seconds.",
)
PRECONDITION_FAILED = Problem(
    "precondition-failed",
    S.PRECONDITION_FAILED,
    "It has changed since you read it",
    "Read it again, look at the changes, and send the new ETag in `If-Match`.",
)
TOO_LARGE = Problem("too-large", S.REQUEST_ENTITY_TOO_LARGE, "The body is too large", "Send it in several requests.")
MEDIA_TYPE = Problem(
    "unsupported-media-type", S.UNSUPPORTED_MEDIA_TYPE, "The body is not JSON", "Send `Content-Type: application/json`."
)
REFUSED = Problem(
    "refused",
    S.UNPROCESSABLE_ENTITY,
    "The request is well formed, but a rule refuses it",
    "`detail` names the rule: no such address, edition, pause, source or cursor, or a server that refuses a letter.",
)
KEY_REUSED = Problem(
    "key-reused",
    S.UNPROCESSABLE_ENTITY,
    "The Idempotency-Key belongs to another request",
    "Use a new key for each new request. A key is free again after 24 hours.",
)
PRECONDITION_REQUIRED = Problem(
    "precondition-required",
    S.PRECONDITION_REQUIRED,
    "The request needs If-Match",
    "Read the edition, and send its ETag in `If-Match`: you approve what you have read, and nothing else.",
)
TOO_MANY = Problem(
    "too-many-requests", S.TOO_MANY_REQUESTS, "The token has used up its minute", "Wait for `Retry-After` seconds."
)
INTERNAL = Problem("internal-error", S.INTERNAL_SERVER_ERROR, "The program failed", "Its log says why. Tell us.")
UNAVAILABLE = Problem(
    "unavailable",
    S.SERVICE_UNAVAILABLE,
    "The database or the mail relay is not available",
    "Repeat the request after `Retry-After` seconds.",
)
PROBLEMS: Mapping[str, Problem] = {each.name: each for each in globals().copy().values() if isinstance(each, Problem)}
"""Name -> kind of error, for all kinds."""
RETRY_SECONDS = "5"

MEANINGS: Mapping[type[errors.DigestError], Problem] = {
    errors.RefusedValue: REFUSED,
    errors.StorageError: UNAVAILABLE,
    errors.FetchError: REFUSED,
    errors.UnknownSource: NOT_FOUND,
    errors.ListedInSettings: LISTED_IN_SETTINGS,
    errors.UnknownEdition: NOT_FOUND,
    errors.RefusedAct: REFUSED,
    errors.EditionError: EDITION_CLOSED,
    errors.RelayUnreachable: UNAVAILABLE,
    errors.RelayRefused: UNAVAILABLE,
    errors.DeliveryError: REFUSED,
    errors.UnknownReader: NOT_FOUND,
    errors.ReaderKeptAway: READER_KEPT_AWAY,
    errors.ReaderChanged: READER_CHANGED,
    errors.BadAddress: REFUSED,
    errors.NoEditionChosen: REFUSED,
    errors.UnknownZone: REFUSED,
    errors.BadPause: REFUSED,
    errors.ReaderError: ADDRESS_TAKEN,
}
"""Class of an error that callers can cause -> the kind of problem that they get. The most specific class counts."""


@dataclass(slots=True)
class ApiProblem(Exception):  # noqa: N818 - named as in RFC 9457
    """Raised to answer a request with an error of this kind. ``detail`` is the text for this one request."""

    problem: Problem
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


def of_error(error: errors.DigestError) -> ApiProblem | None:
    """Return the problem with which an error is answered; None for an error that no caller can cause."""
    found = next((MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS), None)
    if found is None:
        return None
    headers = {"Retry-After": RETRY_SECONDS} if found is UNAVAILABLE else {}
    return ApiProblem(found, _detail(error), headers)


def _detail(error: errors.DigestError) -> str:
    """Return an error's message for the caller. Messages about the database are replaced: they are for the operator."""
    if isinstance(error, errors.RefusedValue):
        return "the database does not take a value of the request"
    return "try again in a moment" if isinstance(error, errors.StorageError) else str(error)


def plain(root: str, problem: Problem, detail: str) -> dict[str, object]:
    """Return a problem as the members of its JSON object (RFC 9457). ``root`` is the URL of the API."""
    return {
        "type": f"{root}/problems/{problem.name}",
        "title": problem.title,
        "status": problem.status.value,
        "detail": detail,
    }


def explanation(problem: Problem) -> Iterator[str]:
    """Yield the lines of the page that explains a kind of error."""
    yield f"{problem.title} (HTTP {problem.status.value})"
    yield ""
    yield problem.help

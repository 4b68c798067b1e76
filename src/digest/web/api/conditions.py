"""ETags: of what is read, and what If-None-Match and If-Match say about them (RFC 9110, section 13)."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from digest.web.api.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED, ApiProblem
from digest.web.api.route import Call, IfMatch

ANY = "*"


def tag(body: bytes) -> str:
    """Return the strong ETag of a body."""
    return f'"{sha256(body).hexdigest()[:24]}"'


def is_known(if_none_match: str, current: str) -> bool:
    """Return whether the caller has the current version, by weak comparison."""
    listed = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return ANY in listed or current in listed


def require_header(call: Call, need: IfMatch) -> None:
    """Raise ApiProblem when a request lacks the If-Match that its route needs."""
    if need is IfMatch.REQUIRED and not call.match:
        raise ApiProblem(PRECONDITION_REQUIRED, "send the ETag of what you have read in If-Match")


def require_match(call: Call, resource: object) -> bool:
    """Raise ApiProblem unless If-Match names the version of ``resource``; return whether it names a version.

    ``resource`` is encoded as the answer to GET is. Only strong ETags match. ``*`` matches every version, and so does
    a request without If-Match.
    """
    listed = [one.strip() for one in call.match.split(",")]
    if not call.match or ANY in listed:
        return False
    if tag(msgspec.json.encode(resource)) not in listed:
        raise ApiProblem(PRECONDITION_FAILED, "If-Match names another version than the present one")
    return True

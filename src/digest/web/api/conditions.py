"""Versions of what the API returns: ETags, and the headers If-None-Match and If-Match (RFC 9110, section 13)."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from digest.web.api.problems import PRECONDITION_FAILED, PRECONDITION_REQUIRED, ApiProblem
from digest.web.api.route import Call, IfMatch

ANY = "*"


def tag(body: bytes) -> str:
    """Return the strong ETag of an answer's body: a hash of it in quotes."""
    return f'"{sha256(body).hexdigest()[:24]}"'


def is_known(if_none_match: str, current: str) -> bool:
    """Return whether the header If-None-Match names the current ETag, so that the caller has this version already.

    The comparison is weak: a prefix ``W/`` makes no difference.
    """
    listed = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return ANY in listed or current in listed


def require_header(call: Call, need: IfMatch) -> None:
    """Raise ApiProblem when a request lacks the If-Match that its route needs."""
    if need is IfMatch.REQUIRED and not call.match:
        raise ApiProblem(PRECONDITION_REQUIRED, "send the ETag of what you have read in If-Match")


def require_match(call: Call, resource: object) -> bool:
    """Raise ApiProblem when the header If-Match names another version than the present one of ``resource``.

    Return whether the header names a version; it does not when it is missing or is ``*``. ``resource`` is encoded as in
    the answer to GET. Only strong ETags match.
    """
    listed = [one.strip() for one in call.match.split(",")]
    if not call.match or ANY in listed:
        return False
    if tag(msgspec.json.encode(resource)) not in listed:
        raise ApiProblem(PRECONDITION_FAILED, "If-Match names another version than the present one")
    return True

"""Repeated requests with the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07).

The first request with a key claims it. For 24 hours, a repetition gets the first answer again. It gets 409 while the
first request is still being answered, and 422 when it asks for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from digest.pipeline.people.api_tokens import KEPT
from digest.pipeline.runtime import Runtime
from digest.storage.api_requests import KeptAnswer, KeyedRequest
from digest.web.api.problems import BAD_REQUEST, IN_PROGRESS, KEY_REUSED, RETRY_SECONDS, ApiProblem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
STUCK = timedelta(minutes=10)
"""When a request has had no answer for this long, the process that worked on it is considered dead."""
LONGEST_KEY = 255
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An encoded answer, as it is sent and stored."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def key_of(value: str) -> str:
    """Return the key in the value of the header Idempotency-Key: with quotes (RFC 9651) or without.

    Raises ApiProblem.
    """
    if _KEY.fullmatch(value) is None:
        raise ApiProblem(BAD_REQUEST, f"{HEADER}: 1 to {LONGEST_KEY} visible ASCII characters")
    return value[1:-1] if len(value) > len('""') and value[0] == value[-1] == '"' else value


def request_of(token_id: int, key: str, method: str, target: str, body: bytes) -> KeyedRequest:
    """Return a request as it is stored: only hashes of the key and of its content.

    ``target`` is the path with the query.
    """
    asked = b"\n".join((method.encode(), target.encode(), body))
    return KeyedRequest(token_id=token_id, key=sha256(key.encode()).hexdigest(), fingerprint=sha256(asked).hexdigest())


def once(runtime: Runtime, request: KeyedRequest, answered: Callable[[], Sent]) -> Sent:
    """Call ``answered`` for the first request with a key. For a repetition, return the stored answer.

    Answers with an error of the server are not stored, so the request may be repeated. Raises ApiProblem.
    """
    now, store = runtime.clock(), runtime.stores.api_requests
    kept = store.claim(request, now, now - KEPT, now - STUCK)
    if kept is not None:
        return _replayed(kept, request)
    try:
        sent = answered()
    except BaseException:
        store.release(request)
        raise
    if sent.status >= _ERROR:
        store.release(request)
    else:
        store.keep(request, sent.status, sent.headers, sent.body)
    return sent


def _replayed(kept: KeptAnswer, request: KeyedRequest) -> Sent:
    if kept.fingerprint != request.fingerprint:
        raise ApiProblem(KEY_REUSED, f"the key of {HEADER} was used for another request within 24 hours")
    if kept.status is None:
        raise ApiProblem(IN_PROGRESS, "the first request with this key is not answered yet", _WAIT)
    return Sent(status=kept.status, headers={**kept.headers, REPLAYED: "true"}, body=kept.body)


_WAIT = {"Retry-After": RETRY_SECONDS}

"""Pages of long lists.

A cursor names the last row of a page, so rows that are added later do not shift the next page.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from digest.web.api.problems import REFUSED, ApiProblem
from digest.web.api.route import Input
from digest.web.api.types import Cursor, Limit, require_moments

T = TypeVar("T", bound=tuple[object, ...])


RowId = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""The id of a row in a cursor, within the limits of both databases."""


class PageQuery(Input, frozen=True, kw_only=True):
    """The parameters of every list."""

    after: Cursor | None = None
    """The value `next` of the page before. Without it, the list starts at its beginning."""
    limit: Limit = 50
    """Most items on the page."""


def cursor(*place: object) -> str:
    """Return a cursor: the values by which a list is ordered, of the last row of a page, as one opaque text."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place(after: str | None, kind: type[T]) -> T | None:
    """Return the values in a cursor, as a tuple of the type ``kind``; None without a cursor.

    Raises ApiProblem for a text that is no cursor of this list.
    """
    if after is None:
        return None
    try:
        found = msgspec.json.decode(urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=kind)
        require_moments(found)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        raise ApiProblem(REFUSED, "`after` is no cursor of this list: use `next` of the page before") from None
    return found

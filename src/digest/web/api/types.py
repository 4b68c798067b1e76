"""Types of fields in requests, with their limits; the OpenAPI document shows the same limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

LINE = r"^[^\x00-\x1f\x7f]*$"
"""Pattern of a text on one line, without control characters."""
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Pattern of a text that may have several lines."""
EMAIL_LENGTH, NAME_LENGTH, URL_LENGTH = 254, 200, 2000

_EMAIL = {"format": "email"}
Address = Annotated[str, Meta(min_length=3, max_length=EMAIL_LENGTH, pattern=LINE, extra_json_schema=_EMAIL)]
"""An e-mail address; ``readers.address`` decides whether mail can be sent to it."""
Line = Annotated[str, Meta(max_length=NAME_LENGTH, pattern=LINE)]
LongLine = Annotated[str, Meta(max_length=1000, pattern=LINE)]
Wording = Annotated[str, Meta(min_length=1, max_length=5000, pattern=TEXT)]
Html = Annotated[str, Meta(max_length=200_000, pattern=TEXT)]
Url = Annotated[str, Meta(min_length=8, max_length=URL_LENGTH, pattern=r"^https?://[^\x00-\x20\x7f]+$")]
Language = Annotated[str, Meta(max_length=35, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})?$")]
"""A language tag (BCP 47). Empty: unknown."""
Zone = Annotated[str, Meta(max_length=50, pattern=r"^[A-Za-z0-9_+/-]*$")]
"""The IANA name of a time zone, such as Europe/Berlin. Empty: unknown."""
EditionName = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
EditionNames = Annotated[tuple[EditionName, ...], Meta(min_length=1, max_length=50)]
Instant = Annotated[datetime, Meta(tz=True)]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
CmsId = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]*$")]
Cursor = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[A-Za-z0-9_-]+$")]
Limit = Annotated[int, Meta(ge=1, le=200)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,3})?$")]
"""The date of an edition; from the second edition of a day on, with its number: ``2026-11-23.2``."""


def require_moments(values: Iterable[object]) -> None:
    """Raise ValueError when a value is a moment that lies outside the years 1 to 9999 in UTC.

    Other values are ignored.
    """
    for value in values:
        try:
            _ = value.astimezone(UTC) if isinstance(value, datetime) else value
        except OverflowError:
            raise ValueError(f"{value} is outside of the years 1 to 9999 in UTC") from None

"""The answer to a POST request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """The status, the beginning of the body, and the Retry-After header."""

    status: int
    body: bytes
    """Empty for a success."""
    retry_after: str | None

"""The progress of editions, and changes in the number of readers: figures for monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The progress of an edition, for monitoring.

    ``began`` is when its letter was frozen and its sending began; None before.
    """

    id: int
    key: EditionKey
    state: EditionState
    cause: Cause
    reason: str
    due: datetime
    expires: datetime
    changed_at: datetime
    began: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Changes in the number of readers during a period."""

    joined: int
    left: int
    suppressed: int
    bounces: Mapping[str, int]
    """Kind (hard, soft, blocked, complaint) -> number of mails that came back."""

"""How editions went, and how the readership changed: figures for monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The progress of an edition in a few values; ``began`` is when its letter was frozen, None before."""

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
    """Changes of the readership in a period."""

    joined: int
    left: int
    suppressed: int
    bounces: Mapping[str, int]
    """Kind (hard, soft, blocked, complaint) -> number of mails that came back."""

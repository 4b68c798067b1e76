"""The result of a check: one sentence about one thing, and its severity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """The severity of a finding."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about one thing; for a problem, with what to do."""

    level: Level
    subject: str
    words: str

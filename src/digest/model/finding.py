"""What a check found: one sentence about one thing, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much a finding weighs."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about one thing, with what to do when it is not well."""

    level: Level
    subject: str
    words: str

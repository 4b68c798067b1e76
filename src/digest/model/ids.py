"""What numbers and names the values: one type each, so that none is taken for another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NewType

SourceId = NewType("SourceId", int)
ReaderId = NewType("ReaderId", int)
ArticleId = NewType("ArticleId", str)
"""SHA-256 (hex, 64 characters) of the article's URL, title and text: one id per version of an article."""
StoryId = NewType("StoryId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """What an edition is called and which local date it is for: unique, for ever."""

    name: str
    date: date

    def __str__(self) -> str:
        return f"{self.name}/{self.date.isoformat()}"

"""Numbers and names of values. Each has its own type, so that they cannot be confused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NewType

SourceId = NewType("SourceId", int)
ReaderId = NewType("ReaderId", int)
ArticleId = NewType("ArticleId", str)
"""SHA-256 (hex, 64 characters) of the article's URL, title and text: one id per version of an article."""
StoryId = NewType("StoryId", str)


MOST_A_DAY = 999
"""Highest number of editions with one name on one date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """An edition's name, its local date, and its number on that day; never used twice."""

    name: str
    date: date
    number: int = 1
    """An on-demand edition may have several numbers a day."""

    @classmethod
    def read(cls, name: str, day: str) -> EditionKey:
        """Return the key for a name and a day as the property ``day`` writes it, such as ``2026-11-23.2``.

        Raises ValueError when it is not valid.
        """
        iso, dot, number = day.partition(".")
        if dot and not (number.isdecimal() and number.isascii() and 1 < int(number) <= MOST_A_DAY):
            raise ValueError(f"no number of an edition: {number!r:.20}")
        return cls(name=name, date=date.fromisoformat(iso), number=int(number) if dot else 1)

    @property
    def day(self) -> str:
        """The date; from the second edition of a day on, with its number after a dot: ``2026-11-23.2``."""
        return self.date.isoformat() + (f".{self.number}" if self.number > 1 else "")

    def __str__(self) -> str:
        return f"{self.name}/{self.day}"

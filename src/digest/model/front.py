"""The place of an article on its source's front page, which shows how important its editors find it."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.checks import absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPlace:
    """An article on a front page."""

    url: str
    """Canonical URL."""
    place: int
    """Position among the article links of the main column, 0 first."""
    prominence: float
    """From 0 (hardly visible) to 1 (leads the page), by place, heading and size."""

    def __post_init__(self) -> None:
        absolute("FrontPlace.url", self.url)

"""The editor's decisions on one story, kept apart from the program's own results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.story import Bullet


class Block(Enum):
    """The part of the letter where the editor wants a story."""

    FREE = ""
    """The program decides."""
    FULL = "full"
    """Told with bullets, if the story has any and there is room."""
    LINE = "line"
    """One of the one-liners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWish:
    """The editor's decisions on a story's picture. Where a text is None, the picture keeps the text of its page."""

    shown: bool = True
    url: str = ""
    """URL of the chosen picture, one of those of the story's articles. Empty means the linked article's picture."""
    alt: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The editor's decisions on one story. Where a field is empty or None, the program decides."""

    block: Block = Block.FREE
    bullets: tuple[Bullet, ...] | None = None
    """Exactly these are printed, in this order."""
    linked: str = ""
    """Canonical URL of the article that the item links to and credits."""
    credit: str = ""
    """The name under the headline: the name of the linked article's source."""
    photo: PhotoWish | None = None
    own: bool = False
    """Whether the editor wrote the item. Then it has no article of a source."""

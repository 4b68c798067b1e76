"""The editor's decisions on one story, kept beside the program's own results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.story import Bullet


class Block(Enum):
    """The part of the letter where the editor wants a story."""

    FREE = ""
    """The program decides."""
    FULL = "full"
    """Told with bullets, if it has any and there is room."""
    LINE = "line"
    """One of the one-liners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWish:
    """The editor's decisions on a story's picture. None keeps a text as its page has it."""

    shown: bool = True
    url: str = ""
    """The chosen picture among those of its articles. Empty means that of the linked article."""
    alt: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The editor's decisions on one story. The program decides what is empty or None."""

    block: Block = Block.FREE
    bullets: tuple[Bullet, ...] | None = None
    """Exactly these are printed, in this order."""
    linked: str = ""
    """Canonical URL of the linked and credited article."""
    credit: str = ""
    """The name under the headline: the name of the linked article's source."""
    photo: PhotoWish | None = None
    own: bool = False
    """Whether the editor wrote it. Then it has no article of a source."""

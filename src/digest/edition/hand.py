"""What the editor decided of one story, beside what the program made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.story import Bullet


class Block(Enum):
    """Which part of the letter the editor wants a story in."""

    FREE = ""
    """The program decides."""
    FULL = "full"
    """Told with bullets, where it has any and there is room."""
    LINE = "line"
    """One of the one-liners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWish:
    """What the editor wants of a story's picture; None leaves a text as its page has it."""

    shown: bool = True
    url: str = ""
    """Which of the pictures of its articles; empty for that of the linked article."""
    alt: str | None = None
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The editor's decisions on one story; what is empty or None is left to the program."""

    block: Block = Block.FREE
    bullets: tuple[Bullet, ...] | None = None
    """Exactly these are printed, in this order."""
    linked: str = ""
    """Canonical URL of the article that is linked and credited."""
    credit: str = ""
    """The name under the headline, of that article's source."""
    photo: PhotoWish | None = None
    own: bool = False
    """The editor wrote it: no article of a source is behind it."""

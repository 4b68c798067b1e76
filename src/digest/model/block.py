"""A block of a letter, complete as it was made: showing it again needs no further data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digest.model.letter import Picture


class BlockPlace(Enum):
    """Where a block is in the letter."""

    LEAD = "lead"
    """After the lead story."""
    TOP = "top"
    """After the top stories."""
    END = "end"
    """Before the footer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block's content, stored with its edition, so that the letter, the archive and a rebuild show the same.

    ``html`` has only elements, classes and links that a letter may have. ``text`` has lines of any length.
    """

    kind: str
    place: BlockPlace
    html: str
    text: str
    picture: Picture | None = None
    """The picture in ``html``; None when it shows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostBlock:
    """A block that could not be made, and why, as text. The letter is sent without it."""

    kind: str
    why: str

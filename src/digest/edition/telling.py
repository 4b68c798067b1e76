"""A story ready for composing: its headline and bullets, as earlier steps made them."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.edition.hand import Block, Hand
from digest.edition.memory import Recollection
from digest.model.story import Bullet, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One story with its headline and its bullets, best first. The first of them will be printed.

    The bullets of an update come only from the recollection's new articles.
    """

    story: Story
    recollection: Recollection
    headline: str
    bullets: tuple[Bullet, ...] = ()
    minutes: int = 1
    """Reading time of the lead article, whole minutes, at least 1."""
    pinned: bool = False
    """The editor wants it in the letter, before unpinned stories."""
    credits: tuple[str, ...] = ()
    """Names to credit; the linked article's source comes first. Empty means the story's publishers."""
    since: bool = True
    """Whether an article on it appeared after the cut of the previous edition. True without a previous edition."""
    hand: Hand = field(default_factory=Hand)
    """The editor's decisions on it."""

    @property
    def by_hand(self) -> bool:
        """Whether the editor wants it in the letter. Then no rule of the program excludes it."""
        return self.pinned or self.hand.block is not Block.FREE

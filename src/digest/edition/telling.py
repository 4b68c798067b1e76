"""A story ready for composing: its headline and bullets as the earlier rooms made them."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.edition.hand import Block, Hand
from digest.edition.memory import Recollection
from digest.model.story import Bullet, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One story with its headline and its bullets, best first; a prefix of them will be printed.

    For an update the bullets come from the recollection's new articles alone.
    """

    story: Story
    recollection: Recollection
    headline: str
    bullets: tuple[Bullet, ...] = ()
    minutes: int = 1
    """Reading time of the lead article, whole minutes, at least 1."""
    pinned: bool = False
    """The editor wants it in the letter, before what is not pinned."""
    credits: tuple[str, ...] = ()
    """Names to credit, that of the linked article's source first; the story's publishers when empty."""
    since: bool = True
    """An article on it appeared after the cut of the edition that this one follows, if it follows one."""
    hand: Hand = field(default_factory=Hand)
    """What the editor decided of it."""

    @property
    def by_hand(self) -> bool:
        """Whether the editor wants it in the letter: then no rule of the program keeps it out."""
        return self.pinned or self.hand.block is not Block.FREE

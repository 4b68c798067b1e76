"""A story ready for an edition: with the headline and bullets that earlier steps made."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.edition.hand import Block, Hand
from digest.edition.memory import Recollection
from digest.model.story import Bullet, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story with its headline and its bullets, best first; the letter prints the first ones.

    The bullets of an update come only from the new articles of ``recollection``.
    """

    story: Story
    recollection: Recollection
    headline: str
    bullets: tuple[Bullet, ...] = ()
    minutes: int = 1
    """Reading time of the lead article, whole minutes, at least 1."""
    pinned: bool = False
    """Whether the editor put the story first, before stories that are not pinned."""
    credits: tuple[str, ...] = ()
    """Names to credit; the linked article's source comes first. Empty means the story's publishers."""
    since: bool = True
    """Whether an article on the story appeared after the cut of the previous edition. True if there is none."""
    hand: Hand = field(default_factory=Hand)
    """The editor's decisions on the story."""

    @property
    def by_hand(self) -> bool:
        """Whether the editor wants the story in the letter. Then no rule of the program excludes it."""
        return self.pinned or self.hand.block is not Block.FREE
